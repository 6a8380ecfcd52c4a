package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.engine.RawPackets;
import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.TcpView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host that connects to the world, behind a stack that is the world. */
class ForwardTcpTest {
  private static final InetSocketAddress FAR = new InetSocketAddress("203.0.113.9", 443);
  private static final InetSocketAddress FARTHER = new InetSocketAddress("198.51.100.1", 80);
  private static final Duration SHORT_MSL = Duration.ofSeconds(1);

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(1500);
  private final Stack host = stack(wire.left(), "10.1.0.2/24", 1);
  private final Stack world = stack(wire.right(), "10.1.0.1/24", 2);
  private final Sockets client = Sockets.on(host);
  private final Sockets server = Sockets.on(world);
  private final List<TcpRequest> requests = new ArrayList<>();
  private final SocketRig.Recorder atClient = new SocketRig.Recorder();
  private final SocketRig.Recorder atServer = new SocketRig.Recorder();
  private boolean hostIsGone;

  private Stack stack(InMemoryLink link, String address, long seed) {
    return Stack.builder(link, clock)
        .address(address)
        .tcp(TcpConfig.DEFAULT.withMsl(SHORT_MSL))
        .random(new SplittableRandom(seed)::nextLong)
        .build();
  }

  @AfterEach
  void close() {
    host.close();
    world.close();
    assertEquals(0, host.slabsInUse());
    assertEquals(0, world.slabsInUse());
    assertEquals(0, world.wheel().armed());
  }

  private void settle() {
    run(Duration.ZERO);
  }

  private void run(Duration time) {
    long end = clock.nanos() + time.toNanos();
    while (true) {
      long now = clock.nanos();
      long next = Math.min(hostIsGone ? Link.NEVER : host.poll(now), world.poll(now));
      boolean idle = wire.left().waiting() + wire.right().waiting() == 0;
      if (idle && next > now) {
        if (next > end) {
          clock.advanceTo(end);
          return;
        }
        clock.advanceTo(next);
      }
    }
  }

  private Forwarder forward(Consumer<TcpRequest> decider) {
    return server.forwardTcp(
        2,
        request -> {
          requests.add(request);
          decider.accept(request);
        });
  }

  private TcpSocket connect(InetSocketAddress to) {
    TcpSocket socket = client.connect(to, atClient);
    settle();
    return socket;
  }

  private long count(Counter counter) {
    return world.counters().get(counter);
  }

  @Test
  void shouldBeWhoeverWasAskedFor_whenAccepted() {
    List<TcpSocket> accepted = new ArrayList<>();
    forward(request -> accepted.add(request.accept(atServer)));
    atServer.whenReadable =
        socket -> {
          ByteBuffer buffer = ByteBuffer.allocate(100);
          socket.read(buffer);
          socket.write(buffer.flip());
          socket.close();
        };
    TcpSocket near = connect(FAR);
    assertEquals(List.of("connected"), atClient.events);
    assertEquals(List.of("connected"), atServer.events);
    assertEquals(near.localAddress(), requests.get(0).source());
    assertEquals(FAR, requests.get(0).destination());
    assertFalse(requests.get(0).isPending());
    assertEquals(FAR, accepted.get(0).localAddress());
    assertEquals(near.localAddress(), accepted.get(0).remoteAddress());
    near.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    settle();
    ByteBuffer answer = ByteBuffer.allocate(10);
    assertEquals(3, near.read(answer));
    assertEquals(-1, near.read(answer));
    near.close();
    settle();
    assertEquals(List.of("connected", "readable", "FINISHED"), atServer.events);
    assertEquals(1, count(Counter.TCP_FORWARD_REQUESTS));
    assertEquals(1, count(Counter.TCP_FORWARD_ACCEPTS));
  }

  @Test
  void shouldAskOnce_andAcceptLater() {
    forward(request -> {});
    connect(FAR);
    run(Duration.ofSeconds(10));
    assertEquals(1, requests.size());
    assertTrue(requests.get(0).isPending());
    assertTrue(world.counters().get(DropReason.TCP_FORWARD_PENDING) >= 2);
    assertEquals(List.of(), atClient.events);
    requests.get(0).accept(atServer);
    settle();
    assertEquals(List.of("connected"), atClient.events);
    assertEquals(List.of("connected"), atServer.events);
    assertThrows(IllegalStateException.class, () -> requests.get(0).accept(atServer));
    assertThrows(IllegalStateException.class, () -> requests.get(0).reject());
    assertThrows(IllegalStateException.class, () -> requests.get(0).ignore());
    assertThrows(IllegalStateException.class, () -> requests.get(0).unreachable(Unreachable.HOST));
  }

  @Test
  void shouldRefuse_whenRejected() {
    forward(TcpRequest::reject);
    connect(FAR);
    assertEquals(List.of("REFUSED"), atClient.events);
    assertEquals(1, count(Counter.TCP_FORWARD_REJECTS));
  }

  @Test
  void shouldSayWithIcmp_whenUnreachable() {
    forward(request -> request.unreachable(Unreachable.PORT));
    connect(FAR);
    assertEquals(List.of("REFUSED"), atClient.events);
    assertEquals(1, host.counters().get(Counter.ICMP_IN_DEST_UNREACHS));
    assertEquals(0, host.counters().get(DropReason.ICMP_BAD_QUOTE));
    assertEquals(0, host.counters().get(DropReason.ICMP_IGNORED));
    assertEquals(1, count(Counter.TCP_FORWARD_REJECTS));
    assertEquals(0, world.tcp().connectionCount());
  }

  @Test
  void shouldBeAskedAgain_whenIgnored() {
    forward(TcpRequest::ignore);
    connect(FAR);
    assertEquals(1, requests.size());
    run(Duration.ofSeconds(2));
    assertEquals(2, requests.size());
    assertEquals(List.of(), atClient.events);
  }

  @Test
  void shouldForget_whenNobodyDecidesInTime() {
    forward(request -> {});
    connect(FAR);
    host.close();
    hostIsGone = true;
    run(Duration.ofSeconds(62));
    assertTrue(requests.get(0).isPending());
    run(Duration.ofSeconds(2));
    assertFalse(requests.get(0).isPending());
    assertEquals(1, count(Counter.TCP_FORWARD_EXPIRED));
    assertEquals(0, world.tcp().connectionCount());
  }

  @Test
  void shouldForget_whenThePeerResets() {
    forward(request -> {});
    TcpSocket socket = connect(FAR);
    int port = socket.localAddress().getPort();
    ByteBuf reset =
        RawPackets.tcp(
            RawPackets.tuple("10.1.0.2", port, "203.0.113.9", 443), TcpView.RST, 1, 0, new byte[0]);
    world.receive(reset);
    reset.release();
    assertFalse(requests.get(0).isPending());
    assertEquals(1, count(Counter.TCP_FORWARD_EXPIRED));
  }

  @Test
  void shouldBoundWhatWaits() {
    forward(request -> {});
    for (int i = 0; i < 5; i++) {
      connect(FAR);
    }
    assertEquals(2, requests.size());
    assertEquals(3, world.counters().get(DropReason.TCP_FORWARD_QUEUE_FULL));
    requests.get(0).ignore();
    run(Duration.ofSeconds(3));
    assertEquals(3, requests.size());
  }

  @Test
  void shouldLeaveToListeners_whatIsTheirs() {
    forward(TcpRequest::reject);
    server.listen(443, socket -> atServer);
    connect(new InetSocketAddress("10.1.0.1", 443));
    assertEquals(List.of("connected"), atServer.events);
    assertEquals(0, requests.size());
    connect(FAR);
    assertEquals(FAR, requests.get(0).destination(), "a listener is on our own addresses only");
    connect(new InetSocketAddress("10.1.0.1", 444));
    assertEquals(444, requests.get(1).destination().getPort());
  }

  @Test
  void shouldRejectAndGoOn_whenTheDeciderThrows() {
    forward(
        request -> {
          throw new IllegalStateException("as planned");
        });
    connect(FAR);
    connect(FARTHER);
    assertEquals(List.of("REFUSED", "REFUSED"), atClient.events);
    assertEquals(2, count(Counter.TCP_ABORT_ON_CALLBACK));
  }

  @Test
  void shouldTellTheHandler_whenTheHandshakeIsNotCompleted() {
    forward(request -> {});
    connect(FAR);
    host.close();
    hostIsGone = true;
    requests.get(0).accept(atServer);
    run(Duration.ofMinutes(2));
    assertEquals(List.of("TIMED_OUT"), atServer.events);
  }

  @Test
  void shouldLetConnectionsLive_whenClosed() {
    forward(request -> request.accept(atServer)).close();
    Forwarder second = forward(request -> request.accept(atServer));
    TcpSocket socket = connect(FAR);
    second.close();
    second.close();
    socket.write(ByteBuffer.allocate(5));
    settle();
    assertEquals(List.of("connected", "readable"), atServer.events);
    connect(FARTHER);
    assertEquals(1, requests.size());
    assertTrue(world.counters().get(DropReason.IP_NOT_FOR_US) > 0);
    assertEquals(List.of("connected"), atClient.events, "silence, not a RST in others' names");
  }

  @Test
  void shouldForgetWhatWaits_whenClosed() {
    Forwarder forwarder = forward(request -> {});
    connect(FAR);
    forwarder.close();
    assertFalse(requests.get(0).isPending());
    assertEquals(0, world.tcp().connectionCount());
  }

  @Test
  void shouldBeOneOnly() {
    forward(request -> {});
    assertThrows(IllegalStateException.class, () -> forward(request -> {}));
    assertThrows(IllegalArgumentException.class, () -> client.forwardTcp(0, request -> {}));
  }

  @Test
  void shouldTakeANewConnectionInPlaceOfOneInTimeWait() {
    List<TcpSocket> accepted = new ArrayList<>();
    forward(request -> accepted.add(request.accept(atServer)));
    InetSocketAddress port = new InetSocketAddress("10.1.0.2", 4000);
    TcpSocket socket = client.connect(port, FAR, atClient);
    settle();
    accepted.get(0).close();
    settle();
    assertEquals(-1, socket.read(ByteBuffer.allocate(1)));
    socket.close();
    settle();
    assertEquals(1, world.tcp().timeWaitCount());
    clock.advance(Duration.ofMillis(10));
    client.connect(port, FAR, atClient);
    settle();
    assertEquals(2, accepted.size());
    assertEquals(1, count(Counter.TCP_TW_RECYCLED));
  }

  /** Without a forwarder a host is a host: what is for others is none of its business. */
  @Test
  void shouldKeepSilent_withoutAForwarder() {
    connect(FAR);
    assertEquals(List.of(), atClient.events);
    assertEquals(1, world.counters().get(DropReason.IP_NOT_FOR_US));
    assertEquals(0, count(Counter.TCP_OUT_RSTS));
  }
}
