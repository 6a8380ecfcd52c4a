package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.time.VirtualClock;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What segments cost the collector, once a connection stands: nothing. */
final class AllocationTest {
  private static final int TIMES = 20_000;

  /** Less than a byte each; what is left is the measurement's own. */
  private static final long TOLERATED_BYTES = 10_000;

  private final VirtualClock clock = new VirtualClock();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @BeforeEach
  void requireCounting() {
    assumeTrue(threads.isThreadAllocatedMemorySupported(), "this JVM does not count allocations");
  }

  /** Reads everything and answers with as many bytes as it is told to. */
  private static final class Answering implements TcpHandler {
    private final ByteBuffer input = ByteBuffer.allocateDirect(65_536);
    private final ByteBuffer answer;

    Answering(int bytes) {
      answer = ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public void onConnected(TcpSocket socket) {
      socket.setNoDelay(true);
    }

    @Override
    public void onReadable(TcpSocket socket) {
      while (socket.read(input.clear()) > 0) {
        // Read to be rid of it.
      }
      socket.write(answer.clear());
    }
  }

  private long allocated(int requestBytes, int answerBytes) {
    CannedClient client = new CannedClient("x".repeat(requestBytes));
    try (Stack stack = Stack.builder(client, clock).address("10.77.0.2/24").build()) {
      Sockets.on(stack).listen(80, socket -> new Answering(answerBytes));
      client.open();
      stack.poll(clock.nanos());
      ask(stack, client, TIMES);
      long before = threads.getCurrentThreadAllocatedBytes();
      long answered = ask(stack, client, TIMES);
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertEquals((long) TIMES * answerBytes, answered);
      return bytes;
    }
  }

  private long ask(Stack stack, CannedClient client, int times) {
    long before = client.answered;
    for (int i = 0; i < times; i++) {
      client.ask();
      stack.poll(clock.nanos());
      clock.advanceTo(clock.nanos() + 10_000);
    }
    return client.answered - before;
  }

  @Test
  void shouldAllocateNothing_whenASmallRequestIsAnswered() {
    long bytes = allocated(100, 200);

    assertTrue(bytes < TOLERATED_BYTES, bytes + " bytes for " + TIMES + " requests");
  }

  @Test
  void shouldAllocateNothing_whenDataComesIn() {
    long bytes = allocated(1460, 1);

    assertTrue(bytes < TOLERATED_BYTES, bytes + " bytes for " + TIMES + " segments");
  }

  @Test
  void shouldAllocateNothing_whenDataGoesOut() {
    long bytes = allocated(1, 14_000);

    assertTrue(bytes < TOLERATED_BYTES, bytes + " bytes for " + TIMES + " answers of 14 kB");
  }
}
