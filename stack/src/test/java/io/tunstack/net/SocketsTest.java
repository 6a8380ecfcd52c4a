package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tcp.TcpState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketsTest {
  private final SocketRig rig = new SocketRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void shouldBeRefused_whenNobodyListens() {
    rig.listener.close();
    rig.listener.close();
    rig.connect();
    assertEquals(List.of("REFUSED"), rig.atClient.events);
  }

  @Test
  void shouldKeepConnections_whenTheListenerIsClosed() {
    TcpSocket socket = rig.connect();
    rig.listener.close();
    socket.write(ByteBuffer.allocate(1));
    rig.simulation.settle();
    assertEquals(List.of("connected", "readable"), rig.atServer.events);
  }

  @Test
  void shouldRefuse_whatCannotBeListenedOnOrConnectedTo() throws UnknownHostException {
    Sockets sockets = rig.client.sockets();
    assertThrows(
        IllegalArgumentException.class,
        () -> rig.server.sockets().listen(80, socket -> rig.atServer));
    assertThrows(
        IllegalArgumentException.class, () -> sockets.listen(65_536, socket -> rig.atServer));
    assertThrows(IllegalArgumentException.class, () -> sockets.listen(-1, socket -> rig.atServer));
    InetSocketAddress any = new InetSocketAddress("0.0.0.0", 81);
    assertThrows(
        IllegalArgumentException.class, () -> sockets.listen(any, 0, socket -> rig.atServer));
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("host.invalid", 80);
    assertThrows(IllegalArgumentException.class, () -> sockets.connect(unresolved, rig.atClient));
    InetSocketAddress sixth = new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 80);
    assertThrows(IllegalArgumentException.class, () -> sockets.connect(sixth, rig.atClient));
    InetSocketAddress broadcast = new InetSocketAddress("10.0.0.255", 80);
    assertThrows(IllegalArgumentException.class, () -> sockets.connect(broadcast, rig.atClient));
    InetSocketAddress noPort = new InetSocketAddress("10.0.0.1", 0);
    assertThrows(IllegalArgumentException.class, () -> sockets.connect(noPort, rig.atClient));
    assertEquals(List.of(), sockets.connections());
  }

  @Test
  void shouldListConnectionsAndCounters() {
    rig.connect();
    assertEquals(TcpState.ESTABLISHED, rig.client.sockets().connections().get(0).state());
    assertEquals(1L, rig.client.sockets().counters().get("TcpActiveOpens"));
    assertSame(rig.server.stack().clock(), rig.server.sockets().clock());
    assertEquals(80, rig.listener.localAddress().getPort());
  }

  @Test
  void shouldTellWhatIsHeld_untilItIsNotAnyMore() {
    TcpSocket socket = rig.connect();
    socket.write(ByteBuffer.allocate(1));
    rig.simulation.settle();
    // The byte waits where nobody has read it.
    assertEquals(
        Map.of("Connections", 1L, "TimeWait", 0L, "SlabsInUse", 1L), rig.server.sockets().gauges());

    rig.atServer.whenReadable =
        accepted -> {
          while (accepted.read(ByteBuffer.allocate(9)) > 0) {
            // Everything up to the FIN.
          }
          accepted.close();
        };
    socket.write(ByteBuffer.allocate(1));
    socket.close();
    rig.simulation.settle();

    assertEquals(
        Map.of("Connections", 0L, "TimeWait", 0L, "SlabsInUse", 0L), rig.server.sockets().gauges());
    assertEquals(1L, rig.client.sockets().gauges().get("TimeWait"));
    rig.simulation.run(Duration.ofMinutes(2));
    assertEquals(0L, rig.client.sockets().gauges().get("TimeWait"));
  }

  @Test
  void shouldRingOnce_whenAnAlarmIsArmed() {
    List<Long> rings = new ArrayList<>();
    Alarm alarm = rig.client.sockets().alarm(() -> rings.add(rig.simulation.clock().nanos()));
    alarm.arm(Duration.ofSeconds(1));
    alarm.arm(Duration.ofSeconds(2));
    assertTrue(alarm.isArmed());
    rig.simulation.run(Duration.ofSeconds(10));
    assertEquals(List.of(Duration.ofSeconds(2).toNanos()), rings);
    assertFalse(alarm.isArmed());
  }

  @Test
  void shouldNotRing_whenAnAlarmIsCancelled() {
    List<Long> rings = new ArrayList<>();
    Alarm alarm = rig.client.sockets().alarm(() -> rings.add(rig.simulation.clock().nanos()));
    alarm.arm(Duration.ofSeconds(1));
    alarm.cancel();
    alarm.cancel();
    assertFalse(alarm.isArmed());
    rig.simulation.run(Duration.ofSeconds(10));
    assertEquals(List.of(), rings);
  }

  @Test
  void shouldGoOn_whenAnAlarmsActionThrows() {
    List<Long> rings = new ArrayList<>();
    Alarm bad =
        rig.client
            .sockets()
            .alarm(
                () -> {
                  throw new IllegalStateException("as planned");
                });
    Alarm good = rig.client.sockets().alarm(() -> rings.add(rig.simulation.clock().nanos()));
    bad.arm(Duration.ofSeconds(1));
    good.arm(Duration.ofSeconds(1));
    rig.simulation.run(Duration.ofSeconds(2));
    assertEquals(1, rings.size());
  }
}
