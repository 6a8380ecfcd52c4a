package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.Impairment;
import io.tunstack.link.Link;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.Tcp;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A client and a server with one connection between them, to which operations happen. What must
 * hold at all times is checked after every step, what must hold in the end by {@link #finish}.
 */
final class TwoHosts implements AutoCloseable {
  private static final int PORT = 80;
  private static final long ISN_TICK_NANOS = 4_000;

  /** After the network has healed everything ends within this time. */
  private static final Duration BOUND =
      TcpConfig.DEFAULT.userTimeout().plus(TcpConfig.DEFAULT.msl().multipliedBy(2));

  /** Longer than any retransmission time-out and TIME-WAIT one after the other. */
  private static final Duration PATIENCE =
      TcpConfig.DEFAULT.maxRto().plus(TcpConfig.DEFAULT.msl().multipliedBy(2)).plusSeconds(5);

  private final Setup setup;
  private final Simulation simulation;
  private final Map<Side, SimulatedHost> hosts = new EnumMap<>(Side.class);
  private final Map<Side, StreamApp> apps = new EnumMap<>(Side.class);
  private final Map<Side, StateChecks> states = new EnumMap<>(Side.class);
  private final WireChecks wire;

  /** Somebody closed or aborted, so a reset is no failure. */
  private boolean mayReset;

  TwoHosts(Setup setup) {
    this(setup, aheads(setup));
  }

  private TwoHosts(Setup setup, Map<Side, Duration> aheads) {
    this.setup = setup;
    this.simulation = new Simulation(setup.seed());
    simulation.setImpairment(
        setup.impairment().withDelay(delay(setup), setup.impairment().jitter()));
    for (Side side : Side.values()) {
      hosts.put(
          side,
          simulation
              .host(side == Side.CLIENT ? "10.0.0.1/24" : "10.0.0.2/24")
              .mtu(setup.mtu())
              .tcp(setup.config(side))
              .clockAhead(aheads.get(side))
              .start());
      states.put(side, new StateChecks(side));
      hosts.get(side).stack().tcp().observe(states.get(side));
      apps.put(side, new StreamApp(side));
    }
    wire = new WireChecks(setup.mtu(), 0, states);
    simulation.tap(this::watchPacket);
    host(Side.SERVER).sockets().listen(PORT, this::accept);
    StreamApp client = app(Side.CLIENT);
    TcpSocket socket =
        host(Side.CLIENT)
            .sockets()
            .connect(
                new InetSocketAddress(host(Side.SERVER).address().toInetAddress(), PORT), client);
    socket.setNoDelay(setup.noDelay());
    client.attach(socket);
    watchStates();
  }

  private void watchPacket(
      PacketTap.Passage passage, long nanos, SimulatedPath path, ByteBuf packet) {
    Side from = path.from() == host(Side.CLIENT) ? Side.CLIENT : Side.SERVER;
    switch (passage) {
      case SENT -> wire.sent(from, packet);
      case LOST -> {
        wire.sent(from, packet);
        wire.lost();
      }
      case DELIVERED -> wire.delivered(from, packet);
    }
  }

  private static Duration delay(Setup setup) {
    return Duration.ofMillis(setup.delayMillis());
  }

  /**
   * How far each clock must be ahead for the initial sequence numbers to lie where the setup wants
   * them: the same hosts with the same secrets meet once on a perfect network, and what they chose
   * there is off by as many ticks of 4 µs.
   */
  private static Map<Side, Duration> aheads(Setup setup) {
    Map<Side, Duration> none = new EnumMap<>(Side.class);
    none.put(Side.CLIENT, Duration.ZERO);
    none.put(Side.SERVER, Duration.ZERO);
    Setup perfect =
        new Setup(
            setup.seed(),
            setup.delayMillis(),
            Impairment.NONE,
            setup.mtu(),
            setup.clientBuffer(),
            setup.serverBuffer(),
            setup.timestamps(),
            setup.windowScaling(),
            setup.sack(),
            false,
            false,
            0,
            0,
            0);
    Map<Side, Duration> found = new EnumMap<>(Side.class);
    try (TwoHosts rehearsal = new TwoHosts(perfect, none)) {
      rehearsal.simulation.runUntil(
          () -> rehearsal.app(Side.SERVER).connected, Duration.ofSeconds(10));
      for (Side side : Side.values()) {
        int ticks = setup.initialSequence(side) - rehearsal.wire.iss(side);
        found.put(side, Duration.ofNanos(Integer.toUnsignedLong(ticks) * ISN_TICK_NANOS));
      }
    }
    return found;
  }

  private TcpHandler accept(TcpSocket socket) {
    StreamApp server = app(Side.SERVER);
    if (server.isAttached()) {
      // A second connection, born of an old SYN, is nothing that this run is about.
      return connection -> {};
    }
    socket.setNoDelay(setup.noDelay());
    server.attach(socket);
    return server;
  }

  SimulatedHost host(Side side) {
    return hosts.get(side);
  }

  StreamApp app(Side side) {
    return apps.get(side);
  }

  StateChecks states(Side side) {
    return states.get(side);
  }

  WireChecks wire() {
    return wire;
  }

  private SimulatedPath path(Side from) {
    return simulation.path(host(from), host(from.other()));
  }

  long count(Counter counter) {
    return hosts.values().stream().mapToLong(host -> host.stack().counters().get(counter)).sum();
  }

  long fingerprint() {
    return simulation.fingerprint();
  }

  // ---- operations --------------------------------------------------------------------------

  void apply(List<Operation> operations) {
    operations.forEach(this::apply);
  }

  void apply(Operation operation) {
    if (operation instanceof Operation.Write o) {
      app(o.side()).write(o.bytes());
    } else if (operation instanceof Operation.PauseReading o) {
      app(o.side()).pauseReading();
    } else if (operation instanceof Operation.ResumeReading o) {
      app(o.side()).resumeReading();
    } else if (operation instanceof Operation.Read o) {
      app(o.side()).read(o.bytes());
    } else if (operation instanceof Operation.Shutdown o) {
      app(o.side()).shutdown();
    } else if (operation instanceof Operation.Close o) {
      mayReset = true;
      app(o.side()).close();
    } else if (operation instanceof Operation.Abort o) {
      mayReset = true;
      app(o.side()).abort();
    } else if (operation instanceof Operation.SetBuffers o) {
      app(o.side()).setBuffers(o.send(), o.receive());
    } else if (operation instanceof Operation.Advance o) {
      advance(Duration.ofMillis(o.millis()));
    } else if (operation instanceof Operation.SetFates o) {
      path(o.from()).script(o.fates());
    } else if (operation instanceof Operation.PathDown o) {
      path(o.from()).setUp(false);
    } else if (operation instanceof Operation.PathUp o) {
      path(o.from()).setUp(true);
    }
    watchStates();
  }

  /** Lets time pass, and polls at instants before the deadline: nothing may come of it. */
  private void advance(Duration duration) {
    long end = simulation.clock().nanos() + duration.toNanos();
    while (true) {
      long next = settle();
      if (next > end) {
        expectSilenceAt(end);
        return;
      }
      long now = simulation.clock().nanos();
      expectSilenceAt(now + (next - now) / 2);
      expectSilenceAt(next - 1);
      simulation.clock().advanceTo(next);
    }
  }

  private long settle() {
    long next = simulation.settle();
    watchStates();
    return next;
  }

  private void expectSilenceAt(long instant) {
    if (instant <= simulation.clock().nanos()) {
      return;
    }
    simulation.clock().advanceTo(instant);
    long before = wire.packets;
    settle();
    assertEquals(before, wire.packets, "a packet left before the deadline that poll had answered");
  }

  private void watchStates() {
    for (Side side : Side.values()) {
      Tcp tcp = host(side).stack().tcp();
      TcpState state =
          tcp.connections().stream().map(info -> info.state()).findFirst().orElse(TcpState.CLOSED);
      states.get(side).between(state);
      app(side).checkSocket();
      assertTrue(tcp.connectionCount() + tcp.timeWaitCount() <= 1, "more than one connection");
      if (tcp.connectionCount() == 0) {
        assertEquals(
            tcp.timeWaitCount() > 0 ? 1 : 0,
            host(side).stack().wheel().armed(),
            () -> side + " has a timer armed without a connection");
      }
    }
  }

  // ---- the end -----------------------------------------------------------------------------

  /** The network heals, both sides read on and close: everything ends, soon and completely. */
  void finish() {
    simulation.setImpairment(Impairment.NONE.withDelay(delay(setup), Duration.ZERO));
    for (Side side : Side.values()) {
      path(side).script(List.of());
      path(side).setUp(true);
      app(side).resumeReading();
    }
    app(Side.CLIENT).shutdown();
    if (!setup.serverClosesLast()) {
      app(Side.SERVER).shutdown();
    }
    long start = simulation.clock().nanos();
    runUntilIdle(start + PATIENCE.toNanos());
    if (mayReset) {
      // Whoever only reads does not notice that the peer's RST was lost, and may wait for ever.
      for (Side side : Side.values()) {
        app(side).close();
      }
    }
    long next = runUntilIdle(start + BOUND.toNanos());
    assertEquals(Link.NEVER, next, () -> "not over within " + BOUND + ": " + this);
    for (Side side : Side.values()) {
      expectNothingLeft(side);
    }
    expectRightEnds();
  }

  private long runUntilIdle(long limit) {
    long next = settleAndClose();
    while (next <= limit) {
      expectSilenceAt(next - 1);
      simulation.clock().advanceTo(next);
      next = settleAndClose();
    }
    return next;
  }

  /** The server closes when its turn has come; it may be accepted only now. */
  private long settleAndClose() {
    long next = settle();
    StreamApp server = app(Side.SERVER);
    if (server.isAttached()
        && !server.outputClosed
        && (server.endSeen || !setup.serverClosesLast())) {
      server.shutdown();
      next = settle();
    }
    return next;
  }

  private void expectNothingLeft(Side side) {
    Tcp tcp = host(side).stack().tcp();
    assertEquals(List.of(), tcp.connections(), () -> side + " has connections left: " + this);
    assertEquals(0, host(side).stack().wheel().armed(), () -> side + " has timers left: " + this);
    assertEquals(0, host(side).stack().slabsInUse(), () -> side + " has slabs left: " + this);
    assertEquals(0, host(side).stack().counters().get(Counter.TCP_ABORT_ON_CALLBACK));
  }

  private void expectRightEnds() {
    for (Side side : Side.values()) {
      StreamApp reader = app(side);
      StreamApp writer = app(side.other());
      assertTrue(reader.received <= writer.accepted, "more read than written");
      if (reader.endSeen) {
        assertTrue(writer.acknowledged <= reader.received, "more acknowledged than received");
      }
      if (reader.endSeen) {
        assertEquals(writer.accepted, reader.received, () -> "an end too early: " + this);
        assertTrue(writer.outputClosed, "an end that nobody asked for");
      }
      if (!mayReset) {
        assertTrue(reader.endSeen, () -> side + " did not see the end: " + this);
        assertEquals(CloseReason.FINISHED, reader.closed, this::toString);
      }
      if (reader.closed == CloseReason.FINISHED && !reader.gaveUp) {
        assertTrue(reader.endSeen, () -> side + " finished without the end: " + this);
      }
      if (reader.isAttached()) {
        assertFalse(reader.closed == null, () -> side + " was not told of the end: " + this);
      }
    }
  }

  @Override
  public void close() {
    simulation.close();
    for (Side side : Side.values()) {
      assertEquals(0, host(side).stack().slabsInUse(), () -> side + " leaks slabs");
    }
  }

  @Override
  public String toString() {
    return app(Side.CLIENT)
        + " in "
        + states(Side.CLIENT).state()
        + "; "
        + app(Side.SERVER)
        + " in "
        + states(Side.SERVER).state()
        + "; "
        + simulation;
  }
}
