package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.requirement.Requirement;
import io.tunstack.time.SystemClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** UDP for threads that wait, between two stacks on two threads. */
@Timeout(60)
class BlockingUdpSocketTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final InetSocketAddress SERVER = new InetSocketAddress("10.1.0.2", 7);

  private final CrossThreadLink[] links = CrossThreadLink.pair();
  private final Stack left =
      Stack.builder(links[0], new SystemClock()).address("10.1.0.1/24").build();
  private final Stack right =
      Stack.builder(links[1], new SystemClock()).address("10.1.0.2/24").build();
  private final StackThread leftThread = StackThread.start(left, "left");
  private final StackThread rightThread = StackThread.start(right, "right");
  private final BlockingSockets client = BlockingSockets.on(left, leftThread);
  private final BlockingSockets server = BlockingSockets.on(right, rightThread);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    leftThread.close();
    rightThread.close();
  }

  private static ByteBuffer text(int... bytes) {
    ByteBuffer text = ByteBuffer.allocate(bytes.length);
    for (int b : bytes) {
      text.put((byte) b);
    }
    return text.flip();
  }

  @Test
  void shouldCarryAQuestionAndAnAnswer() throws Exception {
    try (BlockingUdpSocket there = server.bindUdp(7);
        BlockingUdpSocket here = client.bindUdp(0)) {
      here.send(text(4, 2), SERVER);
      InetSocketAddress from = there.receive(LONG).source();
      assertEquals(here.localAddress().getPort(), from.getPort());
      there.send(text(4, 2), from);
      assertEquals(text(4, 2), here.receive(LONG).text());
    }
  }

  @Test
  void shouldHandOverMoreThanIsKeptReady() throws Exception {
    try (BlockingUdpSocket there = server.bindUdp(7);
        BlockingUdpSocket here = client.bindUdp(0)) {
      for (int i = 0; i < 200; i++) {
        here.send(text(i), SERVER);
      }
      for (int i = 0; i < 200; i++) {
        assertEquals(text(i), there.receive(LONG).text());
      }
    }
  }

  @Test
  @Requirement("UDP-005")
  void shouldThrowThatNobodyListens_onceConnected() throws Exception {
    try (BlockingUdpSocket here = client.bindUdp(0)) {
      here.connect(SERVER);
      here.send(text(1));
      assertThrows(PortUnreachableException.class, () -> here.receive(LONG));
      assertThrows(SocketTimeoutException.class, () -> here.receive(Duration.ZERO));
    }
  }

  @Test
  void shouldTimeOut() throws Exception {
    try (BlockingUdpSocket here = client.bindUdp(0)) {
      assertThrows(SocketTimeoutException.class, () -> here.receive(Duration.ofMillis(1)));
    }
  }

  @Test
  void shouldWakeWhoWaits_whenItIsClosed() throws Exception {
    BlockingUdpSocket here = client.bindUdp(0);
    CompletableFuture<SocketException> thrown =
        CompletableFuture.supplyAsync(
            () -> assertThrows(SocketException.class, () -> here.receive(LONG)), threads);
    here.close();
    here.close();
    assertEquals("Socket closed", thrown.get(30, TimeUnit.SECONDS).getMessage());
    assertThrows(SocketException.class, () -> here.send(text(1), SERVER));
  }

  @Test
  void shouldBeInterruptible() throws Exception {
    try (BlockingUdpSocket here = client.bindUdp(0)) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedIOException.class, () -> here.receive(LONG));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void shouldRefuseWhatTheSocketRefuses() throws Exception {
    try (BlockingUdpSocket here = client.bindUdp(0)) {
      here.setDontFragment(true);
      here.setReceiveBuffer(10_000);
      assertThrows(
          IllegalArgumentException.class, () -> here.send(ByteBuffer.allocate(1473), SERVER));
      assertThrows(IllegalArgumentException.class, () -> here.setReceiveBuffer(0));
      assertThrows(IllegalArgumentException.class, () -> client.bindUdp(70_000));
      IOException notConnected = assertThrows(IOException.class, () -> here.send(text(1)));
      assertTrue(notConnected.getMessage().contains("not connected"), notConnected::getMessage);
    }
  }

  @Test
  void shouldNotBlockTheEngine() {
    CompletableFuture<BlockingUdpSocket> attempt = leftThread.submit(() -> client.bindUdp(0));
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> attempt.get(30, TimeUnit.SECONDS));
    assertEquals(IllegalStateException.class, refused.getCause().getClass());
  }
}
