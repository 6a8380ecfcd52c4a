package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.engine.RawPackets;
import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.UdpView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams to the world, and a stack that is the world. */
class ForwardUdpTest {
  private static final String HOST = "10.1.0.2";
  private static final String FAR = "203.0.113.9";
  private static final int AT = Ipv4View.MIN_HEADER_LENGTH;

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(1500);
  private final Stack world =
      Stack.builder(wire.left(), clock)
          .address("10.1.0.1/24")
          .random(new SplittableRandom(2)::nextLong)
          .build();
  private final Sockets sockets = Sockets.on(world);
  private final List<UdpRequest> requests = new ArrayList<>();
  private final ByteBuf out = Unpooled.buffer(1500);

  @AfterEach
  void close() {
    world.close();
  }

  private Forwarder forward(Consumer<UdpRequest> action) {
    return sockets.forwardUdp(
        10_000,
        request -> {
          requests.add(request);
          action.accept(request);
        });
  }

  private void send(String to, int port, int... text) {
    byte[] bytes = new byte[text.length];
    for (int i = 0; i < text.length; i++) {
      bytes[i] = (byte) text[i];
    }
    ByteBuf packet = RawPackets.udp(RawPackets.tuple(HOST, 4000, to, port), bytes);
    world.receive(packet);
    packet.release();
  }

  private void expectAnswer(String from, int port, int... text) {
    assertTrue(wire.right().receive(out) > 0, "nothing was sent");
    assertEquals(IpAddress.parse(from).bits(), Ipv4View.source(out, 0));
    assertEquals(IpAddress.parse(HOST).bits(), Ipv4View.destination(out, 0));
    assertEquals(port, UdpView.sourcePort(out, AT));
    assertEquals(4000, UdpView.destinationPort(out, AT));
    assertEquals(text.length, UdpView.length(out, AT) - UdpView.HEADER_LENGTH);
    for (int i = 0; i < text.length; i++) {
      assertEquals((byte) text[i], out.getByte(AT + UdpView.HEADER_LENGTH + i));
    }
  }

  @Test
  void shouldBeAnswered_inTheDestinationsName() {
    forward(
        request -> {
          assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), request.text());
          assertTrue(request.answer(ByteBuffer.wrap(new byte[] {4, 5})));
        });
    send(FAR, 53, 1, 2, 3);
    expectAnswer(FAR, 53, 4, 5);
    assertEquals(new InetSocketAddress(FAR, 53), requests.get(0).destination());
    assertEquals(new InetSocketAddress(HOST, 4000), requests.get(0).source());
    assertEquals(1, world.counters().get(Counter.UDP_FORWARD_DATAGRAMS));
  }

  @Test
  void shouldBeAnsweredLater_andMoreThanOnce() {
    forward(request -> {}).close();
    Forwarder forwarder = forward(request -> {});
    send(FAR, 53, 1);
    assertEquals(0, wire.right().waiting());
    forwarder.close();
    requests.get(0).answer(ByteBuffer.wrap(new byte[] {7}));
    requests.get(0).answer(ByteBuffer.wrap(new byte[] {8, 9}));
    expectAnswer(FAR, 53, 7);
    expectAnswer(FAR, 53, 8, 9);
  }

  @Test
  void shouldSayWithIcmp_whenUnreachable() {
    forward(request -> request.unreachable(Unreachable.PROHIBITED));
    send(FAR, 53, 1, 2, 3);
    assertTrue(wire.right().receive(out) > 0);
    assertEquals(IpAddress.parse(FAR).bits(), Ipv4View.source(out, 0));
    assertEquals(IcmpView.DESTINATION_UNREACHABLE, IcmpView.type(out, AT));
    assertEquals(13, IcmpView.code(out, AT));
    assertEquals(
        IpAddress.parse(FAR).bits(), Ipv4View.destination(out, AT + IcmpView.HEADER_LENGTH));
  }

  @Test
  void shouldLeaveToEndpoints_whatIsTheirs() {
    forward(request -> {});
    List<String> bound = new ArrayList<>();
    sockets.bindUdp(
        53,
        new UdpHandler() {
          @Override
          public void onReadable(UdpSocket socket) {
            bound.add("readable");
          }
        });
    send("10.1.0.1", 53, 1);
    assertEquals(List.of("readable"), bound);
    assertEquals(0, requests.size());
    send(FAR, 53, 1);
    assertEquals(1, requests.size(), "a socket is on our own addresses only");
    send("10.1.0.1", 54, 1);
    assertEquals(2, requests.size());
    assertEquals(0, wire.right().waiting());
  }

  @Test
  void shouldGoOn_whenTheApplicationThrows() {
    forward(
        request -> {
          throw new IllegalStateException("as planned");
        });
    send(FAR, 53, 1);
    send(FAR, 54, 1);
    assertEquals(2, requests.size());
    assertEquals(2, world.counters().get(Counter.UDP_FORWARD_FAILURES));
  }

  @Test
  void shouldBoundWhatWaits() {
    forward(request -> {});
    byte[] text = new byte[1400];
    // Many in one batch: the link has them all before the stack looks.
    try (Stack host =
        Stack.builder(wire.right(), clock)
            .address(HOST + "/24")
            .random(new SplittableRandom(3)::nextLong)
            .build()) {
      UdpSocket socket = Sockets.on(host).bindUdp(4000, ignored -> {});
      for (int i = 0; i < 20; i++) {
        socket.send(ByteBuffer.wrap(text), new InetSocketAddress(FAR, 53));
      }
      world.poll(clock.nanos());
    }
    assertEquals(6, requests.size());
    assertEquals(14, world.counters().get(DropReason.UDP_RECEIVE_BUFFER));
  }

  @Test
  void shouldKeepSilent_withoutAForwarder() {
    send(FAR, 53, 1);
    assertEquals(1, world.counters().get(DropReason.IP_NOT_FOR_US));
    forward(request -> {}).close();
    send(FAR, 53, 1);
    assertEquals(0, requests.size());
    assertEquals(0, wire.right().waiting());
    send("10.1.0.1", 53, 1);
    assertEquals(1, wire.right().waiting(), "our own closed port is told off");
  }

  @Test
  void shouldNotAnswerEchoRequestsForOthers() {
    forward(request -> {});
    ByteBuf echo = RawPackets.echoRequest(HOST, FAR, new byte[10]);
    world.receive(echo);
    echo.release();
    assertEquals(0, wire.right().waiting());
  }

  @Test
  void shouldBeOneOnly() {
    forward(request -> {});
    assertThrows(IllegalStateException.class, () -> forward(request -> {}));
    assertThrows(IllegalArgumentException.class, () -> sockets.forwardUdp(0, request -> {}));
  }
}
