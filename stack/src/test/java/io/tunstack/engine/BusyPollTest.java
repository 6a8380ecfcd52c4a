package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.stats.Counter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that looks on for a while after the last packet before it sleeps. */
@Timeout(60)
class BusyPollTest {
  private static final Duration LOOKS_ON = Duration.ofNanos(50_000);

  private final PuppetLink link = new PuppetLink();
  private final AtomicLong now = new AtomicLong();
  private final Stack stack =
      Stack.builder(link, now::get).address("10.0.0.1/24").random(() -> 4).build();
  private final StackThread thread = StackThread.start(stack, "stack under test", LOOKS_ON);

  @AfterEach
  void close() {
    thread.close();
  }

  private void untilReceived(long packets) throws Exception {
    long received = 0;
    while (received < packets) {
      received =
          thread
              .submit(() -> stack.counters().get(Counter.IP_IN_RECEIVES))
              .get(20, TimeUnit.SECONDS);
    }
    assertEquals(packets, received);
  }

  @Test
  void shouldSleepAtOnce_whenNothingEverCame() throws Exception {
    link.awaitAsleep();
    assertTrue(link.timeouts.take() > 0);
  }

  @Test
  void shouldNotSleep_untilTheTimeSinceTheLastPacketIsOver() throws Exception {
    link.awaitAsleep();
    link.deliver(new byte[] {1});
    untilReceived(1);
    int wakeups = link.wakeups.get();

    // Just within the time, nobody has to wake it: not a packet, nor a command.
    now.set(LOOKS_ON.toNanos() - 1);
    link.deliver(new byte[] {1});
    untilReceived(2);
    now.set(2 * LOOKS_ON.toNanos() - 2);
    untilReceived(2);
    assertEquals(wakeups, link.wakeups.get());

    now.set(2 * LOOKS_ON.toNanos() - 1);
    link.awaitAsleep();
  }
}
