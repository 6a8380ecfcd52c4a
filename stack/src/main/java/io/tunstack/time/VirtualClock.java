package io.tunstack.time;

import java.time.Duration;

/**
 * A clock that stands still until it is told to move: the clock of tests and simulations.
 *
 * <p>Not thread-safe; it belongs to the thread that drives the stacks that share it.
 */
public final class VirtualClock implements Clock {
  private long nanos;

  /** Makes a clock that reads zero. */
  public VirtualClock() {}

  @Override
  public long nanos() {
    return nanos;
  }

  /**
   * Moves the clock forward.
   *
   * @param delta nanoseconds, zero or more
   * @throws IllegalArgumentException if {@code delta} is negative
   */
  public void advance(long delta) {
    if (delta < 0) {
      throw new IllegalArgumentException("time does not go backwards: " + delta + " ns");
    }
    nanos += delta;
  }

  /**
   * Moves the clock forward.
   *
   * @param delta zero or more
   */
  public void advance(Duration delta) {
    advance(delta.toNanos());
  }

  /**
   * Moves the clock forward to an instant; an instant already past leaves it where it is.
   *
   * @param instant nanoseconds of this clock
   */
  public void advanceTo(long instant) {
    nanos = Math.max(nanos, instant);
  }
}
