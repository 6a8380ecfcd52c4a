package io.tunstack.tcp;

/**
 * Spreads what leaves over time: all of it for algorithms that ask for it, bursts for the others.
 * Those are clocked by acknowledgments, but after a pause of the application, of the peer's window
 * or of the machine, and in slow start, much would leave at once and overflow a short queue. Bytes,
 * nanoseconds.
 */
final class Pacer {
  /** How late the machine may be with a segment and still make up for it. */
  private static final long CREDIT_NANOS = 1_000_000;

  /** What may leave at once for that, however fast the path. */
  private static final long BURST_BYTES = 65_536;

  /** Packets of many segments are burst enough; at least so many leave. */
  private static final int PACKETS_PER_SECOND = 1000;

  /**
   * How many windows a burst may fill in a round trip. Slow start sends two for each that arrives:
   * spread over the round trip they do not fill a short queue before the window is as large as the
   * path, and one is not held back on the whole.
   */
  private static final long WINDOWS_PER_ROUND_TRIP = 2;

  /** Below this, all of a window would leave within a millisecond, and timers are not finer. */
  private static final long SHORT_ROUND_TRIP = 2_000_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Pacer() {}

  /**
   * A segment leaves; time that was not used of late may be made up for.
   *
   * @param due when it was allowed to
   * @param rate bytes per second; 0 for as fast as the windows allow
   * @return when the next one may
   */
  static long afterSent(long due, int length, long rate, long now) {
    if (rate <= 0) {
      return 0;
    }
    long credit = Math.min(CREDIT_NANOS, BURST_BYTES * NANOS_PER_SECOND / rate);
    return Math.max(due, now - credit) + length * NANOS_PER_SECOND / rate;
  }

  /**
   * How fast a burst is to leave.
   *
   * @return bytes per second; 0 for at once, where a round trip is too short to be divided
   */
  static long burstRate(int cwnd, long srtt) {
    if (srtt < SHORT_ROUND_TRIP) {
      return 0;
    }
    return Math.max(1, WINDOWS_PER_ROUND_TRIP * cwnd * NANOS_PER_SECOND / srtt);
  }

  /**
   * A segment leaves whose algorithm asks for no pace.
   *
   * @param due when it was allowed to
   * @param rate of bursts, bytes per second; 0 for at once
   * @param burst bytes that leave at once whatever the rate
   * @return when the next one may
   */
  static long afterClocked(long due, int length, long rate, int burst, long now) {
    if (rate <= 0) {
      return 0;
    }
    long credit = burst * NANOS_PER_SECOND / rate;
    return Math.max(due, now - credit) + length * NANOS_PER_SECOND / rate;
  }

  /** The text of one packet at most: what the pace allows in a millisecond. */
  static int limit(long rate, int packetBytes, int smss) {
    if (rate <= 0) {
      return packetBytes;
    }
    return (int) Math.min(packetBytes, Math.max(2L * smss, rate / PACKETS_PER_SECOND));
  }
}
