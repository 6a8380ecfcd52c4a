package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.Impairment;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Much data, and many connections, through a network that loses some of it. */
class BulkTest {
  /** Each way. */
  private static final int BYTES = 50 << 20;

  private static final int CONNECTIONS = 1_000;
  private static final int CLIENT_HOSTS = 4;
  private static final int REQUEST_BYTES = 3_000;

  /** At a fifth lost in each direction a window is a few segments, and takes minutes. */
  private static final Duration LIMIT = Duration.ofHours(2);

  /** Sends so many bytes and takes the digest of what it sends and of what it reads. */
  private static final class Peer implements TcpHandler {
    private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
    private final MessageDigest sent = sha256();
    private final MessageDigest read = sha256();
    private final SplittableRandom random;
    private final boolean staysOpen;
    private TcpSocket connection;
    private int left;
    private CloseReason closed;

    Peer(int bytes, long seed, boolean staysOpen) {
      this.staysOpen = staysOpen;
      left = bytes;
      random = new SplittableRandom(seed);
    }

    @Override
    public void onConnected(TcpSocket socket) {
      connection = socket;
      push(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
      push(socket);
    }

    private void push(TcpSocket socket) {
      byte[] chunk = new byte[1000];
      while (left > 0) {
        int room = Math.min(Math.min(chunk.length, left), socket.writable());
        if (room == 0) {
          // A refused write is what earns onWritable.
          socket.write(ByteBuffer.wrap(chunk, 0, 1));
          return;
        }
        random.nextBytes(chunk);
        assertEquals(room, socket.write(ByteBuffer.wrap(chunk, 0, room)));
        sent.update(chunk, 0, room);
        left -= room;
      }
      if (!staysOpen) {
        socket.shutdownOutput();
      }
    }

    boolean isConnected() {
      return connection != null;
    }

    @Override
    public void onReadable(TcpSocket socket) {
      while (socket.read(buffer.clear()) > 0) {
        read.update(buffer.flip());
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      closed = reason;
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every JDK has SHA-256", e);
      }
    }
  }

  @Requirement("CC-002")
  @ParameterizedTest(name = "loss {0}, seed {1}")
  @CsvSource({"0.00, 101", "0.01, 102", "0.05, 103", "0.20, 104"})
  void shouldDeliverBothStreams_whenPacketsAreLost(double loss, long seed) {
    try (Simulation simulation = new Simulation(seed)) {
      simulation.setImpairment(
          Impairment.NONE
              .withDelay(Duration.ofMillis(5), Duration.ofMillis(loss > 0 ? 1 : 0))
              .withLoss(loss));
      SimulatedHost server = simulation.host("10.0.0.1/24").start();
      SimulatedHost client = simulation.host("10.0.0.2/24").start();
      Peer up = new Peer(BYTES, seed, false);
      Peer down = new Peer(BYTES, -seed, false);
      server.sockets().listen(80, socket -> down);
      client.sockets().connect(new InetSocketAddress(server.address().toInetAddress(), 80), up);
      assertTrue(
          simulation.runUntil(() -> up.closed != null && down.closed != null, LIMIT),
          () -> simulation + ": up " + up.closed + ", down " + down.closed);
      assertEquals(CloseReason.FINISHED, up.closed);
      assertEquals(CloseReason.FINISHED, down.closed);
      byte[] upDigest = up.sent.digest();
      assertArrayEquals(upDigest, down.read.digest());
      assertArrayEquals(down.sent.digest(), up.read.digest());
      System.out.printf(
          "%d MiB each way, %.0f %% lost, in %s of simulated time; SHA-256 up %s%n",
          BYTES >> 20,
          loss * 100,
          Duration.ofNanos(simulation.clock().nanos()).truncatedTo(ChronoUnit.SECONDS),
          HexFormat.of().formatHex(upDigest));
      long retransmitted = client.stack().counters().get(Counter.TCP_RETRANS_SEGS);
      assertEquals(loss > 0, retransmitted > 0, "retransmissions: " + retransmitted);
      expectNothingLeft(simulation, List.of(server, client));
    }
  }

  @Test
  @Requirement({"TCP-093", "SEC-010"})
  void shouldLeaveNothingBehind_whenAThousandConnectionsComeAndGo() {
    try (Simulation simulation = new Simulation(105)) {
      simulation.setImpairment(
          Impairment.NONE.withDelay(Duration.ofMillis(5), Duration.ofMillis(5)).withLoss(0.02));
      SimulatedHost server = simulation.host("10.0.0.1/24").start();
      List<SimulatedHost> hosts = new ArrayList<>(List.of(server));
      for (int i = 0; i < CLIENT_HOSTS; i++) {
        hosts.add(simulation.host("10.0.0." + (i + 2) + "/24").start());
      }
      List<Peer> accepted = new ArrayList<>();
      server
          .sockets()
          .listen(
              80,
              socket -> {
                Peer peer = new Peer(REQUEST_BYTES, accepted.size(), false);
                accepted.add(peer);
                return peer;
              });
      InetSocketAddress address = new InetSocketAddress(server.address().toInetAddress(), 80);
      List<Peer> connected = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        Peer peer = new Peer(REQUEST_BYTES, i, true);
        connected.add(peer);
        hosts.get(1 + i % CLIENT_HOSTS).sockets().connect(address, peer);
      }
      assertTrue(simulation.runUntil(() -> connected.stream().allMatch(Peer::isConnected), LIMIT));
      assertEquals(CONNECTIONS, server.stack().tcp().connectionCount(), "all at once");
      connected.forEach(peer -> peer.connection.shutdownOutput());
      assertTrue(
          simulation.runUntil(() -> connected.stream().allMatch(p -> p.closed != null), LIMIT));
      expectNothingLeft(simulation, hosts);
      assertEquals(CONNECTIONS, accepted.size());
      for (List<Peer> peers : List.of(connected, accepted)) {
        assertTrue(peers.stream().allMatch(p -> p.closed == CloseReason.FINISHED));
      }
    }
  }

  private static void expectNothingLeft(Simulation simulation, List<SimulatedHost> hosts) {
    assertTrue(simulation.runUntilIdle(Duration.ofMinutes(5)), simulation::toString);
    for (SimulatedHost host : hosts) {
      assertEquals(0, host.stack().tcp().connectionCount(), "connections");
      assertEquals(0, host.stack().tcp().timeWaitCount(), "TIME-WAIT");
      assertEquals(0, host.stack().wheel().armed(), "timers");
      assertEquals(0, host.stack().slabsInUse(), "slabs");
      assertEquals(0, host.stack().counters().get(Counter.TCP_ABORT_ON_CALLBACK));
    }
  }
}
