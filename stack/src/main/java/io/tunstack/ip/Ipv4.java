package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.Ipv4View;
import java.util.function.LongSupplier;

/**
 * The IP layer of one host on one link. The package's description has the picture.
 *
 * <p>Engine thread only. No packet makes it throw; a {@link io.tunstack.link.LinkException} of the
 * link passes through from every method that may send.
 */
public final class Ipv4 implements AutoCloseable {
  private static final int PROTOCOLS = 256;

  /** Who speaks to 127/8 from no address of its own choice. */
  private static final int LOOPBACK_SOURCE = 0x7f000001;

  private final Link link;
  private final Siblings siblings;
  private final Ipv4Config config;
  private final Counters counters;
  private final Ipv4Subnet[] subnets;
  private final Transport[] transports = new Transport[PROTOCOLS];
  private final OutboundPacket outbound = new OutboundPacket();
  private final Ipv4Datagram datagram = new Ipv4Datagram();
  private final Fragmenter fragmenter;
  private final Reassembler reassembler;
  private final Identifications identifications;
  private final Icmp icmp;
  private final InputFilter filter;
  private final Loopback loopback = new Loopback();

  /** Protocols whose transports take what is meant for other hosts. */
  private final boolean[] foreign = new boolean[PROTOCOLS];

  private final PathMtus paths = new PathMtus();
  private boolean closed;

  /**
   * Makes the layer. ICMP is there from the start; other transports {@link #register}.
   *
   * @param link where packets go; not closed by this object
   * @param config addresses and limits
   * @param counters the stack's
   * @param random seeds what outsiders must not guess; a secure source in earnest, a seeded one in
   *     a test. Asked in the constructor only
   */
  public Ipv4(Link link, Ipv4Config config, Counters counters, LongSupplier random) {
    this(link, config, counters, random, Siblings.NONE);
  }

  /**
   * Makes the layer of one of several engines.
   *
   * @param link where packets go; not closed by this object
   * @param config addresses and limits
   * @param counters the engine's
   * @param random seeds what outsiders must not guess; draws the same in all engines. Asked in the
   *     constructor only
   * @param siblings the other engines
   */
  public Ipv4(
      Link link, Ipv4Config config, Counters counters, LongSupplier random, Siblings siblings) {
    this.link = link;
    this.siblings = siblings;
    this.config = config;
    this.counters = counters;
    subnets = config.subnets().toArray(new Ipv4Subnet[0]);
    fragmenter = new Fragmenter(link, counters);
    reassembler = new Reassembler(config, counters);
    identifications = new Identifications(random, siblings.index(), siblings.count());
    filter = new InputFilter(this, counters);
    icmp = new Icmp(this, config, counters, random);
    transports[Icmp.PROTOCOL] = icmp;
  }

  /**
   * Registers a transport for its protocol number.
   *
   * @param transport receives from now on
   * @throws IllegalStateException if the number is taken; 1, ICMP, always is
   */
  public void register(Transport transport) {
    int protocol = transport.protocol();
    if (transports[protocol] != null) {
      throw new IllegalStateException("protocol " + protocol + " is registered already");
    }
    transports[protocol] = transport;
  }

  Transport transport(int protocol) {
    return transports[protocol];
  }

  /**
   * Takes a packet from the link, answers included. What fails a check of RFC 1122 §3.2.1 is
   * dropped in silence and counted. Bytes behind the total length are ignored.
   *
   * @param packet its readable bytes are the packet; borrowed, and neither changed nor kept
   * @param now the clock's nanoseconds
   */
  public void receive(ByteBuf packet, long now) {
    receive(packet, ReceivedChecksum.UNVERIFIED, 0, now);
  }

  /**
   * Takes a packet from a link that offloads; otherwise the same.
   *
   * @param packet its readable bytes are the packet; borrowed, and neither changed nor kept
   * @param checksum what the link knows of its transport checksum
   * @param segmentBytes bytes of text in each of its segments but the last; 0 if it is a single one
   * @param now the clock's nanoseconds
   */
  public void receive(ByteBuf packet, ReceivedChecksum checksum, int segmentBytes, long now) {
    DropReason drop = filter.check(packet);
    int offset = packet.readerIndex();
    if (drop != null) {
      counters.drop(drop);
    } else if (!Ipv4View.isFragment(packet, offset)) {
      datagram.setOffload(checksum, segmentBytes);
      deliver(packet, offset, now);
    } else if (isOthersFragment(packet, offset)) {
      handOverFragment(packet, offset);
    } else {
      reassemble(packet, offset, now);
    }
  }

  private void reassemble(ByteBuf packet, int offset, long now) {
    // First those whose time is over: a late fragment must not complete one of them.
    expire(now);
    if (reassembler.add(packet, offset, now)) {
      datagram.setOffload(ReceivedChecksum.UNVERIFIED, 0);
      deliver(reassembler.buffer(), 0, now);
    }
  }

  /**
   * Takes a packet that another engine of the stack has received, checked and handed over.
   *
   * @param packet its readable bytes are the packet; borrowed, and neither changed nor kept
   * @param checksum what the link knows of its transport checksum
   * @param segmentBytes bytes of text in each of its segments but the last; 0 if it is a single one
   * @param now the clock's nanoseconds
   */
  public void receiveHandedOver(
      ByteBuf packet, ReceivedChecksum checksum, int segmentBytes, long now) {
    int offset = packet.readerIndex();
    if (Ipv4View.isFragment(packet, offset)) {
      reassemble(packet, offset, now);
      return;
    }
    datagram.setOffload(checksum, segmentBytes);
    datagram.setHandedOver(true);
    deliver(packet, offset, now);
    datagram.setHandedOver(false);
  }

  /** Whether another engine is the one where the fragments of this datagram meet. */
  private boolean isOthersFragment(ByteBuf packet, int offset) {
    return siblings.count() > 1 && engineOfFragment(packet, offset) != siblings.index();
  }

  private int engineOfFragment(ByteBuf packet, int offset) {
    int mixed = Ipv4View.source(packet, offset) * 31 + Ipv4View.destination(packet, offset);
    mixed = mixed * 31 + Ipv4View.identification(packet, offset);
    return Math.floorMod(mixed ^ (mixed >>> 16), siblings.count());
  }

  private void handOverFragment(ByteBuf packet, int offset) {
    int engine = engineOfFragment(packet, offset);
    int length = Ipv4View.totalLength(packet, offset);
    if (!siblings.handOver(engine, packet, offset, length, ReceivedChecksum.UNVERIFIED, 0)) {
      counters.drop(DropReason.ENGINE_INBOX_FULL);
    }
  }

  /**
   * Takes a datagram to the engine that it should have come to.
   *
   * @param engine another than this
   * @param d the datagram, as a transport received it
   */
  public void handOver(int engine, Ipv4Datagram d) {
    int at = d.headerOffset();
    int length = d.payloadOffset() + d.payloadLength() - at;
    boolean taken =
        siblings.handOver(engine, d.buffer(), at, length, d.checksum(), d.segmentBytes());
    if (!taken) {
      counters.drop(DropReason.ENGINE_INBOX_FULL);
    }
  }

  /**
   * Returns the engines of this stack.
   *
   * @return {@link Siblings#NONE} if this engine is all of it
   */
  public Siblings siblings() {
    return siblings;
  }

  /** Whether a datagram for another host goes to a transport of ours. */
  boolean takesForeign(int protocol, int destination) {
    return foreign[protocol] && isUsableRemote(destination);
  }

  /**
   * Delivers, from now on, what comes for any host to the protocol's transport, and ICMP errors
   * about what that has sent in their names. Nothing is forwarded for that: the transport answers.
   *
   * @param protocol 0 to 255
   */
  public void takeForeign(int protocol) {
    foreign[protocol] = true;
    foreign[Icmp.PROTOCOL] = true;
  }

  /**
   * Delivers a packet that this host sent to itself, if one waits. Its header is our own, so it
   * needs none of the checks; above all its source may be one of our addresses, which from the link
   * would be an attack.
   *
   * @param now the clock's nanoseconds
   * @return whether there was one
   */
  public boolean receiveLooped(long now) {
    ByteBuf packet = loopback.poll();
    if (packet == null) {
      return false;
    }
    counters.increment(Counter.IP_IN_RECEIVES);
    datagram.setOffload(ReceivedChecksum.UNVERIFIED, 0);
    deliver(packet, 0, now);
    return true;
  }

  /**
   * Tells whether a packet from this host to itself waits.
   *
   * @return true if {@link #receiveLooped} has something to do
   */
  public boolean hasLooped() {
    return !loopback.isEmpty();
  }

  private void deliver(ByteBuf packet, int offset, long now) {
    view(packet, offset);
    Transport transport = transports[datagram.protocol()];
    if (transport == null) {
      counters.drop(DropReason.IP_UNKNOWN_PROTOCOL);
      icmp.sendProtocolUnreachable(datagram, now);
      return;
    }
    counters.increment(Counter.IP_IN_DELIVERS);
    transport.receive(datagram, now);
  }

  private void view(ByteBuf packet, int offset) {
    view(packet, offset, Ipv4View.totalLength(packet, offset));
  }

  private void view(ByteBuf packet, int offset, int length) {
    int headerLength = Ipv4View.headerLength(packet, offset);
    datagram.set(
        packet,
        offset,
        offset + headerLength,
        length - headerLength,
        Ipv4View.source(packet, offset),
        Ipv4View.destination(packet, offset),
        Ipv4View.protocol(packet, offset),
        Ipv4View.typeOfService(packet, offset),
        Ipv4View.timeToLive(packet, offset));
  }

  /**
   * Returns the one packet that everything is sent in, empty.
   *
   * @return the transport appends its header and ranges, then calls {@link #send}; valid until the
   *     next call
   */
  public OutboundPacket newPacket() {
    return outbound.reset();
  }

  /**
   * Writes the IPv4 header into the room in front and gives the packet to the link. What is larger
   * than the link's MTU is cut into fragments, or refused if it must not be cut. The buffers of the
   * ranges may be reused when this returns; the packet's ranges are still set.
   *
   * @param p from {@link #newPacket()}, with the transport's header and payload
   * @param source one of our addresses
   * @param destination in network order, as an int
   * @param protocol 0 to 255
   * @param typeOfService 0 to 255
   * @param dontFragment whether it must not be cut (RFC 1191); on a path that is narrower than what
   *     we would ever send it may be all the same
   * @return false if the packet was lost here: too big, or refused by the link; counted
   */
  public boolean send(
      OutboundPacket p,
      int source,
      int destination,
      int protocol,
      int typeOfService,
      boolean dontFragment) {
    int hops = config.timeToLive();
    return send(p, source, destination, protocol, typeOfService, hops, dontFragment);
  }

  /**
   * Sends as {@link #send(OutboundPacket, int, int, int, int, boolean)} does, with a time to live
   * of the caller's.
   *
   * @param p from {@link #newPacket()}, with the transport's header and payload
   * @param source one of our addresses
   * @param destination in network order, as an int
   * @param protocol 0 to 255
   * @param typeOfService 0 to 255
   * @param timeToLive 1 to 255
   * @param dontFragment whether it must not be cut
   * @return false if the packet was lost here
   */
  public boolean send(
      OutboundPacket p,
      int source,
      int destination,
      int protocol,
      int typeOfService,
      int timeToLive,
      boolean dontFragment) {
    counters.increment(Counter.IP_OUT_REQUESTS);
    int length = p.length();
    counters.add(Counter.IP_OUT_OCTETS, length);
    boolean atomic = dontFragment && !paths.mayBeCut(destination);
    boolean toSelf = isLocal(destination);
    if (!toSelf && AddressRanges.isLoopback(source)) {
      counters.drop(DropReason.LOOPBACK_ON_LINK);
      return false;
    }
    boolean fits = toSelf || length <= link.mtu() || p.segmentBytes() > 0;
    if (!fits && (atomic || length > Ipv4View.MAX_TOTAL_LENGTH)) {
      counters.drop(DropReason.PACKET_TOO_BIG);
      return false;
    }
    Ipv4View.write(
        p.header(),
        p.header().readerIndex(),
        typeOfService,
        length,
        atomic ? 0 : identifications.next(source, destination, protocol),
        atomic ? Ipv4View.DONT_FRAGMENT : 0,
        timeToLive,
        protocol,
        source,
        destination);
    if (!fits) {
      return fragmenter.send(p);
    }
    if (!(toSelf ? loopback.offer(p) : link.send(p))) {
      counters.drop(DropReason.LINK_REFUSED);
      return false;
    }
    return true;
  }

  /**
   * Returns the time to live of what transports send without one of their own.
   *
   * @return 1 to 255
   */
  public int defaultTimeToLive() {
    return config.timeToLive();
  }

  /**
   * Returns the link's MTU.
   *
   * @return bytes, IPv4 header included
   */
  public int mtu() {
    return link.mtu();
  }

  /**
   * Tells whether checksums and cutting may be left to the link on the way to an address ({@link
   * OutboundPacket#leaveToLink}).
   *
   * @param destination in network order, as an int
   * @return false if the link does not offload, and for addresses of our own
   */
  public boolean offloadsTo(int destination) {
    return link.offloads() && !isLocal(destination);
  }

  /**
   * Returns how large a packet to a destination may be without being cut (RFC 1191): the link's
   * MTU, or less where a router has said so in the last ten minutes.
   *
   * @param destination in network order, as an int
   * @param now the clock's nanoseconds
   * @return bytes, IPv4 header included
   */
  public int pathMtu(int destination, long now) {
    return paths.get(destination, link.mtu(), now);
  }

  /**
   * Believes a router that a packet was too big for its next link. It is the transport that knows
   * whether it sent the quoted packet: nobody else may call this.
   *
   * @param error "fragmentation needed", about a packet that was sent
   * @param now the clock's nanoseconds
   * @return whether {@link #pathMtu} to the quoted destination is smaller now
   */
  public boolean reducePathMtu(IcmpError error, long now) {
    boolean reduced =
        paths.reduce(
            error.quotedDestination(),
            error.nextHopMtu(),
            error.quotedTotalLength(),
            link.mtu(),
            now);
    if (reduced) {
      counters.increment(Counter.IP_PATH_MTU_REDUCED);
    }
    return reduced;
  }

  /**
   * Tells whether an address is one of this host's: those it was given, and 127/8.
   *
   * @param address in network order, as an int
   * @return true if so; false for broadcasts
   */
  public boolean isLocal(int address) {
    for (Ipv4Subnet subnet : subnets) {
      if (subnet.address().bits() == address) {
        return true;
      }
    }
    return AddressRanges.isLoopback(address);
  }

  /**
   * Tells whether an address means this host wherever it is used.
   *
   * @param address in network order, as an int
   * @return true for 127/8
   */
  public boolean isLoopback(int address) {
    return AddressRanges.isLoopback(address);
  }

  /**
   * Tells whether an address can be another host's: one to answer or to connect to.
   *
   * @param address in network order, as an int
   * @return false for 0/8, loopback, multicast, class E, broadcasts of our networks, and our own
   *     addresses; those loop back ({@link #isLocal})
   */
  public boolean isUsableRemote(int address) {
    return AddressRanges.isUnicast(address) && !isSubnetBroadcast(address) && !isLocal(address);
  }

  boolean isSubnetBroadcast(int address) {
    for (Ipv4Subnet subnet : subnets) {
      if (subnet.isBroadcast(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Chooses the address to send from (RFC 1122 §3.3.4.3).
   *
   * @param destination in network order, as an int
   * @return our address in the destination's network, or else our first; 127.0.0.1 for loopback
   */
  public int sourceFor(int destination) {
    if (AddressRanges.isLoopback(destination)) {
      return LOOPBACK_SOURCE;
    }
    for (Ipv4Subnet subnet : subnets) {
      if (subnet.contains(destination)) {
        return subnet.address().bits();
      }
    }
    return config.primaryAddress().bits();
  }

  /**
   * Answers a datagram with "destination unreachable", unless RFC 1122 §3.2.2 forbids it or the
   * rate limit keeps it back.
   *
   * @param d the datagram, as a transport received it
   * @param code such as {@link io.tunstack.wire.IcmpView#PORT_UNREACHABLE}
   * @param now the clock's nanoseconds
   */
  public void sendUnreachable(Ipv4Datagram d, int code, long now) {
    icmp.sendUnreachable(d, code, now);
  }

  /**
   * Answers a datagram that somebody has kept, as {@link #sendUnreachable(Ipv4Datagram, int, long)}
   * does.
   *
   * @param packet the packet from its header on, checked when it came; may be cut behind the
   *     transport's header
   * @param code such as {@link io.tunstack.wire.IcmpView#PORT_UNREACHABLE}
   * @param now the clock's nanoseconds
   */
  public void sendUnreachable(ByteBuf packet, int code, long now) {
    icmp.sendUnreachable(view(packet), code, now);
  }

  /**
   * Looks at a packet that somebody has kept.
   *
   * @param packet the packet from its header on, checked when it came; may be cut
   * @return what is there of it; valid until the next packet is received
   */
  public Ipv4Datagram view(ByteBuf packet) {
    int offset = packet.readerIndex();
    view(packet, offset, Math.min(Ipv4View.totalLength(packet, offset), packet.readableBytes()));
    return datagram;
  }

  /**
   * Tells when {@link #expire} has something to do.
   *
   * @return an instant of the clock, or {@link Link#NEVER}
   */
  public long nextDeadline() {
    return reassembler.nextDeadline();
  }

  /**
   * Gives up datagrams whose fragments did not come in time, and tells their senders where the
   * first fragment is there to be quoted (RFC 792, RFC 1122 §3.3.2).
   *
   * @param now the clock's nanoseconds
   */
  public void expire(long now) {
    while (reassembler.nextDeadline() <= now) {
      if (reassembler.expireOldest()) {
        view(reassembler.buffer(), 0);
        icmp.sendReassemblyTimeout(datagram, now);
      }
    }
  }

  /**
   * Returns the memory that incomplete datagrams take.
   *
   * @return bytes, bookkeeping included; 0 when none is incomplete
   */
  public int fragmentBytesHeld() {
    return reassembler.bytesHeld();
  }

  /**
   * Returns how many datagrams are incomplete.
   *
   * @return datagrams, those included that were given up for an overlap and are still remembered
   */
  public int fragmentedDatagramsHeld() {
    return reassembler.datagramsHeld();
  }

  /**
   * Lets go of every incomplete datagram and of the memory for sending; nothing may be received or
   * sent any more. The link stays open; a second call does nothing.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      reassembler.close();
      fragmenter.close();
      loopback.clear();
      outbound.close();
    }
  }
}
