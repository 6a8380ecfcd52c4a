package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** Whatever comes in: when {@code receive} has returned, {@code poll} finds nothing left to do. */
class CallerDrivenProperties {
  private static final FourTuple TO_SERVER = RawPackets.tuple("10.1.0.2", 4000, "10.1.0.1", 7);
  private static final FourTuple TO_NOBODY = RawPackets.tuple("10.1.0.2", 4000, "10.1.0.1", 9);

  /** Near the wrap. */
  private static final int ISS = -2000;

  /**
   * Something that arrives.
   *
   * @param kind which sort of packet
   * @param flags TCP's, where it is TCP
   * @param ahead how far behind what the peer sent last it lies
   * @param length of its text
   */
  record Arrival(Kind kind, int flags, int ahead, int length) {}

  enum Kind {
    SEGMENT,
    SEGMENT_FOR_NOBODY,
    ECHO,
    DATAGRAM
  }

  /** An echo server that also counts how often it is called. */
  private static final class Echo implements TcpHandler {
    private int calls;
    private int reads;

    @Override
    public void onReadable(TcpSocket socket) {
      calls++;
      ByteBuffer text = ByteBuffer.allocate(5000);
      int n = socket.read(text);
      if (n < 0) {
        socket.close();
      } else if (socket.writable() >= n) {
        reads++;
        socket.write(text.flip());
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      calls++;
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void shouldLeaveNothingToDo_whenReceiveReturns(@ForAll("arrivals") List<Arrival> arrivals) {
    VirtualClock clock = new VirtualClock();
    InMemoryLink.Pair wire = InMemoryLink.pair(1500);
    Echo echo = new Echo();
    int answers = 0;
    boolean wrapped = false;
    try (Stack stack =
        Stack.builder(wire.left(), clock)
            .address("10.1.0.1/24")
            .random(new SplittableRandom(1)::nextLong)
            .build()) {
      Sockets.on(stack).listen(7, socket -> echo);
      Peer peer = new Peer();
      for (Arrival arrival : arrivals) {
        ByteBuf packet = peer.packet(arrival);
        stack.receive(packet);
        packet.release();
        answers += peer.take(wire.right());
        int calls = echo.calls;
        stack.poll(clock.nanos());
        assertEquals(0, wire.right().waiting(), () -> "a packet late after " + arrival);
        assertEquals(calls, echo.calls, () -> "a callback late after " + arrival);
        wrapped |= peer.next >= 0;
      }
    }
    Statistics.label("answers").collect(answers > 2);
    Statistics.label("the application read").collect(echo.reads > 0);
    Statistics.label("wrapped").collect(wrapped && echo.reads > 0);
    Statistics.label("answers").coverage(c -> c.check(true).percentage(p -> p > 50));
    Statistics.label("the application read").coverage(c -> c.check(true).percentage(p -> p > 30));
    Statistics.label("wrapped").coverage(c -> c.check(true).percentage(p -> p > 5));
  }

  /** Keeps numbers as far as it takes to be listened to. */
  private static final class Peer {
    private final ByteBuf out = Unpooled.buffer(1500);
    private int next = ISS;
    private int acknowledged;

    ByteBuf packet(Arrival a) {
      return switch (a.kind()) {
        case ECHO -> RawPackets.echoRequest("10.1.0.2", "10.1.0.1", new byte[a.length()]);
        case DATAGRAM -> RawPackets.udp(TO_NOBODY, new byte[a.length()]);
        case SEGMENT_FOR_NOBODY ->
            RawPackets.tcp(TO_NOBODY, a.flags(), a.ahead(), 1, new byte[a.length()]);
        case SEGMENT -> segment(a);
      };
    }

    private ByteBuf segment(Arrival a) {
      boolean syn = next == ISS || (a.flags() & TcpView.SYN) != 0;
      int flags = next == ISS ? TcpView.SYN : a.flags();
      int length = syn ? 0 : a.length();
      int seq = next + (next == ISS ? 0 : a.ahead());
      int ack = (flags & TcpView.ACK) == 0 ? 0 : acknowledged;
      if (seq == next) {
        next += length + (next == ISS ? 1 : 0);
      }
      return RawPackets.tcp(TO_SERVER, flags, seq, ack, new byte[length]);
    }

    /** Takes what has left and answers how many packets that were. */
    int take(InMemoryLink link) {
      int count = 0;
      while (link.receive(out) > 0) {
        count++;
        int at = Ipv4View.MIN_HEADER_LENGTH;
        boolean mine =
            Ipv4View.protocol(out, 0) == TcpView.PROTOCOL && TcpView.sourcePort(out, at) == 7;
        if (mine && (TcpView.flags(out, at) & TcpView.RST) == 0) {
          int length = out.readableBytes() - at - TcpView.headerLength(out, at);
          boolean counts = (TcpView.flags(out, at) & (TcpView.SYN | TcpView.FIN)) != 0;
          acknowledged = TcpView.sequence(out, at) + length + (counts ? 1 : 0);
        }
      }
      return count;
    }
  }

  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(12, Kind.SEGMENT),
            Tuple.of(1, Kind.SEGMENT_FOR_NOBODY),
            Tuple.of(1, Kind.ECHO),
            Tuple.of(1, Kind.DATAGRAM));
    Arbitrary<Integer> flags =
        Arbitraries.frequency(
            Tuple.of(20, TcpView.ACK),
            Tuple.of(5, TcpView.ACK | TcpView.PSH),
            Tuple.of(1, TcpView.ACK | TcpView.FIN),
            Tuple.of(1, TcpView.SYN),
            Tuple.of(1, TcpView.RST),
            Tuple.of(1, 0));
    Arbitrary<Integer> ahead =
        Arbitraries.frequency(
            Tuple.of(10, 0), Tuple.of(1, 500), Tuple.of(1, -300), Tuple.of(1, 100_000));
    Arbitrary<Integer> length =
        Arbitraries.integers().between(0, 1400).withDistribution(RandomDistribution.uniform());
    return Combinators.combine(kinds, flags, ahead, length)
        .as(Arrival::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(25)
        .withSizeDistribution(RandomDistribution.uniform());
  }
}
