package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.InMemoryLink;
import io.tunstack.link.LinkException;
import io.tunstack.net.Sockets;
import io.tunstack.stats.Counter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StackThreadTest {
  private final PuppetLink link = new PuppetLink();
  private final Stack stack =
      Stack.builder(link, () -> 0).address("10.0.0.1/24").random(() -> 4).build();
  private final StackThread thread = StackThread.start(stack, "stack under test");

  @AfterEach
  void close() {
    thread.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static Throwable causeOf(Future<?> future) {
    return assertThrows(ExecutionException.class, () -> get(future)).getCause();
  }

  @Test
  void shouldSleepAsLongAsTheStackSays() throws Exception {
    assertEquals(Long.MAX_VALUE, link.timeouts.take());
    get(
        thread.submit(
            () -> {
              Sockets.on(stack).alarm(() -> {}).arm(Duration.ofMillis(7));
              return null;
            }));
    assertEquals(Duration.ofMillis(7).toNanos(), link.timeouts.take());
  }

  @Test
  void shouldReadWhatTheLinkBrings() throws Exception {
    link.awaitAsleep();
    link.deliver(new byte[] {1});
    link.awaitAsleep();
    assertEquals(1, get(thread.submit(() -> stack.counters().get(Counter.IP_IN_RECEIVES))));
  }

  @Test
  void shouldRunCommandsOnItsThread_inTheirOrder() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      thread.execute(() -> order.add(number));
    }
    assertTrue(get(thread.submit(thread::isEngineThread)));
    assertFalse(thread.isEngineThread());
    assertEquals(100, order.size());
    for (int i = 0; i < 100; i++) {
      assertEquals(i, order.get(i));
    }
  }

  @Test
  void shouldBeWokenByACommand_onlyWhenItSleeps() throws Exception {
    link.awaitAsleep();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    thread.execute(
        () -> {
          entered.countDown();
          awaitUninterruptibly(leave);
        });
    assertEquals(1, link.wakeups.get(), "it slept");
    assertTrue(entered.await(20, TimeUnit.SECONDS));
    CompletableFuture<String> last = null;
    for (int i = 0; i < 10; i++) {
      last = thread.submit(() -> "ran");
    }
    assertEquals(1, link.wakeups.get(), "it was busy");
    leave.countDown();
    assertEquals("ran", get(last), "and yet it ran them");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldTellWhoSubmitted_whenACommandThrows() throws Exception {
    IllegalArgumentException mistake = new IllegalArgumentException("as planned");
    CompletableFuture<Object> failed =
        thread.submit(
            () -> {
              throw mistake;
            });
    assertSame(mistake, causeOf(failed));
    assertEquals("alive", get(thread.submit(() -> "alive")));
  }

  @Test
  void shouldEndExceptionally_whenTheLinkIsGone() throws Exception {
    link.awaitAsleep();
    link.fail("the device was deleted");
    Throwable cause = causeOf(thread.terminated());
    assertInstanceOf(LinkException.class, cause);
    assertEquals("the device was deleted", cause.getMessage());
    assertTrue(link.isClosed(), "the stack is closed");
  }

  @Test
  void shouldFailCommands_afterItsEnd() throws Exception {
    thread.close();
    get(thread.terminated());
    boolean[] ran = new boolean[1];
    CompletableFuture<Boolean> late = thread.submit(() -> ran[0] = true);
    assertInstanceOf(IllegalStateException.class, causeOf(late));
    thread.execute(() -> ran[0] = true);
    assertFalse(ran[0]);
  }

  @Test
  void shouldCloseTheStackAndRunWhatWaits_whenClosed() throws Exception {
    link.awaitAsleep();
    CompletableFuture<String> before = thread.submit(() -> "ran");
    thread.close();
    assertEquals("ran", get(before));
    get(thread.terminated());
    assertTrue(link.isClosed());
    assertThrows(IllegalStateException.class, () -> stack.poll(0));
    thread.close();
  }

  @Test
  void shouldEndWithoutWaitingForItself_whenClosedOnItsOwnThread() throws Exception {
    thread.execute(thread::close);
    get(thread.terminated());
    assertTrue(link.isClosed());
  }

  @Test
  void shouldGiveUp_whenEveryTurnFails() throws Exception {
    link.awaitAsleep();
    IllegalStateException defect = new IllegalStateException("a defect, as planned");
    link.failReads(defect);
    assertSame(defect, causeOf(thread.terminated()));
    assertTrue(link.isClosed());
  }

  @Test
  void shouldRefuseALink_thatCannotBeWaitedOn() {
    try (Stack other =
        Stack.builder(InMemoryLink.pair(1500).left(), () -> 0).address("10.0.0.2/24").build()) {
      assertThrows(IllegalArgumentException.class, () -> StackThread.start(other, "never"));
    }
  }
}
