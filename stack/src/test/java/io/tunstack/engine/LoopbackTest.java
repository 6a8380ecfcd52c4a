package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.TcpView;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A connection to an address of our own, both ends on one stack. */
class LoopbackTest {
  private static final byte[] BYTE = {42};

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(1500);
  private final List<CloseReason> ends = new ArrayList<>();
  private final ByteArrayOutputStream echoed = new ByteArrayOutputStream();

  private Stack stack() {
    SplittableRandom random = new SplittableRandom(7);
    return Stack.builder(wire.left(), clock)
        .address("10.1.0.1/24")
        .random(random::nextLong)
        .build();
  }

  /** A SYN as it would come from the link. */
  private static ByteBuf syn(String from, String to) {
    return RawPackets.tcp(RawPackets.tuple(from, 4000, to, 7), TcpView.SYN, 1, 0, new byte[0]);
  }

  private void settle(Stack stack) {
    for (int i = 0; i < 10_000; i++) {
      long next = stack.poll(clock.nanos());
      if (next > clock.nanos() + 1_000_000_000L) {
        return;
      }
      clock.advanceTo(next);
    }
  }

  /** Sends back what it gets, and closes when the peer does. */
  private final class Echo implements TcpHandler {
    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
      int n = socket.read(buffer);
      socket.write(buffer.flip());
      if (n < 0 || socket.read(ByteBuffer.allocate(1)) < 0) {
        socket.close();
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      ends.add(reason);
    }
  }

  /** Neither reads nor closes. */
  private final class Idle implements TcpHandler {
    @Override
    public void onReadable(TcpSocket socket) {}

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      ends.add(reason);
    }
  }

  private final class Client implements TcpHandler {
    private final byte[] text;

    Client(byte[] text) {
      this.text = text;
    }

    @Override
    public void onConnected(TcpSocket socket) {
      assertEquals(text.length, socket.write(ByteBuffer.wrap(text)));
      socket.shutdownOutput();
    }

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
      while (socket.read(buffer) > 0) {
        echoed.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      ends.add(reason);
    }
  }

  @Test
  void shouldServeItself_withoutAPacketOnTheLink() {
    byte[] text = new byte[200_003];
    new SplittableRandom(3).nextBytes(text);
    try (Stack stack = stack()) {
      Sockets sockets = Sockets.on(stack);
      sockets.listen(7, socket -> new Echo());
      TcpSocket unused = sockets.connect(new InetSocketAddress("10.1.0.1", 7), new Client(text));
      settle(stack);
      assertArrayEquals(text, echoed.toByteArray());
      assertEquals(List.of(CloseReason.FINISHED, CloseReason.FINISHED), ends);
      assertEquals(0, wire.right().waiting());
      assertEquals(0, stack.slabsInUse());
    }
  }

  @Test
  void shouldRefuseItself_whereNobodyListens() {
    try (Stack stack = stack()) {
      TcpSocket unused =
          Sockets.on(stack).connect(new InetSocketAddress("10.1.0.1", 9), new Client(new byte[0]));
      settle(stack);
      assertEquals(List.of(CloseReason.REFUSED), ends);
    }
  }

  @Test
  void shouldServeItselfOnLoopbackAddresses_withoutAPacketOnTheLink() {
    byte[] text = new byte[70_001];
    new SplittableRandom(4).nextBytes(text);
    try (Stack stack = stack()) {
      Sockets sockets = Sockets.on(stack);
      sockets.listen(7, socket -> new Echo());
      TcpSocket client =
          sockets.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 7), new Client(text));
      assertEquals("127.0.0.1", client.localAddress().getAddress().getHostAddress());
      settle(stack);
      assertArrayEquals(text, echoed.toByteArray());
      assertEquals(List.of(CloseReason.FINISHED, CloseReason.FINISHED), ends);
      assertEquals(0, wire.right().waiting());
    }
  }

  @Test
  void shouldReachAListenerOnLoopbackFromThisHostOnly() {
    try (Stack stack = stack()) {
      Sockets sockets = Sockets.on(stack);
      sockets.listen(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 7), 5, socket -> new Echo());
      TcpSocket unused = sockets.connect(new InetSocketAddress("10.1.0.1", 7), new Client(BYTE));
      settle(stack);
      assertEquals(List.of(CloseReason.REFUSED), ends);
      TcpSocket inside =
          sockets.connect(
              new InetSocketAddress("10.1.0.1", 0),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 7),
              new Client(BYTE));
      settle(stack);
      assertEquals(1, echoed.size());
      assertEquals("10.1.0.1", inside.localAddress().getAddress().getHostAddress());
      for (String source : List.of("10.1.0.2", "127.0.0.1", "10.1.0.1")) {
        for (String destination : List.of("127.0.0.1", "127.255.255.254")) {
          ByteBuf forged = syn(source, destination);
          stack.receive(forged);
          forged.release();
        }
      }
      assertEquals(2, stack.counters().get(DropReason.IP_NOT_FOR_US));
      assertEquals(2, stack.counters().get(DropReason.IP_SOURCE_ADDRESS));
      assertEquals(2, stack.counters().get(DropReason.IP_SOURCE_IS_SELF));
      assertEquals(0, wire.right().waiting());
    }
  }

  @Test
  void shouldTellItself_whenOneEndIsReset() {
    try (Stack stack = stack()) {
      Sockets sockets = Sockets.on(stack);
      sockets.listen(7, socket -> new Idle());
      TcpSocket client =
          sockets.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7), new Idle());
      settle(stack);
      assertEquals(2, stack.tcp().connectionCount());
      client.abort();
      settle(stack);
      assertEquals(List.of(CloseReason.ABORTED, CloseReason.RESET), ends);
      assertEquals(0, stack.tcp().connectionCount());
      assertEquals(0, wire.right().waiting());
    }
  }

  /** The last defence, for whoever sends without being a socket. */
  @Test
  void shouldNotLetALoopbackAddressOut() {
    try (Stack stack = stack()) {
      int loopback = IpAddress.parse("127.0.0.1").bits();
      int neighbour = IpAddress.parse("10.1.0.2").bits();
      assertFalse(stack.ipv4().send(stack.ipv4().newPacket(), loopback, neighbour, 17, 0, false));
      assertEquals(1, stack.counters().get(DropReason.LOOPBACK_ON_LINK));
      assertEquals(0, wire.right().waiting());
    }
  }

  @Test
  void shouldStillRefuseWhatIsNobodysAddress() {
    try (Stack stack = stack()) {
      Sockets sockets = Sockets.on(stack);
      for (String address : List.of("0.0.0.0", "255.255.255.255", "224.0.0.1", "10.1.0.255")) {
        IllegalArgumentException thrown =
            assertThrows(
                IllegalArgumentException.class,
                () -> sockets.connect(new InetSocketAddress(address, 80), new Echo()));
        assertTrue(thrown.getMessage().contains(address));
      }
    }
  }
}
