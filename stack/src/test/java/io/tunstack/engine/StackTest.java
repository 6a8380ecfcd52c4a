package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.net.Alarm;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.TcpView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StackTest {
  private static final int MTU = 1500;
  private static final int FLAGS_AT = OutboundPacket.IP_HEADER_ROOM;

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair pair = InMemoryLink.pair(MTU);
  private final Stack server = stack(pair.left(), "10.0.0.1/24", 1);
  private final Stack client = stack(pair.right(), "10.0.0.2/24", 2);
  private final ByteBuf wire = Unpooled.buffer(MTU);

  private Stack stack(Link link, String address, long seed) {
    return Stack.builder(link, clock)
        .address(address)
        .tcp(TcpConfig.DEFAULT)
        .random(new SplittableRandom(seed)::nextLong)
        .build();
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
    assertEquals(0, server.slabsInUse());
    assertEquals(0, client.slabsInUse());
    wire.release();
  }

  private TcpSocket connect() {
    return Sockets.on(client).connect(new InetSocketAddress("10.0.0.1", 80), socket -> {});
  }

  private void poll() {
    for (int i = 0; i < 10; i++) {
      client.poll(clock.nanos());
      server.poll(clock.nanos());
    }
  }

  @Test
  void shouldHaveProcessedAPacketToTheEnd_whenReceiveReturns() {
    List<String> events = new ArrayList<>();
    Sockets.on(server)
        .listen(
            80,
            socket -> {
              events.add("accepted");
              return readable -> {
                ByteBuffer target = ByteBuffer.allocate(10);
                events.add("read " + readable.read(target));
                readable.write(target.flip());
              };
            });
    TcpSocket socket = connect();
    handOver();
    assertEquals("S.", flagsOf(pair.right()), "the SYN,ACK has left");
    client.receive(wire);
    handOver();
    assertEquals(List.of("accepted"), events, "callbacks have run");
    socket.write(ByteBuffer.wrap(new byte[3]));
    client.poll(clock.nanos());
    handOver();
    assertEquals(List.of("accepted", "read 3"), events);
    assertEquals("P.", flagsOf(pair.right()), "the answer of the callback has left");
  }

  /** Gives the server what the client has sent, without polling it. */
  private void handOver() {
    assertTrue(pair.left().receive(wire) > 0);
    server.receive(wire);
    assertEquals(0, pair.left().waiting());
  }

  private String flagsOf(InMemoryLink end) {
    assertEquals(1, end.waiting());
    end.receive(wire);
    return TcpView.flagsToString(TcpView.flags(wire, FLAGS_AT));
  }

  @Test
  void shouldAnswerNever_whenOnlyAPacketCanMakeADifference() {
    Sockets.on(server).listen(80, socket -> readable -> {});
    assertEquals(Link.NEVER, server.poll(clock.nanos()));
  }

  @Test
  void shouldAnswerTheNextTimer_andDoNothingBefore() {
    connect();
    long deadline = client.poll(clock.nanos());
    assertEquals(TcpConfig.DEFAULT.initialRto().toNanos(), deadline);
    pair.left().receive(wire);
    clock.advanceTo(deadline - 1);
    assertEquals(deadline, client.poll(clock.nanos()));
    assertEquals(0, pair.left().waiting());
    clock.advanceTo(deadline);
    assertTrue(client.poll(clock.nanos()) > deadline);
    assertEquals("S", flagsOf(pair.left()));
  }

  @Test
  void shouldSayWhenItsLinkHasSomething_whenThatComesFirst() {
    DelayingLink link = new DelayingLink(5);
    Stack stack = stack(link, "10.0.0.3/24", 3);
    assertEquals(5, stack.poll(0));
    stack.close();
  }

  @Test
  void shouldAskToBePolledAgain_whenABatchWasNotTheEnd() {
    FloodingLink link = new FloodingLink();
    Stack stack = stack(link, "10.0.0.3/24", 3);
    assertEquals(7, stack.poll(7));
    assertEquals(Stack.BATCH_PACKETS, link.read);
    stack.close();
  }

  @Test
  void shouldFireTimers_whenInputNeverEnds() {
    FloodingLink link = new FloodingLink();
    Stack stack = stack(link, "10.0.0.3/24", 3);
    int[] rung = new int[1];
    Alarm alarm = Sockets.on(stack).alarm(() -> rung[0]++);
    alarm.arm(Duration.ofMillis(1));
    clock.advance(Duration.ofMillis(2));
    stack.poll(clock.nanos());
    assertEquals(0, rung[0], "input that waits goes first: it may be what the timer waits for");
    for (int turns = 0; turns < 200 && rung[0] == 0; turns++) {
      stack.poll(clock.nanos());
    }
    assertEquals(1, rung[0]);
    stack.close();
  }

  @Test
  void shouldSendEverything_inTurns() {
    Sockets.on(server).listen(80, socket -> readable -> {});
    TcpSocket socket = connect();
    poll();
    assertEquals(TcpState.ESTABLISHED, socket.info().state());
    byte[] bytes = new byte[100_000];
    assertEquals(bytes.length, socket.write(ByteBuffer.wrap(bytes)));
    poll();
    assertEquals(bytes.length, server.tcp().connections().get(0).unreadBytes());
    assertEquals(0, socket.info().unsentBytes());
  }

  @Test
  void shouldResetConnectionsAndReleaseEverything_whenClosed() {
    Sockets.on(server).listen(80, socket -> readable -> {});
    TcpSocket socket = connect();
    poll();
    socket.write(ByteBuffer.wrap(new byte[50_000]));
    poll();
    assertNotEquals(0, server.slabsInUse());
    server.close();
    assertEquals(0, server.slabsInUse());
    assertEquals(0, server.wheel().armed());
    assertThrows(IllegalStateException.class, () -> server.poll(0));
    assertThrows(IllegalStateException.class, () -> server.receive(wire));
    assertFalse(pair.left().send(new OutboundPacket()), "the link is closed too");
  }

  @Test
  void shouldHandOutItsParts() {
    assertSame(clock, server.clock());
    assertSame(pair.left(), server.link());
    assertEquals(MTU, server.ipv4().mtu());
    assertEquals(0, server.tcp().connectionCount());
    assertEquals(0, server.counters().get(Counter.TCP_IN_SEGS));
  }

  @Test
  void shouldRefuseToBeBuilt_withoutAnAddress() {
    Stack.Builder builder = Stack.builder(pair.left(), clock);
    assertThrows(IllegalStateException.class, builder::build);
    assertThrows(IllegalArgumentException.class, () -> builder.address("10.0.0.1"));
  }

  @Test
  void shouldStillTakeWhatItHadRead_whenATurnHasFailed() {
    FailingOnceLink link = new FailingOnceLink(pair.left());
    Stack stack = stack(link, "10.0.0.3/24", 3);
    Sockets.on(client).connect(new InetSocketAddress("10.0.0.3", 80), socket -> {});
    Sockets.on(client).connect(new InetSocketAddress("10.0.0.3", 81), socket -> {});
    client.poll(clock.nanos());
    assertEquals(2, pair.left().waiting());

    assertThrows(IllegalStateException.class, () -> stack.poll(clock.nanos()));
    assertEquals(0, pair.right().waiting());
    stack.poll(clock.nanos());

    assertEquals(2, pair.right().waiting(), "both SYNs are answered");
    stack.close();
  }

  /** A defect shows itself once, after the packets that waited have been read. */
  private static final class FailingOnceLink implements Link {
    private final Link behind;
    private boolean failed;

    FailingOnceLink(Link behind) {
      this.behind = behind;
    }

    @Override
    public int receive(ByteBuf into) {
      int length = behind.receive(into);
      if (length == 0 && !failed) {
        failed = true;
        throw new IllegalStateException("a defect, as planned");
      }
      return length;
    }

    @Override
    public int mtu() {
      return behind.mtu();
    }

    @Override
    public boolean send(OutboundPacket packet) {
      return behind.send(packet);
    }

    @Override
    public void close() {}
  }

  /** Never runs dry. What it delivers is no packet, which a stack survives. */
  private static final class FloodingLink implements Link {
    private int read;

    @Override
    public int mtu() {
      return MTU;
    }

    @Override
    public boolean send(OutboundPacket packet) {
      return false;
    }

    @Override
    public int receive(ByteBuf into) {
      read++;
      into.clear().writeByte(0);
      return 1;
    }

    @Override
    public void close() {}
  }

  /** Has something to deliver by itself, later. */
  private record DelayingLink(long nextDeadline) implements Link {
    @Override
    public int mtu() {
      return MTU;
    }

    @Override
    public boolean send(OutboundPacket packet) {
      return false;
    }

    @Override
    public int receive(ByteBuf into) {
      return 0;
    }

    @Override
    public void close() {}
  }
}
