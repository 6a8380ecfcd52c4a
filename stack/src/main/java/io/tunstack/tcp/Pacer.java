package io.tunstack.tcp;

/** Spreads what leaves over time, for algorithms that ask for it. Bytes, nanoseconds. */
final class Pacer {
  /** How late the machine may be with a segment and still make up for it. */
  private static final long CREDIT_NANOS = 1_000_000;

  /** What may leave at once for that, however fast the path. */
  private static final long BURST_BYTES = 65_536;

  /** Packets of many segments are burst enough; at least so many leave. */
  private static final int PACKETS_PER_SECOND = 1000;

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

  /** The text of one packet at most: what the pace allows in a millisecond. */
  static int limit(long rate, int packetBytes, int smss) {
    if (rate <= 0) {
      return packetBytes;
    }
    return (int) Math.min(packetBytes, Math.max(2L * smss, rate / PACKETS_PER_SECOND));
  }
}
