package io.tunstack.time;

/**
 * A monotonic clock.
 *
 * <p>The unit is the nanosecond and the origin is arbitrary, but every clock of this package starts
 * at or above zero and never goes backwards, so plain comparison of two readings is right for the
 * 292 years that a {@code long} lasts.
 */
@FunctionalInterface
public interface Clock {
  /**
   * Returns the nanoseconds since this clock's origin; never less than an earlier answer.
   *
   * @return nanoseconds, zero or more
   */
  long nanos();
}
