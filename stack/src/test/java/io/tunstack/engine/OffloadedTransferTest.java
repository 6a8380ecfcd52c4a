package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.ImpairedLink;
import io.tunstack.link.Impairment;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.link.WireSizeLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two stacks, the sending one over a link that cuts packets: every byte arrives, in order. */
final class OffloadedTransferTest {
  private static final int BYTES = 3_000_000;
  private static final int MTU = 1500;

  private final VirtualClock clock = new VirtualClock();
  private final byte[] sent = new byte[BYTES];
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final ByteBuffer source = ByteBuffer.wrap(sent);
  private final Collecting collecting = new Collecting();
  private boolean ended;

  private final class Feeding implements TcpHandler {
    @Override
    public void onConnected(TcpSocket socket) {
      onWritable(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
      if (socket.write(source) >= 0 && !source.hasRemaining()) {
        socket.shutdownOutput();
      }
    }

    @Override
    public void onReadable(TcpSocket socket) {
      if (socket.read(ByteBuffer.allocate(1)) < 0) {
        socket.close();
      }
    }
  }

  private final class Collecting implements TcpHandler {
    private final byte[] chunk = new byte[100_000];

    /** Bytes read in a callback; the rest waits until {@link #readOn}. */
    private int appetite = Integer.MAX_VALUE;

    private TcpSocket paused;

    @Override
    public void onReadable(TcpSocket socket) {
      int left = appetite;
      int n = socket.read(chunk(left));
      while (n > 0) {
        received.write(chunk, 0, n);
        left -= n;
        n = left == 0 ? 0 : socket.read(chunk(left));
      }
      paused = left == 0 ? socket : null;
      if (n < 0) {
        ended = true;
        socket.close();
      }
    }

    private ByteBuffer chunk(int limit) {
      return ByteBuffer.wrap(chunk, 0, Math.min(limit, chunk.length));
    }

    void readOn() {
      if (paused != null) {
        onReadable(paused);
      }
    }
  }

  private Stack stack(Link link, String address, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stack.builder(link, clock).address(address).random(random::nextLong).build();
  }

  /** Sends everything from left to right; answers how many packets that took to leave. */
  private long transfer(Link left, Link right, long seed) {
    new SplittableRandom(seed).nextBytes(sent);
    try (Stack from = stack(left, "10.0.0.1/24", seed);
        Stack to = stack(right, "10.0.0.2/24", ~seed)) {
      Sockets.on(to).listen(80, socket -> collecting);
      Sockets.on(from).connect(new InetSocketAddress("10.0.0.2", 80), new Feeding());
      long limit = Duration.ofMinutes(10).toNanos();
      while (!ended && clock.nanos() < limit) {
        collecting.readOn();
        long next = Math.min(from.poll(clock.nanos()), to.poll(clock.nanos()));
        clock.advanceTo(Math.max(clock.nanos() + 1_000, Math.min(next, clock.nanos() + 100_000)));
      }
      assertTrue(ended, "it did not arrive within ten minutes");
      assertArrayEquals(sent, received.toByteArray());
      assertTrue(from.counters().get(Counter.TCP_OUT_SEGS) >= BYTES / MTU);
      return from.counters().get(Counter.IP_OUT_REQUESTS);
    }
  }

  @Test
  void shouldTakeFewPackets_whenBothLinksOffload() {
    InMemoryLink.Pair pair = InMemoryLink.offloadingPair(MTU);

    long packets = transfer(pair.left(), pair.right(), 1);

    assertTrue(packets < BYTES / (4 * MTU), packets + " packets");
  }

  @Test
  void shouldArrive_whenTheReceiverLeavesHalfASegmentEachTime() {
    InMemoryLink.Pair pair = InMemoryLink.offloadingPair(MTU);
    collecting.appetite = 20_001;

    transfer(pair.left(), pair.right(), 1);

    assertEquals(BYTES, received.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldArrive_whenSegmentsAreCutLostAndReordered(long seed) {
    InMemoryLink.Pair pair = InMemoryLink.offloadingPair(MTU);
    Impairment bad =
        Impairment.NONE
            .withDelay(Duration.ofMillis(2), Duration.ofMillis(1))
            .withLoss(0.02)
            .withReordering(0.01)
            .withDuplication(0.01);

    transfer(pair.left(), new ImpairedLink(new WireSizeLink(pair.right()), clock, bad, seed), seed);

    assertEquals(BYTES, received.size());
  }
}
