package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.net.UdpHandler;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Four engines that are one host, and a device that gives each packet to whichever it likes: the
 * worst that a kernel could do.
 */
class EngineGroupTest {
  private static final int ENGINES = 4;
  private static final int PORT = 80;
  private static final byte[] QUESTION = new byte[100];
  private static final byte[] ANSWER = new byte[5_000];

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(1500);
  private final SplittableRandom random = new SplittableRandom(7);
  private final EngineGroup group = EngineGroup.of(ENGINES);
  private final List<Stack> engines = new ArrayList<>();
  private final Stack client =
      Stack.builder(wire.right(), clock)
          .address("10.77.0.1/24")
          .random(new SplittableRandom(1)::nextLong)
          .build();

  /** Which queue the device gives the next packet to; -1 for any. */
  private int queue = -1;

  private int completed;
  private int resets;

  private Stack start(TcpConfig config) {
    for (int i = 0; i < ENGINES; i++) {
      engines.add(
          Stack.builder(new Queue(i), clock)
              .address("10.77.0.2/24")
              .tcp(config)
              .random(new SplittableRandom(2 + i)::nextLong)
              .member(group, i)
              .build());
    }
    return engines.get(0);
  }

  private void serveEverywhere() {
    engines.forEach(engine -> Sockets.on(engine).listen(PORT, socket -> new Answering()));
  }

  @AfterEach
  void nothingIsHeld() {
    pass(Duration.ofMinutes(5));
    for (Stack engine : engines) {
      assertEquals(0, engine.slabsInUse());
    }
    assertEquals(0, group.connections());
    engines.forEach(Stack::close);
    client.close();
  }

  @Test
  void shouldServeEveryConnection_whereverThePacketsCome() {
    start(TcpConfig.DEFAULT);
    serveEverywhere();

    connect(500);
    pass(Duration.ofSeconds(20));

    assertEquals(500, completed);
    assertEquals(0, resets);
    long handedOver = 0;
    for (Stack engine : engines) {
      long own = engine.counters().snapshot().get("TcpPassiveOpens");
      assertTrue(own > 50, own + " connections in one engine");
      handedOver += own;
    }
    assertEquals(500, handedOver);
  }

  @Test
  void shouldTakeEachOthersCookies() {
    start(TcpConfig.builder().maxHalfOpen(1).build());
    serveEverywhere();

    connect(200);
    pass(Duration.ofSeconds(60));

    assertEquals(200, completed);
    assertEquals(0, resets);
    long cookies = 0;
    for (Stack engine : engines) {
      cookies += engine.counters().snapshot().get("TcpExtSyncookiesRecv");
    }
    assertTrue(cookies > 20, cookies + " cookies");
  }

  @Test
  void shouldFindTheEngineThatListens() {
    start(TcpConfig.DEFAULT);
    Sockets.on(engines.get(2)).listen(PORT, socket -> new Answering());

    connect(50);
    pass(Duration.ofSeconds(20));

    assertEquals(50, completed);
    assertEquals(50, engines.get(2).counters().snapshot().get("TcpPassiveOpens"));
  }

  @Test
  void shouldRefuse_whenNoneListens() {
    start(TcpConfig.DEFAULT);

    connect(20);
    pass(Duration.ofSeconds(1));

    assertEquals(0, completed);
    assertEquals(20, resets);
  }

  @Test
  void shouldOpenConnectionsFromPortsOfTheirOwn() {
    start(TcpConfig.DEFAULT);
    List<InetSocketAddress> from = new ArrayList<>();
    Sockets.on(client).listen(9000, socket -> new Answering());
    for (int i = 0; i < 40; i++) {
      TcpSocket socket =
          Sockets.on(engines.get(i % ENGINES)).connect(address("10.77.0.1", 9000), new Asking());
      assertEquals(i % ENGINES, socket.localAddress().getPort() % ENGINES);
      from.add(socket.localAddress());
    }
    pass(Duration.ofSeconds(20));

    assertEquals(40, completed);
    assertEquals(40, from.stream().distinct().count());
  }

  @Test
  void shouldTellTheOwnerOfItsErrors_whereverTheyCome() {
    start(TcpConfig.DEFAULT);
    CloseReason[] reason = new CloseReason[1];
    Sockets.on(engines.get(1))
        .connect(
            address("10.77.0.1", 9000),
            new TcpHandler() {
              @Override
              public void onReadable(TcpSocket socket) {}

              @Override
              public void onClosed(TcpSocket socket, CloseReason why) {
                reason[0] = why;
              }
            });
    queue = 3;
    ByteBuf syn = Unpooled.buffer(2_000);
    wire.right().receive(syn);
    client.ipv4().sendUnreachable(syn, IcmpView.PORT_UNREACHABLE, clock.nanos());
    syn.release();
    pass(Duration.ofSeconds(1));

    assertEquals(CloseReason.REFUSED, reason[0]);
  }

  @Test
  void shouldPutFragmentsTogether_whereverTheyCome() {
    Stack first = start(TcpConfig.DEFAULT);
    List<Integer> lengths = new ArrayList<>();
    UdpHandler handler =
        socket -> {
          for (var next = socket.receive(); next.isPresent(); next = socket.receive()) {
            lengths.add(next.get().length());
          }
        };
    Sockets.on(first).bindUdp(53, handler);
    assertThrows(
        IllegalStateException.class, () -> Sockets.on(engines.get(1)).bindUdp(54, handler));
    var sender = Sockets.on(client).bindUdp(0, socket -> {});
    for (int i = 0; i < 30; i++) {
      sender.send(ByteBuffer.allocate(6_000 + i), address("10.77.0.2", 53));
    }
    pass(Duration.ofSeconds(1));

    assertEquals(30, lengths.size());
  }

  @Test
  void shouldRefuseNumbersThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> EngineGroup.of(0));
    assertThrows(IllegalArgumentException.class, () -> EngineGroup.of(257));
    Stack.Builder builder = Stack.builder(new Queue(0), clock);
    assertThrows(IllegalArgumentException.class, () -> builder.member(group, ENGINES));
  }

  private void connect(int count) {
    for (int i = 0; i < count; i++) {
      Sockets.on(client).connect(address("10.77.0.2", PORT), new Asking());
    }
  }

  private static InetSocketAddress address(String address, int port) {
    return new InetSocketAddress(IpAddress.parse(address).toInetAddress(), port);
  }

  private void pass(Duration time) {
    long end = clock.nanos() + time.toNanos();
    while (clock.nanos() < end) {
      long now = clock.nanos();
      long next = client.poll(now);
      for (Stack engine : engines) {
        next = Math.min(next, engine.poll(now));
      }
      boolean quiet = wire.left().waiting() + wire.right().waiting() == 0;
      if (quiet && engines.stream().noneMatch(Stack::hasHandedOver) && next > now) {
        clock.advanceTo(Math.min(end, next));
      }
    }
  }

  /** One queue of the device: gets a packet when it is its turn, which chance decides. */
  private final class Queue implements Link {
    private final int index;

    Queue(int index) {
      this.index = index;
    }

    @Override
    public int mtu() {
      return wire.left().mtu();
    }

    @Override
    public boolean send(OutboundPacket packet) {
      return wire.left().send(packet);
    }

    @Override
    public int receive(ByteBuf into) {
      if (wire.left().waiting() == 0) {
        return 0;
      }
      int chosen = queue >= 0 ? queue : random.nextInt(ENGINES);
      return chosen == index ? wire.left().receive(into) : 0;
    }

    @Override
    public long nextDeadline() {
      return NEVER;
    }

    @Override
    public void close() {}
  }

  /** Asks, and counts what came of it. */
  private final class Asking implements TcpHandler {
    private final ByteBuffer answer = ByteBuffer.allocate(ANSWER.length + 1);

    @Override
    public void onConnected(TcpSocket socket) {
      socket.write(ByteBuffer.wrap(QUESTION));
    }

    @Override
    public void onReadable(TcpSocket socket) {
      int read = socket.read(answer);
      while (read > 0) {
        read = socket.read(answer);
      }
      if (read < 0 && answer.position() == ANSWER.length) {
        completed++;
        socket.close();
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      if (reason != CloseReason.FINISHED) {
        resets++;
      }
    }
  }

  /** Answers a question and says good-bye. */
  private static final class Answering implements TcpHandler {
    private final ByteBuffer question = ByteBuffer.allocate(QUESTION.length + 1);

    @Override
    public void onReadable(TcpSocket socket) {
      socket.read(question);
      if (question.position() == QUESTION.length) {
        socket.write(ByteBuffer.wrap(ANSWER));
        socket.close();
      }
    }
  }
}
