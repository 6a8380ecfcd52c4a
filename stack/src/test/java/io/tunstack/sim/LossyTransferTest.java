package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.Bottleneck;
import io.tunstack.link.Impairment;
import io.tunstack.link.LinkProfile;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpConfig;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What losses and reordering cost, in virtual time. */
class LossyTransferTest {
  private static final int MEGABYTE = 1 << 20;
  private static final Duration LIMIT = Duration.ofHours(2);

  /** Sends so many bytes in one direction and takes the digest of what it sends or reads. */
  private static final class Peer implements TcpHandler {
    private final MessageDigest digest = sha256();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private final byte[] chunk = new byte[16 << 10];
    private final SplittableRandom random;
    private int left;
    private boolean ended;

    Peer(int bytes, long seed) {
      left = bytes;
      random = new SplittableRandom(seed);
    }

    @Override
    public void onConnected(TcpSocket socket) {
      onWritable(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
      while (left > 0) {
        int room = Math.min(Math.min(chunk.length, left), socket.writable());
        if (room == 0) {
          // A refused write is what earns onWritable.
          socket.write(ByteBuffer.wrap(chunk, 0, 1));
          return;
        }
        random.nextBytes(chunk);
        socket.write(ByteBuffer.wrap(chunk, 0, room));
        digest.update(chunk, 0, room);
        left -= room;
      }
      socket.shutdownOutput();
    }

    @Override
    public void onReadable(TcpSocket socket) {
      int n = socket.read(buffer.clear());
      while (n > 0) {
        digest.update(buffer.flip());
        n = socket.read(buffer.clear());
      }
      ended |= n < 0;
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every JDK has SHA-256", e);
      }
    }
  }

  /** A transfer; returns how long it took, seconds. */
  private static double transfer(Simulation simulation, TcpConfig config, int bytes) {
    SimulatedHost server = simulation.host("10.0.0.1/24").tcp(config).start();
    SimulatedHost client = simulation.host("10.0.0.2/24").tcp(config).start();
    return transfer(simulation, server, client, bytes);
  }

  /** A transfer through a bottleneck each way. */
  private static double transfer(
      Simulation simulation, TcpConfig config, int bytes, LinkProfile profile) {
    SimulatedHost server = simulation.host("10.0.0.1/24").tcp(config).start();
    SimulatedHost client = simulation.host("10.0.0.2/24").tcp(config).start();
    simulation.path(client, server).setProfile(profile);
    simulation.path(server, client).setProfile(profile);
    return transfer(simulation, server, client, bytes);
  }

  private static double transfer(
      Simulation simulation, SimulatedHost server, SimulatedHost client, int bytes) {
    Peer up = new Peer(bytes, simulation.seed());
    Peer down = new Peer(0, 0);
    server.sockets().listen(80, socket -> down);
    client.sockets().connect(new InetSocketAddress(server.address().toInetAddress(), 80), up);
    long start = simulation.clock().nanos();
    assertTrue(simulation.runUntil(() -> down.ended, LIMIT), simulation::toString);
    assertArrayEquals(up.digest.digest(), down.digest.digest());
    return (simulation.clock().nanos() - start) / 1e9;
  }

  private static Impairment path(long delayMillis) {
    return Impairment.NONE.withDelay(Duration.ofMillis(delayMillis), Duration.ZERO);
  }

  @ParameterizedTest(name = "loss {0}, seed {1}")
  @Requirement({"CC-002", "CC-025"})
  @CsvSource({"0.01, 201, 50, 40", "0.05, 202, 20, 80", "0.20, 203, 5, 300"})
  void shouldDeliverMuch_inReasonableTime(double loss, long seed, int megabytes, double seconds) {
    try (Simulation simulation = new Simulation(seed)) {
      simulation.setImpairment(path(5).withLoss(loss));
      double took = transfer(simulation, TcpConfig.DEFAULT, megabytes * MEGABYTE);
      assertTrue(took < seconds, "took " + took + " s");
    }
  }

  @ParameterizedTest
  @Requirement("CC-025")
  @ValueSource(strings = {"newreno", "cubic", "bbr"})
  void shouldDeliver_whateverControlsCongestion(String name) {
    TcpConfig config = TcpConfig.DEFAULT.toBuilder().congestionControl(name).build();
    try (Simulation simulation = new Simulation(205)) {
      simulation.setImpairment(path(20).withLoss(0.01));
      double took = transfer(simulation, config, 5 * MEGABYTE);
      assertTrue(took < 20, "took " + took + " s");
    }
  }

  /** The bottleneck is what limits: buffers hold the path, also while something is late. */
  @ParameterizedTest
  @Requirement("CC-023")
  @ValueSource(longs = {204, 206, 207})
  void shouldLoseLittleGoodput_whenPacketsAreReorderedAndNoneIsLost(long seed) {
    double[] took = new double[2];
    for (int i = 0; i < 2; i++) {
      LinkProfile profile =
          LinkProfile.NONE
              .with(path(20).withReordering(i * 0.02))
              .with(Bottleneck.tailDrop(50_000_000, 250_000));
      try (Simulation simulation = new Simulation(seed)) {
        took[i] = transfer(simulation, TcpConfig.DEFAULT, 20 * MEGABYTE, profile);
      }
    }
    assertTrue(took[1] < took[0] / 0.9, took[0] + " s became " + took[1] + " s");
  }

  @Test
  void shouldRetransmitNothing_inTenThousandTransfersWithJitterAndNoLoss() {
    long retransmitted = 0;
    for (int run = 0; run < 100; run++) {
      try (Simulation simulation = new Simulation(1_000 + run)) {
        SplittableRandom random = new SplittableRandom(run);
        long delay = random.nextLong(20_000_000);
        long jitter = random.nextLong(delay / 4 + 1);
        simulation.setImpairment(
            Impairment.NONE.withDelay(Duration.ofNanos(delay), Duration.ofNanos(jitter)));
        retransmitted += manyShortTransfers(simulation, 100, random);
      }
    }
    assertEquals(0, retransmitted);
  }

  /** Returns how many recoveries and time-outs there were. */
  private static long manyShortTransfers(
      Simulation simulation, int transfers, SplittableRandom random) {
    SimulatedHost server = simulation.host("10.0.0.1/24").start();
    SimulatedHost client = simulation.host("10.0.0.2/24").start();
    InetSocketAddress address = new InetSocketAddress(server.address().toInetAddress(), 80);
    int[] ended = new int[1];
    server
        .sockets()
        .listen(
            80,
            socket ->
                new TcpHandler() {
                  private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);

                  @Override
                  public void onReadable(TcpSocket readable) {
                    int n = readable.read(buffer.clear());
                    while (n > 0) {
                      n = readable.read(buffer.clear());
                    }
                    if (n < 0) {
                      ended[0]++;
                      readable.close();
                    }
                  }
                });
    for (int i = 0; i < transfers; i++) {
      client.sockets().connect(address, new Peer(1 + random.nextInt(20_000), i));
    }
    assertTrue(simulation.runUntil(() -> ended[0] == transfers, Duration.ofMinutes(10)));
    long spurious = 0;
    for (SimulatedHost host : new SimulatedHost[] {server, client}) {
      for (Counter counter :
          new Counter[] {
            Counter.TCP_TIMEOUTS, Counter.TCP_SACK_RECOVERY, Counter.TCP_RENO_RECOVERY
          }) {
        spurious += host.stack().counters().get(counter);
      }
    }
    return spurious;
  }
}
