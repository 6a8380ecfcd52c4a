package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.engine.Stack;
import io.tunstack.link.Link;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.Tcp;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.TcpView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Two stacks between which every packet waits for a decision. Each {@link Step} that is possible
 * can be taken; what must hold at all times is checked after each, what must hold in the end by
 * {@link #finish}.
 */
final class StackPair implements AutoCloseable {
  /** Where the server listens; what the client connects to in any case. */
  private static final int SERVER_PORT = 80;

  /** What the server connects to, if both open actively. */
  private static final int CLIENT_PORT = 81;

  private static final int MTU = 576;

  /** Two full segments and a piece. */
  private static final int SEND_BYTES = 1400;

  private static final int SEND_BUFFER = 4096;

  /** What the client sends overfills it. */
  private static final int SERVER_BUFFER = 1280;

  /** What the server sends fills it exactly, so that its FIN is alone behind a closed window. */
  private static final int CLIENT_BUFFER = SEND_BYTES;

  /** A full segment, with timestamps, is less than half the buffer. */
  private static final int LEAST_UPDATE = MTU - 52;

  private static final long ISN_TICK_NANOS = 4_000;

  /** A tick for each number that a connection may use. */
  private static final long AFTER_AN_END_NANOS = (SEND_BYTES + 2) * ISN_TICK_NANOS;

  /** So that the first full segment crosses 2³¹ (client) or 2³² (server). */
  private static final int BELOW_WRAP = 300;

  /** Deliveries without time passing that are a loop. */
  private static final int TOO_MANY = 10_000;

  /** No retransmission is due, nor a window probe; a delayed acknowledgment is. */
  private static final long PROMPT_NANOS = TcpConfig.DEFAULT.minRto().toNanos() - 1;

  private static final long BOUND_NANOS =
      TcpConfig.DEFAULT.userTimeout().plus(TcpConfig.DEFAULT.msl().multipliedBy(2)).toNanos();

  private static final long PATIENCE_NANOS =
      TcpConfig.DEFAULT
          .maxRto()
          .plus(TcpConfig.DEFAULT.msl().multipliedBy(2))
          .plusSeconds(5)
          .toNanos();

  private final Bounds bounds;
  private final VirtualClock clock = new VirtualClock();
  private final Map<Side, Host> hosts = new EnumMap<>(Side.class);
  private final WireChecks wire;
  private int drops;
  private int duplicates;
  private int swaps;
  private int ticks;

  /** How often a connection has ended. */
  private int endsSeen;

  /**
   * Two acknowledgments that differ in nothing but their windows have changed places. The last that
   * comes is believed (RFC 9293 §3.10.7.4), and a window closed by that is opened by a probe.
   */
  private boolean windowsSwapped;

  /** Somebody closed, aborted or was refused, so an end without all bytes is no failure. */
  private boolean mayReset;

  /** One of the two. */
  private final class Host {
    final Side side;
    final long ahead;
    final HeldLink link;
    final Stack stack;
    final StreamApp app;
    final StateChecks states;
    boolean open;
    int localPort;
    int calls;

    Host(Side side, long ahead) {
      this.side = side;
      this.ahead = ahead;
      link = new HeldLink(MTU, packet -> wire.sent(side, Unpooled.wrappedBuffer(packet)));
      stack =
          Stack.builder(link, () -> clock.nanos() + ahead)
              .address(address(side) + "/24")
              .tcp(
                  TcpConfig.DEFAULT
                      .withBuffers(SEND_BUFFER, side == Side.CLIENT ? CLIENT_BUFFER : SERVER_BUFFER)
                      .withExtensions(bounds.timestamps(), true, true)
                      .toBuilder()
                      .quickAcks(bounds.timestamps() ? TcpConfig.DEFAULT.quickAcks() : 0)
                      .build())
              .random(new SplittableRandom(side.byteAt(0))::nextLong)
              .build();
      app = new StreamApp(side);
      app.pauseReading();
      states = new StateChecks(side);
      stack.tcp().observe(states);
    }

    long poll() {
      long next = stack.poll(clock.nanos() + ahead);
      while (next <= clock.nanos() + ahead) {
        next = stack.poll(clock.nanos() + ahead);
      }
      return next == Link.NEVER ? Link.NEVER : next - ahead;
    }
  }

  StackPair(Bounds bounds, Aheads aheads) {
    this.bounds = bounds;
    Map<Side, StateChecks> states = new EnumMap<>(Side.class);
    wire = new WireChecks(MTU, LEAST_UPDATE, states);
    hosts.put(Side.CLIENT, new Host(Side.CLIENT, aheads.client));
    hosts.put(Side.SERVER, new Host(Side.SERVER, aheads.server));
    hosts.forEach((side, host) -> states.put(side, host.states));
  }

  /**
   * How far each clock is ahead, nanoseconds.
   *
   * @param client the client's
   * @param server the server's
   */
  record Aheads(long client, long server) {
    /** Such that the initial sequence numbers lie a little below 2³¹ and 2³². */
    static Aheads find(Bounds bounds) {
      try (StackPair rehearsal = new StackPair(bounds, new Aheads(0, 0))) {
        rehearsal.apply(new Step(Step.Action.OPEN, Side.SERVER));
        rehearsal.apply(new Step(Step.Action.OPEN, Side.CLIENT));
        rehearsal.apply(new Step(Step.Action.DELIVER, Side.CLIENT));
        return new Aheads(
            ticks(Integer.MIN_VALUE - BELOW_WRAP - rehearsal.wire.iss(Side.CLIENT)),
            ticks(-BELOW_WRAP - rehearsal.wire.iss(Side.SERVER)));
      }
    }

    private static long ticks(int difference) {
      return Integer.toUnsignedLong(difference) * ISN_TICK_NANOS;
    }
  }

  private static String address(Side side) {
    return side == Side.CLIENT ? "10.0.0.1" : "10.0.0.2";
  }

  private Host host(Side side) {
    return hosts.get(side);
  }

  TcpState state(Side side) {
    return host(side).states.state();
  }

  boolean zeroWindow() {
    return wire.zeroWindow;
  }

  boolean wrapped() {
    return wire.wrapped();
  }

  // ---- steps -------------------------------------------------------------------------------

  /** Whether a step would make a difference and is within the bounds. */
  boolean isPossible(Step step) {
    Host host = host(step.side());
    List<byte[]> held = host.link.held;
    return switch (step.action()) {
      case OPEN -> !host.open;
      case SEND -> mayCall(host) && !host.app.outputClosed;
      case RECEIVE -> mayCall(host) && host.app.canRead();
      case SHUT_DOWN -> mayCall(host) && !host.app.outputClosed;
      case CLOSE -> mayCall(host) && !host.app.gaveUp;
      case ABORT -> mayCall(host);
      case DELIVER -> !held.isEmpty();
      case DROP -> !held.isEmpty() && drops < bounds.drops();
      case DUPLICATE -> !held.isEmpty() && duplicates < bounds.duplicates();
      case SWAP -> held.size() > 1 && swaps < bounds.swaps();
      case TICK -> ticks < bounds.ticks() && nextDeadline() != Link.NEVER;
    };
  }

  private boolean mayCall(Host host) {
    return host.calls < bounds.calls() && host.app.isAttached() && host.app.closed == null;
  }

  void apply(Step step) {
    Host host = host(step.side());
    List<byte[]> held = host.link.held;
    switch (step.action()) {
      case OPEN -> open(host);
      case SEND -> host.app.write(SEND_BYTES);
      case RECEIVE -> host.app.read(Integer.MAX_VALUE);
      case SHUT_DOWN -> host.app.shutdown();
      case CLOSE -> {
        mayReset = true;
        host.app.close();
      }
      case ABORT -> {
        mayReset = true;
        host.app.abort();
      }
      case DELIVER -> deliver(host);
      case DROP -> {
        drops++;
        wire.lost();
        held.remove(0);
      }
      case DUPLICATE -> {
        duplicates++;
        held.add(held.get(0));
      }
      case SWAP -> {
        swaps++;
        windowsSwapped |= haveSameNumbers(held.get(0), held.get(1));
        held.add(1, held.remove(0));
      }
      case TICK -> {
        ticks++;
        tick();
      }
    }
    switch (step.action()) {
      case SEND, RECEIVE, SHUT_DOWN, CLOSE, ABORT -> host.calls++;
      default -> {
        // Only calls of the user are counted here.
      }
    }
    settle();
  }

  private static boolean haveSameNumbers(byte[] packet, byte[] other) {
    int numbers = TcpView.MIN_HEADER + Integer.BYTES;
    return Arrays.equals(
        packet, numbers, numbers + Long.BYTES, other, numbers, numbers + Long.BYTES);
  }

  private void open(Host host) {
    host.open = true;
    if (host.side == Side.SERVER && !bounds.simultaneous()) {
      Sockets.on(host.stack).listen(SERVER_PORT, this::accept);
      return;
    }
    // Whose SYN comes too early is refused.
    mayReset |= !host(host.side.other()).open;
    int port = host.side == Side.CLIENT ? SERVER_PORT : CLIENT_PORT;
    TcpSocket socket =
        Sockets.on(host.stack).connect(socketAddress(host.side.other(), port), host.app);
    host.localPort = socket.localAddress().getPort();
    host.app.attach(socket);
  }

  private TcpHandler accept(TcpSocket socket) {
    StreamApp server = host(Side.SERVER).app;
    if (server.isAttached()) {
      // A second connection, born of an old SYN, is nothing that this run is about.
      return connection -> {};
    }
    server.attach(socket);
    return server;
  }

  private static InetSocketAddress socketAddress(Side side, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(address(side)), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address needs no name server", e);
    }
  }

  private void deliver(Host from) {
    byte[] packet = from.link.held.remove(0);
    wire.delivered(from.side, Unpooled.wrappedBuffer(packet));
    host(from.side.other()).stack.receive(translated(from, packet));
  }

  /**
   * Two active opens meet only if each names the port that the other opens from. Stacks choose
   * those themselves, so the network translates: each believes that the other opened from the port
   * that it connects to.
   */
  private ByteBuf translated(Host from, byte[] packet) {
    Host to = host(from.side.other());
    ByteBuf buf = Unpooled.wrappedBuffer(packet.clone());
    int at = TcpView.MIN_HEADER;
    int connectsTo = from.side == Side.CLIENT ? SERVER_PORT : CLIENT_PORT;
    if (!bounds.simultaneous()
        || to.localPort == 0
        || TcpView.sourcePort(buf, at) != from.localPort
        || TcpView.destinationPort(buf, at) != connectsTo) {
      return buf;
    }
    buf.setShort(at, from.side == Side.CLIENT ? CLIENT_PORT : SERVER_PORT);
    buf.setShort(at + 2, to.localPort);
    TcpView.setChecksum(buf, at, 0);
    int length = packet.length - at;
    long sum =
        Checksum.pseudoHeader(buf.getInt(at - 8), buf.getInt(at - 4), TcpView.PROTOCOL, length);
    sum = Checksum.combine(sum, Checksum.sum(buf, at, length), false);
    TcpView.setChecksum(buf, at, Checksum.finish(sum));
    return buf;
  }

  private long nextDeadline() {
    return Math.min(host(Side.CLIENT).poll(), host(Side.SERVER).poll());
  }

  /** Time jumps to the next deadline; an instant before it, nothing happens. */
  private void tick() {
    long next = nextDeadline();
    long packets = wire.packets;
    if (next - 1 > clock.nanos()) {
      clock.advanceTo(next - 1);
      nextDeadline();
      assertEquals(packets, wire.packets, "a packet left before the deadline");
    }
    clock.advanceTo(Math.max(next, clock.nanos()));
  }

  private void settle() {
    for (Side side : Side.values()) {
      Host host = host(side);
      host.poll();
      Tcp tcp = host.stack.tcp();
      List<TcpInfo> connections = tcp.connections();
      assertTrue(connections.size() <= 1, "more than one connection");
      if (tcp.connectionCount() == 0) {
        int timers = tcp.timeWaitCount() > 0 ? 1 : 0;
        assertEquals(timers, host.stack.wheel().armed(), "timers armed without a connection");
      }
      assertEquals(0, host.stack.counters().get(Counter.TCP_ABORT_ON_CALLBACK), "a handler threw");
    }
    noteEnds();
  }

  /**
   * Or else a second connection, born of an old SYN, would have numbers that the first has used.
   */
  private void noteEnds() {
    int ends = 0;
    for (Host host : hosts.values()) {
      List<TcpInfo> connections = host.stack.tcp().connections();
      host.states.between(connections.isEmpty() ? TcpState.CLOSED : connections.get(0).state());
      ends += host.states.ends();
    }
    if (ends > endsSeen) {
      endsSeen = ends;
      clock.advance(AFTER_AN_END_NANOS);
    }
  }

  // ---- what has come of it -----------------------------------------------------------------

  /** Tells whether everything that could matter from here on is as in another pair. */
  long digest() {
    StateDigest digest = new StateDigest();
    digest.add(clock.nanos()).add(drops).add(duplicates).add(swaps).add(ticks);
    for (Side side : Side.values()) {
      Host host = host(side);
      digest.add(host.open ? 1 : 0).add(host.calls);
      digest.add(host.stack.tcp());
      host.app.addTo(digest);
      for (byte[] packet : host.link.held) {
        addSegment(digest, packet);
      }
      digest.add(-1);
    }
    return digest.add(mayReset ? 1 : 0).add(windowsSwapped ? 1 : 0).sum();
  }

  /** The header without the checksum, which the identification of the datagram has no part in. */
  private static void addSegment(StateDigest digest, byte[] packet) {
    ByteBuf buf = Unpooled.wrappedBuffer(packet);
    int at = TcpView.MIN_HEADER;
    digest.add(packet.length).add(buf.getLong(at)).add(buf.getLong(at + 8));
    int options = at + TcpView.headerLength(buf, at);
    for (int i = at + TcpView.MIN_HEADER; i < options; i += Integer.BYTES) {
      digest.add(buf.getInt(i));
    }
  }

  /**
   * Nothing is lost any more and both sides read on: everything arrives. Then both close, and
   * everything ends. If nothing was lost before, neither waits for a time-out.
   */
  void finish() {
    long start = clock.nanos();
    hosts.values().forEach(host -> host.app.resumeReading());
    runUntil(start + PROMPT_NANOS, false);
    boolean prompt = drops == 0 && !windowsSwapped;
    if (prompt) {
      expectDelivered("without a time-out");
    }
    runUntil(start + PATIENCE_NANOS, false);
    expectDelivered("in time");
    long closing = clock.nanos();
    runUntil(closing + PROMPT_NANOS, true);
    if (prompt && !mayReset) {
      hosts.values().stream()
          .filter(host -> host.app.isAttached())
          .forEach(host -> assertTrue(host.app.endSeen, () -> "an end too late: " + this));
    }
    runUntil(closing + PATIENCE_NANOS, true);
    if (mayReset) {
      // Whoever only reads does not notice that the peer's RST was lost.
      hosts.values().forEach(host -> host.app.close());
    }
    long next = runUntil(closing + BOUND_NANOS, true);
    assertEquals(Link.NEVER, next, () -> "not over within its time: " + this);
    for (Host host : hosts.values()) {
      assertEquals(List.of(), host.stack.tcp().connections(), () -> "left over: " + this);
      assertEquals(0, host.stack.wheel().armed(), () -> "timers left: " + this);
      assertEquals(0, host.stack.slabsInUse(), () -> "slabs left: " + this);
      expectRightEnd(host.app, host(host.side.other()).app);
    }
  }

  /** What one side has written the other has read, unless somebody broke off. */
  private void expectDelivered(String when) {
    for (Side side : Side.values()) {
      StreamApp reader = host(side).app;
      StreamApp writer = host(side.other()).app;
      assertTrue(
          mayReset || (reader.received == writer.accepted && !writer.hasPending()),
          () -> "not delivered " + when + ": " + this);
    }
  }

  /** Lets everything happen that is due by then; if told to, both sides shut down first. */
  private long runUntil(long limit, boolean shutDown) {
    if (shutDown) {
      hosts.values().forEach(host -> shutDown(host.app));
    }
    long next = settleAll(shutDown);
    while (next <= limit) {
      tick();
      next = settleAll(shutDown);
    }
    clock.advanceTo(Math.max(clock.nanos(), limit));
    return next;
  }

  private static boolean shutDown(StreamApp app) {
    if (app.outputClosed || !app.isAttached() || app.closed != null) {
      return false;
    }
    app.shutdown();
    return true;
  }

  private long settleAll(boolean shutDown) {
    for (int turns = 0; turns < TOO_MANY; turns++) {
      settle();
      boolean moved = false;
      for (Host host : hosts.values()) {
        moved |= shutDown && shutDown(host.app);
        while (!host.link.held.isEmpty()) {
          deliver(host);
          noteEnds();
          moved = true;
        }
      }
      if (!moved) {
        return nextDeadline();
      }
    }
    throw new AssertionError("time stands still: " + this);
  }

  private void expectRightEnd(StreamApp reader, StreamApp writer) {
    assertTrue(reader.received <= writer.accepted, "more read than written");
    if (!reader.isAttached()) {
      return;
    }
    assertTrue(reader.closed != null, () -> "not told of the end: " + this);
    if (reader.endSeen) {
      assertEquals(writer.accepted, reader.received, () -> "an end too early: " + this);
      assertTrue(writer.outputClosed, "an end that nobody asked for");
    }
    if (!mayReset) {
      assertTrue(reader.endSeen, () -> "the end was not seen: " + this);
      assertEquals(CloseReason.FINISHED, reader.closed, this::toString);
    }
  }

  @Override
  public void close() {
    for (Host host : hosts.values()) {
      host.stack.close();
      assertEquals(0, host.stack.slabsInUse(), "slabs leaked");
    }
  }

  @Override
  public String toString() {
    return host(Side.CLIENT).app
        + " in "
        + state(Side.CLIENT)
        + "; "
        + host(Side.SERVER).app
        + " in "
        + state(Side.SERVER);
  }
}
