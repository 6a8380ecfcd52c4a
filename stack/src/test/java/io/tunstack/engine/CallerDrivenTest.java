package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a conformance harness counts on: when {@code receive} returns, the packet has been processed
 * to the end, callbacks and answers included, and nothing else has happened; time alone does
 * nothing. Nobody calls {@code poll} here but where it says so.
 */
class CallerDrivenTest {
  private static final String HERE = "10.1.0.1";
  private static final String PEER = "10.1.0.2";
  private static final FourTuple TO_SERVER = RawPackets.tuple(PEER, 4000, HERE, 7);

  /** Near the wrap, so that text crosses it. */
  private static final int ISS = -100;

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(1500);
  private final Stack stack =
      Stack.builder(wire.left(), clock)
          .address(HERE + "/24")
          .random(new SplittableRandom(5)::nextLong)
          .tcp(TcpConfig.DEFAULT.toBuilder().quickAcks(0).build())
          .build();
  private final List<String> events = new ArrayList<>();
  private final ByteBuf out = Unpooled.buffer(1500);

  /** What the application does with what it reads. */
  private TcpHandler whenReadable = socket -> {};

  private TcpSocket accepted;
  private int ourSeq;

  @AfterEach
  void close() {
    stack.close();
    assertEquals(0, stack.slabsInUse());
  }

  private final class Noting implements TcpHandler {
    @Override
    public void onConnected(TcpSocket socket) {
      accepted = socket;
      events.add("connected");
    }

    @Override
    public void onReadable(TcpSocket socket) {
      events.add("readable");
      whenReadable.onReadable(socket);
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      events.add(reason.name());
    }
  }

  private void receive(ByteBuf packet) {
    stack.receive(packet);
    packet.release();
  }

  /** A segment of the peer's; numbers are relative. */
  private void segment(int flags, int seq, int textLength) {
    int ack = (flags & TcpView.ACK) == 0 ? 0 : ourSeq;
    receive(RawPackets.tcp(TO_SERVER, flags, ISS + seq, ack, new byte[textLength]));
  }

  /** What has left, a word for each packet: flags, relative acknowledgment and length for TCP. */
  private List<String> sent() {
    List<String> all = new ArrayList<>();
    while (wire.right().receive(out) > 0) {
      int at = Ipv4View.MIN_HEADER_LENGTH;
      switch (Ipv4View.protocol(out, 0)) {
        case TcpView.PROTOCOL -> {
          int length = out.readableBytes() - at - TcpView.headerLength(out, at);
          int flags = TcpView.flags(out, at);
          if ((flags & TcpView.SYN) != 0) {
            ourSeq = TcpView.sequence(out, at) + 1;
          }
          String ack =
              (flags & TcpView.ACK) == 0 ? "" : " " + (TcpView.acknowledgment(out, at) - ISS);
          all.add(TcpView.flagsToString(flags) + ack + (length > 0 ? " (" + length + ")" : ""));
        }
        case 1 -> all.add("icmp " + IcmpView.type(out, at) + "." + IcmpView.code(out, at));
        default -> all.add("other");
      }
    }
    return all;
  }

  private void listen() {
    Sockets.on(stack).listen(7, socket -> new Noting());
  }

  private void establish() {
    listen();
    segment(TcpView.SYN, 0, 0);
    assertEquals(List.of("S. 1"), sent());
    segment(TcpView.ACK, 1, 0);
    assertEquals(List.of("connected"), events);
    events.clear();
  }

  @Test
  void shouldAnswerASyn() {
    listen();
    segment(TcpView.SYN, 0, 0);
    assertEquals(List.of("S. 1"), sent());
    assertEquals(List.of(), events);
  }

  @Test
  void shouldCallTheApplication_andSendItsAnswer() {
    establish();
    assertEquals(List.of(), sent());
    whenReadable =
        socket -> {
          ByteBuffer text = ByteBuffer.allocate(100);
          socket.read(text);
          socket.write(text.flip());
        };
    segment(TcpView.ACK | TcpView.PSH, 1, 50);
    assertEquals(List.of("readable"), events);
    assertEquals(List.of("P. 51 (50)"), sent());
  }

  @Test
  void shouldDelayAnAcknowledgment_untilTheCallersClockSaysSo() {
    establish();
    segment(TcpView.ACK, 1, 100);
    assertEquals(List.of(), sent());
    clock.advance(Duration.ofHours(1));
    assertEquals(List.of(), sent(), "time alone does nothing");
    stack.poll(clock.nanos());
    assertEquals(List.of(". 101"), sent());
  }

  @Test
  void shouldAcknowledgeAtOnce_whatWantsThat() {
    establish();
    segment(TcpView.ACK, 1, 1000);
    segment(TcpView.ACK, 1001, 1000);
    assertEquals(List.of(". 2001"), sent(), "the second full segment");
    segment(TcpView.ACK, 3001, 1000);
    assertEquals(List.of(". 2001"), sent(), "out of order");
    segment(TcpView.ACK, 2001, 1000);
    assertEquals(List.of(". 4001"), sent(), "the gap is filled");
    segment(TcpView.ACK, 1, 1000);
    assertEquals(List.of(". 4001"), sent(), "a duplicate");
    segment(TcpView.SYN, 4001, 0);
    assertEquals(List.of(". 4001"), sent(), "a challenge");
    segment(TcpView.ACK | TcpView.FIN, 4001, 0);
    assertEquals(List.of(". 4002"), sent(), "a FIN");
  }

  @Test
  void shouldCloseToTheEnd() {
    establish();
    whenReadable = TcpSocket::close;
    segment(TcpView.ACK | TcpView.FIN, 1, 0);
    assertEquals(List.of("F. 2"), sent());
    ourSeq++;
    segment(TcpView.ACK, 2, 0);
    assertEquals(List.of("readable", "FINISHED"), events);
    assertEquals(List.of(), sent());
  }

  @Test
  void shouldTellOfAReset() {
    establish();
    segment(TcpView.RST, 1, 0);
    assertEquals(List.of("RESET"), events);
    assertEquals(List.of(), sent());
  }

  @Test
  void shouldRefuse_whereNobodyListens() {
    segment(TcpView.SYN, 0, 0);
    assertEquals(List.of("R. 1"), sent());
    segment(TcpView.ACK, 1, 0);
    assertEquals(List.of("R"), sent());
  }

  @Test
  void shouldSendAllThatTheWindowsAllow_howeverMuchTheApplicationWrites() {
    establish();
    whenReadable = socket -> socket.write(ByteBuffer.allocate(500_000));
    segment(TcpView.ACK | TcpView.PSH, 1, 1);
    // No MSS option came, so segments are 536 bytes; RFC 6928's initial window is ten of them.
    assertEquals(10, sent().size());
    assertEquals(5360, accepted.unacknowledged());
    assertEquals(500_000 - 5360, accepted.unsent());
  }

  @Test
  void shouldNotFireTimers_whenAPacketIsReceived() {
    establish();
    accepted.write(ByteBuffer.allocate(10));
    stack.poll(clock.nanos());
    assertEquals(List.of("P. 1 (10)"), sent());
    clock.advance(Duration.ofSeconds(30));
    receive(RawPackets.echoRequest(PEER, HERE, new byte[10]));
    assertEquals(List.of("icmp 0.0"), sent());
    stack.poll(clock.nanos());
    assertEquals(List.of("P. 1 (10)"), sent());
  }

  @Test
  void shouldAnswerAnEcho() {
    receive(RawPackets.echoRequest(PEER, HERE, new byte[1000]));
    assertEquals(List.of("icmp 0.0"), sent());
  }

  @Test
  void shouldSayThatAUdpPortIsClosed() {
    receive(RawPackets.udp(RawPackets.tuple(PEER, 4000, HERE, 9), new byte[10]));
    assertEquals(List.of("icmp 3.3"), sent());
  }

  @Test
  void shouldAnswerWithTheLastFragment_andCutTheAnswer() {
    ByteBuf whole = RawPackets.echoRequest(PEER, HERE, new byte[2992]);
    receive(RawPackets.fragment(whole, 1480, 1480));
    receive(RawPackets.fragment(whole, 2960, 40));
    assertEquals(List.of(), sent());
    receive(RawPackets.fragment(whole, 0, 1480));
    assertEquals(3, wire.right().waiting(), "the reply in three fragments");
    whole.release();
  }

  @Test
  void shouldForgetFragments_onlyWhenTheCallerPolls() {
    ByteBuf whole = RawPackets.echoRequest(PEER, HERE, new byte[2992]);
    receive(RawPackets.fragment(whole, 0, 1480));
    whole.release();
    clock.advance(Duration.ofMinutes(2));
    assertEquals(1, stack.ipv4().fragmentedDatagramsHeld());
    stack.poll(clock.nanos());
    assertEquals(List.of("icmp 11.1"), sent());
  }

  /** A proxy to itself: what one packet brings about between our own two ends is done, too. */
  @Test
  void shouldHaveDoneWhatHappensInside() {
    establish();
    List<String> inside = new ArrayList<>();
    Sockets sockets = Sockets.on(stack);
    sockets.listen(
        8,
        socket ->
            peer -> {
              ByteBuffer text = ByteBuffer.allocate(10);
              inside.add("read " + peer.read(text));
            });
    whenReadable =
        socket ->
            sockets
                .connect(new InetSocketAddress(HERE, 8), peer -> {})
                .write(ByteBuffer.allocate(5));
    segment(TcpView.ACK | TcpView.PSH, 1, 1);
    assertEquals(List.of("read 5"), inside);
    assertTrue(sent().isEmpty());
  }
}
