package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.ip.Ipv4Config;
import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpListener;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.time.VirtualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One stack with three addresses in two networks, and a neighbour in the first of them. */
class AddressesTest {
  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(1500);
  private final Stack stack =
      stack(
          wire.left(),
          Ipv4Config.builder()
              .address("10.1.0.1/24")
              .address("10.1.0.9/24")
              .address("10.2.0.1/24")
              .build());
  private final Stack neighbour = stack(wire.right(), Ipv4Config.of("10.1.0.2/24"));
  private final Sockets here = Sockets.on(stack);
  private final Sockets there = Sockets.on(neighbour);
  private final List<String> events = new ArrayList<>();

  private Stack stack(InMemoryLink link, Ipv4Config ip) {
    return Stack.builder(link, clock).ip(ip).random(new SplittableRandom(3)::nextLong).build();
  }

  @AfterEach
  void close() {
    stack.close();
    neighbour.close();
  }

  private void settle() {
    for (int i = 0; i < 20; i++) {
      stack.poll(clock.nanos());
      neighbour.poll(clock.nanos());
    }
  }

  private final class Noting implements TcpHandler {
    private final String name;

    Noting(String name) {
      this.name = name;
    }

    @Override
    public void onConnected(TcpSocket socket) {
      events.add(
          name
              + " "
              + socket.localAddress().getAddress().getHostAddress()
              + " - "
              + socket.remoteAddress().getAddress().getHostAddress());
    }

    @Override
    public void onReadable(TcpSocket socket) {}

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      events.add(name + " " + reason);
    }
  }

  private TcpSocket connect(String to) {
    TcpSocket socket = there.connect(new InetSocketAddress(to, 80), new Noting("client"));
    settle();
    return socket;
  }

  @Test
  void shouldAcceptOnEveryAddress_whenListeningOnAny() {
    here.listen(80, socket -> new Noting("server"));
    connect("10.1.0.1");
    connect("10.1.0.9");
    connect("10.2.0.1");
    assertEquals(
        List.of(
            "client 10.1.0.2 - 10.1.0.1",
            "server 10.1.0.1 - 10.1.0.2",
            "client 10.1.0.2 - 10.1.0.9",
            "server 10.1.0.9 - 10.1.0.2",
            "client 10.1.0.2 - 10.2.0.1",
            "server 10.2.0.1 - 10.1.0.2"),
        events);
  }

  @Test
  void shouldAcceptOnOneAddressOnly_whenListeningOnThat() {
    TcpListener listener =
        here.listen(new InetSocketAddress("10.1.0.9", 80), 5, socket -> new Noting("server"));
    assertEquals(new InetSocketAddress("10.1.0.9", 80), listener.localAddress());
    connect("10.1.0.1");
    connect("10.1.0.9");
    assertEquals(
        List.of("client REFUSED", "client 10.1.0.2 - 10.1.0.9", "server 10.1.0.9 - 10.1.0.2"),
        events);
  }

  @Test
  void shouldGiveAPortToOneListenerForEachAddress() {
    here.listen(new InetSocketAddress("10.1.0.1", 80), 5, socket -> new Noting("one"));
    here.listen(new InetSocketAddress("10.1.0.9", 80), 5, socket -> new Noting("nine"));
    assertThrows(
        IllegalArgumentException.class, () -> here.listen(80, socket -> new Noting("any")));
    InetSocketAddress nine = new InetSocketAddress("10.1.0.9", 80);
    assertThrows(
        IllegalArgumentException.class, () -> here.listen(nine, 5, socket -> new Noting("again")));
    InetSocketAddress elsewhere = new InetSocketAddress("10.1.0.3", 80);
    assertThrows(
        IllegalArgumentException.class, () -> here.listen(elsewhere, 5, socket -> new Noting("x")));
    connect("10.1.0.9");
    connect("10.1.0.1");
    assertEquals("nine 10.1.0.9 - 10.1.0.2", events.get(1));
    assertEquals("one 10.1.0.1 - 10.1.0.2", events.get(3));
  }

  @Test
  void shouldFindAFreePort_whenAskedForPortZero() {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ports.add(here.listen(0, socket -> new Noting("server")).localAddress().getPort());
    }
    assertEquals(100, ports.stream().distinct().count());
    assertTrue(ports.stream().allMatch(port -> port >= 32_768 && port < 61_000), ports::toString);
  }

  @Test
  void shouldConnectFromTheAddressAndPortThatWereAskedFor() {
    there.listen(80, socket -> new Noting("server"));
    InetSocketAddress peer = new InetSocketAddress("10.1.0.2", 80);
    InetSocketAddress nine = new InetSocketAddress("10.1.0.9", 4000);
    assertEquals(nine, here.connect(nine, peer, new Noting("client")).localAddress());
    here.connect(new InetSocketAddress("10.2.0.1", 0), peer, new Noting("client"));
    here.connect(new InetSocketAddress("0.0.0.0", 4000), peer, new Noting("client"));
    settle();
    assertEquals(
        List.of(
            "server 10.1.0.2 - 10.1.0.9",
            "server 10.1.0.2 - 10.2.0.1",
            "server 10.1.0.2 - 10.1.0.1"),
        events.stream().filter(event -> event.startsWith("server")).toList());
    assertThrows(
        IllegalArgumentException.class, () -> here.connect(nine, peer, new Noting("client")));
    InetSocketAddress elsewhere = new InetSocketAddress("10.1.0.3", 0);
    assertThrows(
        IllegalArgumentException.class, () -> here.connect(elsewhere, peer, new Noting("client")));
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    assertThrows(
        IllegalArgumentException.class, () -> here.connect(loopback, peer, new Noting("client")));
  }

  @Test
  void shouldConnectItsOwnAddressesWithEachOther() {
    here.listen(new InetSocketAddress("10.2.0.1", 80), 5, socket -> new Noting("server"));
    TcpSocket client =
        here.connect(
            new InetSocketAddress("10.1.0.9", 0),
            new InetSocketAddress("10.2.0.1", 80),
            new Noting("client"));
    settle();
    client.abort();
    settle();
    assertEquals(
        List.of(
            "client 10.1.0.9 - 10.2.0.1",
            "server 10.2.0.1 - 10.1.0.9",
            "client ABORTED",
            "server RESET"),
        events);
    assertEquals(0, wire.right().waiting());
  }

  @Test
  void shouldNotConnectAPortToItself() {
    InetSocketAddress port = new InetSocketAddress("10.1.0.1", 4000);
    assertThrows(
        IllegalArgumentException.class, () -> here.connect(port, port, new Noting("client")));
  }
}
