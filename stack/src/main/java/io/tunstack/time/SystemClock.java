package io.tunstack.time;

/**
 * The machine's monotonic clock, counted from the moment this object was made.
 *
 * <p>This is the only class of the project that reads the system clock; an architecture test holds
 * everybody else to it. Any thread may call it.
 */
public final class SystemClock implements Clock {
  private final long origin = System.nanoTime();

  /** Makes a clock that reads zero now. */
  public SystemClock() {}

  @Override
  public long nanos() {
    return System.nanoTime() - origin;
  }

  /**
   * Returns the wall-clock time, for what is shown to people and for HTTP's {@code Date} only: it
   * may jump, so nothing may be timed with it.
   *
   * @return milliseconds since 1970-01-01T00:00Z
   */
  public static long wallMillis() {
    return System.currentTimeMillis();
  }
}
