package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.TcpView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Honest clients among those who only want to use something up. */
class AttackTest {
  private static final int RESPONSE = 20_000;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Simulation simulation = new Simulation(77);

  @AfterEach
  void close() {
    simulation.close();
  }

  /** Answers whatever it reads with so many bytes, and closes. */
  private static final class Server implements TcpHandler {
    private final ByteBuffer buffer = ByteBuffer.allocate(16_384);
    private final int bytes;
    private int left = -1;

    Server(int bytes) {
      this.bytes = bytes;
    }

    @Override
    public void onReadable(TcpSocket socket) {
      int n = socket.read(buffer.clear());
      while (n > 0) {
        left = left < 0 ? bytes : left;
        n = socket.read(buffer.clear());
      }
      if (n < 0 && left <= 0) {
        socket.close();
      } else {
        onWritable(socket);
      }
    }

    @Override
    public void onWritable(TcpSocket socket) {
      while (left > 0) {
        buffer.clear().limit(Math.min(left, buffer.capacity()));
        int n = socket.write(buffer);
        if (n == 0) {
          return;
        }
        left -= n;
      }
      if (left == 0) {
        socket.close();
      }
    }
  }

  /** Asks, reads the answer to its end, and notes how long that took. */
  private final class Client implements TcpHandler {
    private final long started = simulation.clock().nanos();
    private int read;
    private long took = Long.MAX_VALUE;

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer buffer = ByteBuffer.allocate(16_384);
      int n = socket.read(buffer);
      while (n > 0) {
        read += n;
        n = socket.read(buffer.clear());
      }
      if (n < 0) {
        took = simulation.clock().nanos() - started;
        socket.close();
      }
    }
  }

  private SimulatedHost server(TcpConfig config, int response) {
    SimulatedHost server = simulation.host("10.0.0.1/8").tcp(config).start();
    server.sockets().listen(80, socket -> new Server(response));
    return server;
  }

  private static InetSocketAddress port80(SimulatedHost host) {
    return new InetSocketAddress(host.address().toInetAddress(), 80);
  }

  private Client ask(SimulatedHost from, SimulatedHost server) {
    Client client = new Client();
    from.sockets().connect(port80(server), client).write(ByteBuffer.allocate(10));
    return client;
  }

  private void expectServedWithinASecond(List<Client> clients) {
    simulation.run(SECOND);
    for (Client client : clients) {
      assertEquals(RESPONSE, client.read);
      assertTrue(client.took <= SECOND.toNanos(), "took " + client.took);
    }
  }

  private void expectNothingLeft(SimulatedHost... hosts) {
    assertTrue(simulation.runUntilIdle(Duration.ofMinutes(12)), simulation::toString);
    for (SimulatedHost host : hosts) {
      assertEquals(0, host.stack().tcp().connectionCount(), "connections of " + host);
      assertEquals(0, host.stack().tcp().timeWaitCount());
      assertEquals(0, host.stack().wheel().armed());
      assertEquals(0, host.stack().slabsInUse());
    }
  }

  private static ByteBuf syn(int source, int port, int seq, int destination) {
    ByteBuf packet = Unpooled.buffer(40);
    packet.writeByte(0x45).writeByte(0).writeShort(40).writeShort(0).writeShort(0x4000);
    packet.writeByte(64).writeByte(TcpView.PROTOCOL).writeShort(0);
    packet.writeInt(source).writeInt(destination);
    TcpView.emit(packet, port, 80, seq, 0, TcpView.SYN, 512);
    TcpView.setHeaderLength(packet, 20, TcpView.MIN_HEADER);
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, 20)));
    long sum = Checksum.pseudoHeader(source, destination, TcpView.PROTOCOL, 20);
    sum = Checksum.combine(sum, Checksum.sum(packet, 20, 20), false);
    TcpView.setChecksum(packet, 20, Checksum.finish(sum));
    return packet;
  }

  @Test
  @Requirement("SEC-005")
  void shouldServeTheHonest_whileAHundredThousandSynsComeFromNowhere() {
    SimulatedHost server = server(TcpConfig.DEFAULT, RESPONSE);
    SimulatedHost home = simulation.host("10.0.0.2/8").start();
    SplittableRandom random = new SplittableRandom(5);
    int us = server.address().bits();
    int nowhere = IpAddress.parse("10.128.0.0").bits();
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      for (int n = 0; n < 1000; n++) {
        int source = nowhere + random.nextInt(1, 1 << 22);
        ByteBuf packet = syn(source, random.nextInt(1024, 65_536), random.nextInt(), us);
        server.stack().receive(packet);
        packet.release();
      }
      if (i % 10 == 5) {
        clients.add(ask(home, server));
      }
      simulation.run(Duration.ofMillis(10));
      assertTrue(
          server.stack().tcp().connectionCount() <= TcpConfig.DEFAULT.maxHalfOpen() + 20,
          "connections");
    }
    expectServedWithinASecond(clients);
    assertTrue(server.stack().counters().get(Counter.SYNCOOKIES_SENT) > 98_000);
    assertEquals(clients.size(), server.stack().counters().get(Counter.SYNCOOKIES_RECV));
    expectNothingLeft(server, home);
  }

  @Test
  void shouldServeTheHonest_whileTwoThousandHaveHalfClosedAndGone() {
    SimulatedHost server = server(TcpConfig.DEFAULT, RESPONSE);
    SimulatedHost home = simulation.host("10.0.0.2/8").start();
    SimulatedHost gone = simulation.host("10.0.0.3/8").start();
    List<TcpSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      sockets.add(gone.sockets().connect(port80(server), socket -> {}));
    }
    simulation.run(Duration.ofMillis(100));
    assertEquals(2000, server.stack().tcp().connectionCount());
    simulation.path(server, gone).setUp(false);
    sockets.forEach(TcpSocket::shutdownOutput);
    simulation.run(SECOND);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(ask(home, server));
    }
    expectServedWithinASecond(clients);
    expectNothingLeft(server, home, gone);
  }

  @Test
  @Requirement("SEC-007")
  void shouldServeTheHonest_whileAThousandTakeNothingOfWhatTheyAskFor() {
    int cap = 8 << 20;
    TcpConfig tight = TcpConfig.DEFAULT.toBuilder().maxBufferBytes(cap).build();
    SimulatedHost server = server(tight, 4 << 20);
    server.sockets().listen(81, socket -> new Server(RESPONSE));
    SimulatedHost home = simulation.host("10.0.0.2/8").start();
    TcpConfig small = TcpConfig.DEFAULT.withBuffers(4096, TcpConfig.MIN_BUFFER_BYTES);
    SimulatedHost greedy = simulation.host("10.0.0.3/8").tcp(small).start();
    List<TcpSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      TcpSocket socket = greedy.sockets().connect(port80(server), ignored -> {});
      socket.write(ByteBuffer.allocate(10));
      sockets.add(socket);
    }
    simulation.run(Duration.ofSeconds(30));
    assertEquals(1000, server.stack().tcp().connectionCount(), "they are probed and answer");
    assertTrue(server.stack().counters().get(Counter.TCP_WIN_PROBE) > 1000);
    int slabs = server.stack().slabsInUse();
    assertTrue(slabs <= cap / SlabPool.SLAB_BYTES + 1000, "slabs " + slabs);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Client client = new Client();
      InetSocketAddress other = new InetSocketAddress(server.address().toInetAddress(), 81);
      home.sockets().connect(other, client).write(ByteBuffer.allocate(10));
      clients.add(client);
    }
    expectServedWithinASecond(clients);
    sockets.forEach(TcpSocket::abort);
    expectNothingLeft(server, home, greedy);
  }
}
