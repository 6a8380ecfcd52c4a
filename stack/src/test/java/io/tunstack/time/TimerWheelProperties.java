package io.tunstack.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsCoverage;

/** The wheel does what an array of deadlines would do that is searched each time. */
class TimerWheelProperties {
  private static final int TIMERS = 20;
  private static final int STEPS = 400;

  /** Deadlines up to four levels away. */
  private static final int MAX_DELAY_BITS = 40;

  @Property(tries = 300)
  void shouldFireWhatIsDue_whateverIsArmedAndPutOffAndCancelled(@ForAll long seed) {
    Model model = new Model();
    Random random = new Random(seed);
    long now = random.nextLong() >>> 8;
    model.expire(now);
    for (int step = 0; step < STEPS; step++) {
      int i = random.nextInt(TIMERS);
      switch (random.nextInt(8)) {
        case 0 -> model.cancel(i);
        case 1, 2 -> {
          now += random.nextLong() >>> (Long.SIZE - 1 - random.nextInt(MAX_DELAY_BITS));
          model.expire(now);
        }
        case 3, 4 -> model.arm(i, now + (random.nextLong() >>> (Long.SIZE - MAX_DELAY_BITS)));
        default -> model.putOff(i, now, random.nextInt(2_000_000) - 1_000_000);
      }
      model.check();
    }
    Statistics.collect(model.stayed > STEPS / 40, model.moved > STEPS / 10);
    Statistics.coverage(TimerWheelProperties::often);
  }

  private static void often(StatisticsCoverage coverage) {
    coverage.check(true, true).percentage(share -> share > 50);
  }

  private static final class Model {
    private final TimerWheel wheel = new TimerWheel();
    private final Timer[] timers = new Timer[TIMERS];
    private final long[] deadlines = new long[TIMERS];
    private final List<Integer> fired = new ArrayList<>();
    private int stayed;
    private int moved;

    Model() {
      Arrays.setAll(timers, i -> Timer.of(now -> fired.add(i)));
      Arrays.fill(deadlines, TimerWheel.NEVER);
    }

    void arm(int i, long deadline) {
      int before = timers[i].isArmed() ? timers[i].slot : Timer.UNARMED;
      wheel.arm(timers[i], deadline);
      deadlines[i] = deadline;
      if (before == timers[i].slot) {
        stayed++;
      } else {
        moved++;
      }
    }

    void putOff(int i, long now, long by) {
      arm(i, (timers[i].isArmed() ? deadlines[i] : now) + by);
    }

    void cancel(int i) {
      wheel.cancel(timers[i]);
      deadlines[i] = TimerWheel.NEVER;
    }

    void expire(long now) {
      fired.clear();
      int count = wheel.expire(now);
      List<Integer> due = new ArrayList<>();
      for (int i = 0; i < TIMERS; i++) {
        if (deadlines[i] <= now) {
          due.add(i);
          deadlines[i] = TimerWheel.NEVER;
        }
      }
      fired.sort(null);
      assertEquals(due, fired);
      assertEquals(due.size(), count);
    }

    void check() {
      long armed = Arrays.stream(deadlines).filter(each -> each != TimerWheel.NEVER).count();
      assertEquals(armed, wheel.armed());
      assertEquals(Arrays.stream(deadlines).min().orElseThrow(), wheel.nextDeadline());
    }
  }
}
