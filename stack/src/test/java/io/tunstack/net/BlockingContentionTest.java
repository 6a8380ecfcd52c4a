package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.SystemClock;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads on many sockets of one stack. Nobody waits for a while and looks then: a wake-up
 * that is lost makes the test wait for ever, which the time-out tells.
 */
@Timeout(60)
class BlockingContentionTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.1.0.1", 7);
  private static final int SOCKETS = 12;
  private static final int BYTES = 400_000;

  private final Stack stack =
      Stack.builder(CrossThreadLink.pair()[0], new SystemClock())
          .address("10.1.0.1/24")
          // Small, so that everybody waits for everybody all the time.
          .tcp(TcpConfig.DEFAULT.withBuffers(8_000, 8_000))
          .build();
  private final StackThread engine = StackThread.start(stack, "engine");
  private final BlockingSockets sockets = BlockingSockets.on(stack, engine);
  private final ExecutorService threads = executor();

  /** Virtual threads where there are some: their waiting is another code path. */
  private static ExecutorService executor() {
    try {
      Object made = Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      return (ExecutorService) made;
    } catch (ReflectiveOperationException e) {
      return Executors.newCachedThreadPool();
    }
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    engine.close();
    assertEquals(0, stack.slabsInUse());
  }

  private static byte[] text(int seed) {
    byte[] text = new byte[BYTES];
    new SplittableRandom(seed).nextBytes(text);
    return text;
  }

  private static Void writeInPieces(BlockingSocket socket, byte[] text, int seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int at = 0;
    while (at < text.length) {
      int n = Math.min(text.length - at, 1 + random.nextInt(100_000));
      socket.out().write(text, at, n);
      at += n;
    }
    socket.shutdownOutput();
    return null;
  }

  /** Pieces of the ring's size and beyond empty it in one go, which is when the flag counts. */
  private static byte[] readInPieces(BlockingSocket socket, int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] all = new byte[BYTES + 1];
    int at = 0;
    int n = 0;
    while (n >= 0) {
      at += n;
      n = socket.in().read(all, at, Math.min(all.length - at, 1 + random.nextInt(130_000)));
    }
    return Arrays.copyOf(all, at);
  }

  @Test
  void shouldLoseNoWakeUp_whenEverybodyWaitsForEverybody() throws Exception {
    List<Future<byte[]>> reads = new ArrayList<>();
    List<Future<Void>> writes = new ArrayList<>();
    List<byte[]> wanted = new ArrayList<>();
    List<Closeable> open = new ArrayList<>();
    try (BlockingListener listener = sockets.listen(7, SOCKETS)) {
      for (int i = 0; i < SOCKETS; i++) {
        int seed = i;
        BlockingSocket here = sockets.connect(ADDRESS, LONG);
        BlockingSocket there = listener.accept(LONG);
        open.add(here);
        open.add(there);
        wanted.add(text(seed));
        wanted.add(text(-seed - 1));
        writes.add(threads.submit(() -> writeInPieces(here, text(seed), seed)));
        writes.add(threads.submit(() -> writeInPieces(there, text(-seed - 1), seed)));
        reads.add(threads.submit(() -> readInPieces(there, seed)));
        reads.add(threads.submit(() -> readInPieces(here, seed)));
      }
      for (Future<Void> write : writes) {
        write.get(50, TimeUnit.SECONDS);
      }
      for (int i = 0; i < reads.size(); i++) {
        assertArrayEquals(wanted.get(i), reads.get(i).get(50, TimeUnit.SECONDS));
      }
    }
    for (Closeable each : open) {
      each.close();
    }
  }

  /** Runs something that blocks on a thread of its own and answers what it threw. */
  private static Thread start(AtomicReference<Exception> thrown, Callable<?> blocking) {
    Thread thread =
        new Thread(
            () -> {
              try {
                Object unused = blocking.call();
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(thread.isAlive(), () -> "ended instead of waiting: " + thrown.get());
      Thread.onSpinWait();
    }
    return thread;
  }

  private static void expectClosed(Thread thread, AtomicReference<Exception> thrown)
      throws InterruptedException {
    thread.join();
    assertEquals(SocketException.class, thrown.get().getClass());
    assertEquals("Socket closed", thrown.get().getMessage());
  }

  @Test
  void shouldWakeReaderAndWriter_whenAnotherThreadCloses() throws Exception {
    try (BlockingListener listener = sockets.listen(7, 1)) {
      BlockingSocket here = sockets.connect(ADDRESS, LONG);
      try (BlockingSocket there = listener.accept(LONG)) {
        AtomicReference<Exception> read = new AtomicReference<>();
        AtomicReference<Exception> write = new AtomicReference<>();
        Thread reader = start(read, () -> here.in().read());
        Thread writer =
            start(
                write,
                () -> {
                  here.out().write(new byte[1 << 20]);
                  return null;
                });
        here.close();
        expectClosed(reader, read);
        expectClosed(writer, write);
        here.abort();
        assertTrue(there.localAddress().getPort() == 7);
      }
    }
  }

  @Test
  void shouldWakeWhoeverAccepts_whenAnotherThreadCloses() throws Exception {
    BlockingListener listener = sockets.listen(7, 1);
    AtomicReference<Exception> thrown = new AtomicReference<>();
    Thread acceptor = start(thrown, () -> listener.accept(LONG));
    listener.close();
    expectClosed(acceptor, thrown);
  }

  @Test
  void shouldWakeEverybody_whenTheEngineEnds() throws Exception {
    BlockingListener listener = sockets.listen(7, 1);
    BlockingSocket here = sockets.connect(ADDRESS, LONG);
    AtomicReference<Exception> read = new AtomicReference<>();
    Thread reader = start(read, () -> here.in().read());
    engine.close();
    reader.join();
    assertEquals("Connection aborted", read.get().getMessage());
    here.close();
    listener.close();
  }

  @Test
  void shouldCloseOnce_whenManyThreadsClose() throws Exception {
    try (BlockingListener listener = sockets.listen(7, 1)) {
      BlockingSocket here = sockets.connect(ADDRESS, LONG);
      BlockingSocket there = listener.accept(LONG);
      List<Future<?>> closing = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        closing.add(threads.submit(here::close));
        closing.add(threads.submit(there::close));
      }
      for (Future<?> each : closing) {
        each.get(50, TimeUnit.SECONDS);
      }
    }
  }
}
