package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.requirement.Requirement;
import io.tunstack.time.SystemClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that block, between two stacks on two threads. */
@Timeout(60)
class BlockingSocketTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int PORT = 7;

  private Stack left;
  private Stack right;
  private StackThread leftThread;
  private StackThread rightThread;
  private BlockingSockets client;
  private BlockingSockets server;
  private BlockingListener listener;

  /** The common pool may have one thread only, and two of the tests need two. */
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void start() throws IOException {
    CrossThreadLink[] links = CrossThreadLink.pair();
    left = Stack.builder(links[0], new SystemClock()).address("10.1.0.1/24").build();
    right = Stack.builder(links[1], new SystemClock()).address("10.1.0.2/24").build();
    leftThread = StackThread.start(left, "left");
    rightThread = StackThread.start(right, "right");
    client = BlockingSockets.on(left, leftThread);
    server = BlockingSockets.on(right, rightThread);
    listener = server.listen(PORT, 10);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    leftThread.close();
    rightThread.close();
    assertEquals(0, left.slabsInUse());
    assertEquals(0, right.slabsInUse());
  }

  private BlockingSocket connect() throws IOException {
    return client.connect(new InetSocketAddress("10.1.0.2", PORT), LONG);
  }

  @Test
  void shouldMoveMoreThanAllBuffersHold_inBothDirections() throws Exception {
    byte[] text = new byte[5_000_003];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (i % 251);
    }
    try (BlockingSocket here = connect();
        BlockingSocket there = listener.accept(LONG)) {
      CompletableFuture<Void> echo =
          CompletableFuture.runAsync(
              () -> {
                try {
                  there.in().transferTo(there.out());
                  there.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  here.out().write(text);
                  here.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
      assertArrayEquals(text, here.in().readAllBytes());
      writer.get(30, TimeUnit.SECONDS);
      echo.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldReadSingleBytes_andTheEndAfterThePeersClose() throws Exception {
    try (BlockingSocket here = connect();
        BlockingSocket there = listener.accept(LONG)) {
      there.out().write(200);
      there.shutdownOutput();
      assertEquals(200, here.in().read());
      assertEquals(-1, here.in().read());
      assertEquals(-1, here.in().read());
      assertEquals(here.localAddress(), there.remoteAddress());
      assertEquals(here.remoteAddress(), there.localAddress());
    }
  }

  @Test
  @Requirement("TCP-068")
  void shouldTellAResetFromAnEnd() throws Exception {
    try (BlockingSocket here = connect()) {
      listener.accept(LONG).abort();
      SocketException thrown = assertThrows(SocketException.class, () -> here.in().read());
      assertEquals("Connection reset", thrown.getMessage());
    }
  }

  @Test
  void shouldReportRefusal() {
    assertThrows(
        ConnectException.class, () -> client.connect(new InetSocketAddress("10.1.0.2", 81), LONG));
  }

  @Test
  void shouldTimeOut_whenNobodyAnswers() {
    assertThrows(
        SocketTimeoutException.class,
        () -> client.connect(new InetSocketAddress("10.1.0.3", 81), Duration.ofMillis(50)));
  }

  @Test
  void shouldTimeOutAReadAndAnAccept() throws Exception {
    try (BlockingSocket here = connect();
        BlockingSocket there = listener.accept(LONG)) {
      here.setReadTimeout(Duration.ofMillis(20));
      assertThrows(SocketTimeoutException.class, () -> here.in().read());
      there.out().write(1);
      here.setReadTimeout(Duration.ZERO);
      assertEquals(1, here.in().read());
      assertThrows(SocketTimeoutException.class, () -> listener.accept(Duration.ofMillis(20)));
    }
  }

  @Test
  void shouldEndAWait_whenTheThreadIsInterrupted() throws Exception {
    try (BlockingSocket here = connect()) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedIOException.class, () -> here.in().read());
      assertTrue(Thread.interrupted(), "the interrupt is kept");
    }
  }

  @Test
  void shouldEndAWait_whenTheSocketIsClosed() throws Exception {
    BlockingSocket here = connect();
    CompletableFuture<Integer> reader =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return here.in().read();
              } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
              }
            },
            threads);
    here.close();
    ExecutionException thrown =
        assertThrows(ExecutionException.class, () -> reader.get(30, TimeUnit.SECONDS));
    assertEquals("Socket closed", thrown.getCause().getMessage());
    assertThrows(SocketException.class, () -> here.out().write(1));
  }

  @Test
  void shouldThrowAtOnce_onTheEngineThread() {
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class,
            () -> leftThread.submit(() -> connect()).get(30, TimeUnit.SECONDS));
    assertInstanceOf(IllegalStateException.class, thrown.getCause());
  }

  @Test
  void shouldLetThemWait_whomTheBacklogCannotHold() throws Exception {
    try (BlockingListener small = server.listen(8, 1)) {
      InetSocketAddress port = new InetSocketAddress("10.1.0.2", 8);
      try (BlockingSocket first = client.connect(port, LONG);
          BlockingSocket second = client.connect(port, LONG)) {
        // The queue holds one more than the backlog; a third knocks until somebody accepts.
        assertThrows(
            SocketTimeoutException.class, () -> client.connect(port, Duration.ofMillis(300)));
        small.accept(LONG).out().write(5);
        assertEquals(5, first.in().read());
        try (BlockingSocket third = client.connect(port, LONG)) {
          small.accept(LONG).out().write(6);
          assertEquals(6, second.in().read());
          small.accept(LONG).out().write(7);
          assertEquals(7, third.in().read());
        }
      }
    }
  }

  @Test
  void shouldHaveReset_whenClosedWithoutTimeToLinger() throws Exception {
    BlockingSocket here = connect();
    try (BlockingSocket there = listener.accept(LONG)) {
      here.setOptions(here.options().withLinger(Optional.of(Duration.ZERO)));
      here.close();
      assertEquals(
          "Connection reset",
          assertThrows(SocketException.class, () -> there.in().read()).getMessage());
    }
  }

  /** When close returns the peer's stack has it all, whether its application reads or not. */
  @Test
  void shouldHaveDelivered_whenCloseHasLingered() throws Exception {
    BlockingSocket here = connect();
    try (BlockingSocket there = listener.accept(LONG)) {
      here.setOptions(here.options().withLinger(Optional.of(LONG)));
      here.out().write(new byte[100_000]);
      here.close();
      long unacked =
          leftThread
              .submit(
                  () ->
                      left.tcp().connections().stream()
                          .mapToLong(info -> info.unackedBytes() + info.unsentBytes())
                          .sum())
              .get(20, TimeUnit.SECONDS);
      assertEquals(0, unacked);
      assertEquals(100_000, there.in().readAllBytes().length);
    }
  }

  /** More than the peer's buffers hold, less than these and ours together, and nobody who reads. */
  @Test
  void shouldGiveUp_whenTheTimeToLingerIsOver() throws Exception {
    BlockingSocket here = connect();
    try (BlockingSocket there = listener.accept(LONG)) {
      here.setOptions(here.options().withLinger(Optional.of(Duration.ofMillis(50))));
      CompletableFuture<Void> closed =
          CompletableFuture.runAsync(
              () -> {
                try (here) {
                  here.out().write(new byte[1_700_000]);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
      closed.get(20, TimeUnit.SECONDS);
      SocketException thrown = assertThrows(SocketException.class, () -> there.in().readAllBytes());
      assertEquals("Connection reset", thrown.getMessage());
    }
  }
}
