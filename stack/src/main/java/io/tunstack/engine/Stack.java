package io.tunstack.engine;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.ip.Siblings;
import io.tunstack.link.Link;
import io.tunstack.memory.SlabPool;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.Tcp;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.Clock;
import io.tunstack.time.TimerWheel;
import io.tunstack.udp.Udp;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * A host: one link, one clock, IPv4 with ICMP, UDP and TCP.
 *
 * <p>The caller drives it. {@link #receive} processes one packet completely, answers included.
 * {@link #poll} does everything there is to do: it reads the link dry, fires timers, sends. Nothing
 * moves but in these two, and time is what the clock says. One thread owns a stack; {@link
 * StackThread} can be that thread.
 */
public final class Stack implements AutoCloseable {
  /**
   * Packets read from the link before anything else gets its turn. Enough that one acknowledgment
   * serves many segments, few enough that timers and callbacks stay prompt.
   */
  static final int BATCH_PACKETS = 128;

  /**
   * Bytes read likewise, where the link delivers many segments as one: a peer that waits for room
   * in the window should not have to wait for all of it.
   */
  private static final int BATCH_BYTES = 1 << 20;

  /**
   * Full batches in a row after which timers fire although input waits: under a flood that never
   * ends time must still pass.
   */
  private static final int MAX_BATCHES_WITHOUT_TIMERS = 64;

  /**
   * Segments of data sent before the link is read again: half of what is read, because a peer
   * acknowledges every second segment or every one. So acknowledgments never pile up in the
   * device's queue, however much may be in flight.
   */
  private static final int BATCH_SEGMENTS = BATCH_PACKETS / 2;

  /** The largest packet there is; a link that needs more room to receive says so. */
  private static final int MAX_PACKET = 65_535;

  private final Link link;
  private final Clock clock;
  private final Counters counters = new Counters();
  private final TimerWheel wheel = new TimerWheel();
  private final SlabPool slabs;
  private final Ipv4 ipv4;
  private final Tcp tcp;
  private final Udp udp;
  private final Burst burst;
  private final Inbox inbox;
  private long packetsReceived;
  private int batchesWithoutTimers;
  private boolean closed;

  private Stack(Builder builder) {
    this.link = builder.link;
    this.clock = builder.clock;
    this.burst = new Burst(link, Math.max(MAX_PACKET, link.receiveBytes()));
    this.slabs = new SlabPool(builder.tcp.maxBufferBytes());
    this.inbox = builder.group.inbox(builder.index);
    LongSupplier secrets =
        builder.group.size() == 1 ? builder.random : builder.group.secrets(builder.random);
    Siblings siblings =
        builder.group.size() == 1 ? Siblings.NONE : builder.group.siblings(builder.index);
    this.ipv4 = new Ipv4(link, builder.ip, counters, secrets, siblings);
    this.tcp =
        new Tcp(ipv4, wheel, slabs, builder.tcp, counters, secrets, builder.random, clock::nanos);
    ipv4.register(tcp);
    this.udp = new Udp(ipv4, counters, secrets, clock::nanos);
    ipv4.register(udp);
  }

  /**
   * Starts to describe a stack.
   *
   * @param link what it sends to and reads from; closed with the stack
   * @param clock what it takes for the time
   * @return a builder
   */
  public static Builder builder(Link link, Clock clock) {
    return new Builder(link, clock);
  }

  /**
   * Processes one packet, as if the link had delivered it, to the end: callbacks have run and
   * answers have been given to the link when this returns.
   *
   * @param packet from the reader index to the writer index; borrowed, not modified
   */
  public void receive(ByteBuf packet) {
    requireOpen();
    ipv4.receive(packet, clock.nanos());
    while (!finishBatch()) {
      // Everything that this packet allows leaves before the caller goes on.
    }
  }

  /**
   * Does all there is to do now: reads the link, calls applications, fires timers, sends.
   *
   * @param now the clock's nanoseconds
   * @return when to call again if no packet comes before; {@link Link#NEVER} if only a packet or a
   *     command can make a difference; an instant not after {@code now} if there is more to do
   */
  public long poll(long now) {
    requireOpen();
    counters.increment(Counter.TURNS);
    boolean dry = readBatch();
    boolean done = finishBatch();
    if (dry || ++batchesWithoutTimers >= MAX_BATCHES_WITHOUT_TIMERS) {
      batchesWithoutTimers = 0;
      wheel.expire(now);
      ipv4.expire(now);
      done = finishBatch();
    }
    if (!dry || !done || !inbox.isEmpty()) {
      return now;
    }
    return Math.min(wheel.nextDeadline(), Math.min(ipv4.nextDeadline(), link.nextDeadline()));
  }

  /** Reads up to a batch; answers whether the link has nothing more. */
  private boolean readBatch() {
    // What a turn that failed has left.
    processBurst();
    receiveHandedOver();
    int packets = 0;
    int bytes = 0;
    while (packets < BATCH_PACKETS && bytes < BATCH_BYTES) {
      burst.read(BATCH_PACKETS - packets);
      packets += burst.count();
      bytes += burst.bytes();
      packetsReceived += burst.count();
      processBurst();
      if (burst.isDry()) {
        return true;
      }
    }
    return false;
  }

  private void processBurst() {
    if (!burst.isEmpty()) {
      // The time of the burst, not of the turn: a peer that answers within the turn would otherwise
      // seem to need no time at all.
      long now = clock.nanos();
      do {
        int i = burst.take();
        ipv4.receive(burst.packet(i), burst.checksum(i), burst.segmentBytes(i), now);
      } while (!burst.isEmpty());
    }
  }

  private void receiveHandedOver() {
    for (int i = 0; i < BATCH_PACKETS && !inbox.isEmpty(); i++) {
      Inbox.Packet packet = inbox.poll();
      packetsReceived++;
      ByteBuf input = burst.spare().writeBytes(packet.bytes);
      ipv4.receiveHandedOver(input, packet.checksum, packet.segmentBytes, clock.nanos());
    }
  }

  /** Says who is to be woken when another engine hands a packet over; any thread may call it. */
  void onHandOver(Runnable alarm) {
    inbox.onArrival(alarm);
  }

  /** Counts what came from the link and from other engines. */
  long packetsReceived() {
    return packetsReceived;
  }

  /** Tells whether packets wait that another engine has handed over. */
  boolean hasHandedOver() {
    return !inbox.isEmpty();
  }

  /** What we sent to ourselves, callbacks, output; answers whether nothing of these is left. */
  private boolean finishBatch() {
    for (int i = 0; i < BATCH_PACKETS && ipv4.receiveLooped(clock.nanos()); i++) {
      // A connection to an address of our own: both its ends are here.
    }
    tcp.runCallbacks();
    udp.runCallbacks();
    boolean allSent = flushOutput();
    return allSent && !tcp.hasReady() && !udp.hasReady() && !ipv4.hasLooped();
  }

  /** Nothing that a segment points to changes before all of them have left. */
  private boolean flushOutput() {
    link.batch();
    try {
      return tcp.flushOutput(clock.nanos(), BATCH_SEGMENTS);
    } finally {
      for (int refused = link.flush(); refused > 0; refused--) {
        counters.drop(DropReason.LINK_REFUSED);
      }
    }
  }

  /**
   * Returns the clock.
   *
   * @return as given to the builder
   */
  public Clock clock() {
    return clock;
  }

  /**
   * Returns the counters; engine thread only.
   *
   * @return live
   */
  public Counters counters() {
    return counters;
  }

  /**
   * Returns TCP; engine thread only.
   *
   * @return this stack's
   */
  public Tcp tcp() {
    return tcp;
  }

  /**
   * Returns UDP; engine thread only.
   *
   * @return this stack's
   */
  public Udp udp() {
    return udp;
  }

  /**
   * Returns IPv4; engine thread only.
   *
   * @return this stack's
   */
  public Ipv4 ipv4() {
    return ipv4;
  }

  /**
   * Returns the wheel that the stack's timers are on; engine thread only.
   *
   * @return this stack's
   */
  public TimerWheel wheel() {
    return wheel;
  }

  /**
   * Returns the link.
   *
   * @return as given to the builder
   */
  public Link link() {
    return link;
  }

  /**
   * Tells how many slabs hold bytes that wait.
   *
   * @return slabs; 0 when nothing waits anywhere
   */
  public int slabsInUse() {
    return slabs.inUse();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this stack is closed; build another");
    }
  }

  /** Resets every connection, gives every buffer back and closes the link. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    tcp.close();
    udp.close();
    closed = true;
    ipv4.close();
    slabs.close();
    burst.close();
    link.close();
  }

  /** Describes a stack; every setting but link, clock and address has a default. */
  public static final class Builder {
    private final Link link;
    private final Clock clock;
    private Ipv4Config ip;
    private TcpConfig tcp = TcpConfig.DEFAULT;
    private LongSupplier random = new SecureRandom()::nextLong;
    private EngineGroup group = EngineGroup.of(1);
    private int index;

    private Builder(Link link, Clock clock) {
      this.link = link;
      this.clock = clock;
    }

    /**
     * Sets the address.
     *
     * @param addressAndPrefix such as {@code 10.77.0.2/24}
     * @return this builder
     * @throws IllegalArgumentException if it is not an address and a prefix length
     */
    public Builder address(String addressAndPrefix) {
      ip = Ipv4Config.of(addressAndPrefix);
      return this;
    }

    /**
     * Sets all of IPv4.
     *
     * @param config addresses and limits
     * @return this builder
     */
    public Builder ip(Ipv4Config config) {
      ip = config;
      return this;
    }

    /**
     * Sets TCP's knobs.
     *
     * @param config the knobs
     * @return this builder
     */
    public Builder tcp(TcpConfig config) {
      tcp = config;
      return this;
    }

    /**
     * Sets where secrets come from. The default is {@link SecureRandom}; tests and simulations give
     * a seeded generator, and then a stack does the same thing every time.
     *
     * @param source 64 random bits a call
     * @return this builder
     */
    public Builder random(LongSupplier source) {
      random = source;
      return this;
    }

    /**
     * Makes this one of several engines that are one host together. All of them need the same
     * addresses, settings and clock.
     *
     * @param ofGroup the group
     * @param itsIndex which of its engines this is, from 0; each only once
     * @return this builder
     * @throws IllegalArgumentException if the group has no such engine
     */
    public Builder member(EngineGroup ofGroup, int itsIndex) {
      if (itsIndex < 0 || itsIndex >= ofGroup.size()) {
        throw new IllegalArgumentException(
            "the group has engines 0 to " + (ofGroup.size() - 1) + "; got " + itsIndex);
      }
      group = ofGroup;
      index = itsIndex;
      return this;
    }

    /**
     * Builds the stack.
     *
     * @return ready to be driven
     * @throws IllegalStateException if no address was given
     */
    public Stack build() {
      if (ip == null) {
        throw new IllegalStateException(
            "a stack needs an address; call address(\"10.77.0.2/24\") or ip(config)");
      }
      return new Stack(this);
    }
  }
}
