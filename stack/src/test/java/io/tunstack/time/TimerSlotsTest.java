package io.tunstack.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Into which slot a timer goes, and when a slot is empty again. */
final class TimerSlotsTest {
  private static final long TICK = 1L << 16;
  private static final long LEVEL_1 = TICK << 6;
  private static final long LEVEL_2 = TICK << 12;

  private final TimerWheel wheel = new TimerWheel();
  private final List<String> fired = new ArrayList<>();

  private Timer timer(String name) {
    return Timer.of(now -> fired.add(name + "@" + now));
  }

  @Test
  void shouldFireAtTheNextExpiry_whenTheDeadlineHasPassed() {
    long now = 5 * LEVEL_2 + 3 * LEVEL_1 + 7 * TICK + 11;
    wheel.expire(now);
    for (long late : new long[] {0, 1, TICK, LEVEL_1, LEVEL_2, now}) {
      Timer timer = timer("late");
      wheel.arm(timer, now - late);
      assertEquals(now - late, wheel.nextDeadline(), () -> "late by " + late);
      assertEquals(1, wheel.expire(now), () -> "late by " + late);
      assertFalse(timer.isArmed());
    }
  }

  @Test
  void shouldFireAtTheExactInstant_whateverTheLevel() {
    for (long wait : new long[] {1, TICK - 1, TICK, LEVEL_1 - 1, LEVEL_1, LEVEL_2 + 1}) {
      TimerWheel fresh = new TimerWheel();
      long start = 63 * LEVEL_1 + 63 * TICK + 5;
      fresh.expire(start);
      Timer timer = timer("exact");
      fresh.arm(timer, start + wait);
      assertEquals(0, fresh.expire(start + wait - 1), () -> "a nanosecond early, of " + wait);
      assertTrue(timer.isArmed());
      assertEquals(1, fresh.expire(start + wait), () -> "in time, of " + wait);
    }
  }

  @Test
  void shouldFireAtTheNewInstant_whenItIsPutOffWithinItsSlot() {
    for (long by : new long[] {-1000, 1000}) {
      TimerWheel fresh = new TimerWheel();
      Timer timer = timer("moved");
      long first = 3 * LEVEL_2 + 5 * LEVEL_1 + TICK / 2;
      fresh.arm(timer, first);
      int slot = timer.slot;

      fresh.arm(timer, first + by);

      assertEquals(slot, timer.slot);
      assertEquals(1, fresh.armed());
      assertEquals(first + by, fresh.nextDeadline());
      assertEquals(0, fresh.expire(first + by - 1));
      assertEquals(1, fresh.expire(first + by));
    }
  }

  @Test
  void shouldForgetASlot_whenItsOnlyTimerIsCancelled() {
    Timer near = timer("near");
    Timer far = timer("far");
    wheel.arm(near, 2 * TICK);
    wheel.arm(far, LEVEL_2);
    wheel.cancel(near);
    assertEquals(LEVEL_2, wheel.nextDeadline());
    assertEquals(1, wheel.armed());
    wheel.cancel(far);
    assertEquals(TimerWheel.NEVER, wheel.nextDeadline());
    assertEquals(0, wheel.armed());
  }

  @Test
  void shouldKeepASlot_whenOneOfItsTwoTimersIsCancelled() {
    Timer one = timer("one");
    Timer two = timer("two");
    wheel.arm(one, 2 * TICK);
    wheel.arm(two, 2 * TICK + 1);
    wheel.cancel(one);
    assertEquals(2 * TICK + 1, wheel.nextDeadline());
    wheel.expire(2 * TICK + 1);
    assertEquals(List.of("two@" + (2 * TICK + 1)), fired);
  }

  @Test
  void shouldMoveATimerToItsNewSlot_whenItIsArmedAgain() {
    Timer timer = timer("moved");
    wheel.arm(timer, TICK);
    wheel.arm(timer, LEVEL_1);
    assertEquals(LEVEL_1, wheel.nextDeadline());
    assertEquals(1, wheel.armed());
    assertEquals(0, wheel.expire(LEVEL_1 - 1));
    assertEquals(1, wheel.expire(LEVEL_1));
  }
}
