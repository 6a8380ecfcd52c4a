package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.Fate;
import io.tunstack.link.Impairment;
import io.tunstack.link.Link;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Duration TEN_MILLIS = Duration.ofMillis(10);

  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost server = simulation.host("10.0.0.1/24").start();
  private final SimulatedHost client = simulation.host("10.0.0.2/24").start();
  private final List<String> events = new ArrayList<>();

  @AfterEach
  void close() {
    simulation.close();
  }

  /** Writes what happens into {@link #events}, with the time in milliseconds. */
  private final class Recorder implements TcpHandler {
    private final String name;

    Recorder(String name) {
      this.name = name;
    }

    private void note(String what) {
      events.add(name + " " + what + " at " + simulation.clock().nanos() / 1_000_000);
    }

    @Override
    public void onConnected(TcpSocket socket) {
      note("connected");
    }

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer target = ByteBuffer.allocate(100);
      int n = socket.read(target);
      while (n > 0) {
        note("read " + n);
        n = socket.read(target.clear());
      }
      if (n < 0) {
        note("read the end");
        socket.close();
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      note(reason.toString());
    }
  }

  private TcpSocket connect() {
    server.sockets().listen(80, socket -> new Recorder("server"));
    return client
        .sockets()
        .connect(
            new InetSocketAddress(server.address().toInetAddress(), 80), new Recorder("client"));
  }

  @Test
  void shouldTakeAsLongAsThePath_whenHostsConnect() {
    simulation.setImpairment(Impairment.NONE.withDelay(TEN_MILLIS, Duration.ZERO));
    TcpSocket socket = connect();
    simulation.run(Duration.ofMillis(100));
    socket.write(ByteBuffer.wrap(new byte[7]));
    socket.close();
    assertTrue(simulation.runUntilIdle(Duration.ofMinutes(2)));
    assertEquals(
        List.of(
            "client connected at 20",
            "server connected at 30",
            "server read 7 at 110",
            "server read the end at 110",
            "client FINISHED at 120",
            "server FINISHED at 130"),
        events);
  }

  @Test
  void shouldStopAtTheLimit_whenWhatIsWaitedForDoesNotHappen() {
    assertFalse(simulation.runUntil(() -> false, Duration.ofSeconds(3)));
    assertEquals(Duration.ofSeconds(3).toNanos(), simulation.clock().nanos());
  }

  @Test
  void shouldAnswerNever_whenNobodyWaitsForAnything() {
    assertEquals(Link.NEVER, simulation.settle());
    assertTrue(simulation.runUntilIdle(Duration.ZERO));
  }

  @Test
  void shouldResendTheSyn_whenItsFateIsToBeLost() {
    simulation.path(client, server).script(List.of(Fate.DROP, Fate.DROP));
    connect();
    simulation.runUntil(() -> !events.isEmpty(), Duration.ofSeconds(10));
    assertEquals(List.of("client connected at 3000"), events.subList(0, 1));
    assertEquals(2, simulation.path(client, server).line().lost());
    assertEquals(2, client.stack().counters().get(Counter.TCP_SYN_RETRANS));
  }

  @Test
  void shouldDropAtTheChecksum_whenABitIsFlipped() {
    simulation.path(client, server).script(List.of(Fate.corrupted(20 * 8 + 3)));
    connect();
    simulation.runUntil(() -> !events.isEmpty(), Duration.ofSeconds(10));
    assertEquals(1, server.stack().counters().get(Counter.TCP_IN_CSUM_ERRORS));
    assertEquals("client connected at 1000", events.get(0));
  }

  @Test
  void shouldLoseWhatIsSent_whileAPathIsCut() {
    simulation.path(server, client).setUp(false);
    connect();
    simulation.run(Duration.ofMillis(500));
    assertEquals(List.of(), events);
    simulation.path(server, client).setUp(true);
    simulation.run(Duration.ofSeconds(1));
    assertEquals("client connected at 1000", events.get(0));
  }

  @Test
  void shouldSendTheSamePackets_whenTheSeedIsTheSame() {
    assertEquals(fingerprintOf(7), fingerprintOf(7));
    assertNotEquals(fingerprintOf(7), fingerprintOf(8));
  }

  private static long fingerprintOf(long seed) {
    try (Simulation again = new Simulation(seed)) {
      again.setImpairment(Impairment.NONE.withDelay(TEN_MILLIS, TEN_MILLIS).withLoss(0.3));
      SimulatedHost one = again.host("10.0.0.1/24").start();
      SimulatedHost two = again.host("10.0.0.2/24").start();
      one.sockets().listen(80, socket -> TcpSocket::close);
      TcpSocket socket =
          two.sockets()
              .connect(new InetSocketAddress(one.address().toInetAddress(), 80), TcpSocket::close);
      socket.write(ByteBuffer.wrap(new byte[20_000]));
      again.run(Duration.ofMinutes(1));
      return again.fingerprint();
    }
  }

  @Test
  void shouldShowEveryPacketOnItsWay_whenTapped() {
    List<String> seen = new ArrayList<>();
    simulation.path(client, server).script(List.of(Fate.DROP, Fate.DUPLICATE));
    simulation.tap((passage, nanos, path, packet) -> seen.add(passage + " " + path));
    connect();
    simulation.runUntil(() -> !events.isEmpty(), Duration.ofSeconds(10));
    assertEquals(
        List.of(
            "LOST 10.0.0.2 > 10.0.0.1",
            "SENT 10.0.0.2 > 10.0.0.1",
            "DELIVERED 10.0.0.2 > 10.0.0.1"),
        seen.subList(0, 3));
  }

  @Test
  void shouldLoseAndCount_whenNobodyHasTheAddress() {
    client.sockets().connect(new InetSocketAddress("10.0.0.99", 80), new Recorder("client"));
    simulation.run(Duration.ofMillis(1));
    assertEquals(1, simulation.unroutable());
  }

  @Test
  void shouldSetTheHostsClockAhead_whenAsked() {
    SimulatedHost ahead = simulation.host("10.0.0.3/24").clockAhead(Duration.ofHours(2)).start();
    simulation.run(Duration.ofHours(1));
    assertEquals(Duration.ofHours(3).toNanos(), ahead.stack().clock().nanos());
  }

  @Test
  void shouldRefuseAHost_whenItsAddressIsTakenOrItsSettingsMakeNoSense() {
    assertThrows(IllegalArgumentException.class, simulation.host("10.0.0.1/24")::start);
    assertThrows(IllegalArgumentException.class, () -> simulation.host("10.0.0.1"));
    SimulatedHost.Builder builder = simulation.host("10.0.0.4/24");
    assertThrows(IllegalArgumentException.class, () -> builder.mtu(67));
    assertThrows(IllegalArgumentException.class, () -> builder.mtu(65_536));
    assertThrows(IllegalArgumentException.class, () -> builder.clockAhead(Duration.ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, () -> simulation.path(client, client));
  }
}
