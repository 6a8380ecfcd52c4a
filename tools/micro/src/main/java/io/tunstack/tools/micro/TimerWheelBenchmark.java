package io.tunstack.tools.micro;

import io.tunstack.time.Timer;
import io.tunstack.time.TimerWheel;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Putting off one of many timers, as every segment does with its connection's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TimerWheelBenchmark {
  private static final long STEP_NANOS = 1_000;
  private static final long AHEAD_NANOS = 200_000_000;

  @Param({"10", "100000"})
  private int timers;

  private final TimerWheel wheel = new TimerWheel();
  private Timer[] all;
  private int[] order;
  private int next;
  private long now;

  @Setup
  public void arm() {
    SplittableRandom random = new SplittableRandom(1);
    all = new Timer[timers];
    order = new int[timers];
    for (int i = 0; i < timers; i++) {
      all[i] = Timer.of(at -> {});
      wheel.arm(all[i], AHEAD_NANOS + random.nextLong(AHEAD_NANOS));
      order[i] = random.nextInt(timers);
    }
  }

  @Benchmark
  public int rearm() {
    now += STEP_NANOS;
    wheel.arm(all[order[next]], now + AHEAD_NANOS);
    next = next + 1 == timers ? 0 : next + 1;
    return wheel.expire(now);
  }
}
