package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.wire.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpensTest {
  private static final IpAddress HERE = IpAddress.parse("10.0.0.1");
  private static final IpAddress THERE = IpAddress.parse("10.0.0.2");
  private static final IpAddress STRANGER = IpAddress.parse("10.0.0.3");

  private static final ConnectionHandler NOBODY = new SilentHandler();

  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost host =
      simulation.host("10.0.0.1/24").tcp(TcpConfig.DEFAULT.withCaps(3, 10, 10)).start();
  private final Tcp tcp = host.stack().tcp();

  @AfterEach
  void close() {
    simulation.close();
  }

  private Listener listen(IpAddress address, int port) {
    return tcp.listen(address, port, 1, c -> NOBODY);
  }

  private TcpConnection connect(IpAddress from, int port, IpAddress to) {
    return tcp.connect(from, port, to, 80, tcp.defaultOptions(), NOBODY);
  }

  private static void assertRefused(String why, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void shouldRefuseToListen_whereNobodyCan() {
    listen(HERE, 80);
    assertRefused("already listened on", () -> listen(HERE, 80));
    assertRefused("already listened on", () -> listen(IpAddress.UNSPECIFIED, 80));
    assertRefused("not an address of this stack", () -> listen(STRANGER, 80));
    assertRefused("not in 1 to 65535", () -> listen(HERE, 65_536));
    assertRefused("use at least 1", () -> tcp.listen(HERE, 81, 0, c -> null));
  }

  @Test
  void shouldListenOnAFreePort_whenNoneIsGiven() {
    int first = listen(HERE, 0).port();
    int second = listen(HERE, 0).port();
    assertTrue(first > 1023 && second > 1023, first + " " + second);
    assertNotEquals(first, second);
  }

  @Test
  void shouldFreeThePort_whenTheListenerIsClosed() {
    Listener listener = listen(HERE, 80);
    listener.close();
    listener.close();
    assertEquals(80, listen(HERE, 80).port());
  }

  @Test
  void shouldRefuseToConnect_fromOrToWhereNobodyIs() {
    assertRefused(
        "not the address of a host",
        () -> connect(IpAddress.UNSPECIFIED, 0, IpAddress.parse("10.0.0.255")));
    assertRefused("not an address of this stack", () -> connect(STRANGER, 0, THERE));
    assertRefused("loopback does not leave", () -> connect(IpAddress.parse("127.0.0.1"), 0, THERE));
    assertRefused("not in 1 to 65535", () -> connect(HERE, 70_000, THERE));
    assertEquals(0, tcp.connectionCount());
  }

  @Test
  void shouldRefuseATupleThatIsTaken() {
    connect(HERE, 5000, THERE);
    assertRefused("there is a connection from port 5000", () -> connect(HERE, 5000, THERE));
    assertEquals(STRANGER.bits(), connect(HERE, 5000, STRANGER).remote, "another peer is free");
    assertRefused("there is a connection", () -> connect(HERE, 80, HERE));
  }

  @Test
  void shouldRefuse_whenTheCapIsReached() {
    for (int i = 0; i < 3; i++) {
      connect(HERE, 0, THERE);
    }
    String message =
        assertThrows(IllegalStateException.class, () -> connect(HERE, 0, THERE)).getMessage();
    assertTrue(message.contains("3 connections"), message);
  }
}
