package io.tunstack.tcp;

/** The retransmission time-out (RFC 6298). All times are nanoseconds. */
final class RttEstimator {
  /** Clock granularity G: our send times are exact to about this much, and no sample is less. */
  private static final long GRANULARITY = 1_000;

  /** What the time-out becomes for data when the SYN's had to expire (RFC 6298 §5.7). */
  private static final long AFTER_SYN_TIMEOUT = 3_000_000_000L;

  private static final int MAX_BACKOFF = 16;

  /**
   * What the variance counts for at least: acknowledgments may be delayed by so much at any time,
   * and a path whose round trips were all alike must not make that a time-out. The smallest
   * time-out counts for the variance too, as on Linux: it is what comes on top of a round trip, so
   * that a long path whose round trips are all alike has as much patience as a short one.
   */
  private static final long ACK_DELAY = 40_000_000;

  /** How long a smallest round trip is believed, at least; the path may have changed since. */
  private static final long MIN_RTT_WINDOW = 150_000_000_000L;

  private static final long NANOS_PER_MICRO = 1_000;

  /** In microseconds, half an hour at most: every connection has them. */
  private final int minRtoMicros;

  private final int maxRtoMicros;
  private long srtt;
  private long rttvar;

  /** The time-out before it is backed off. */
  private int baseRtoMicros;

  /** A mean of the last few samples, however many of them a round trip brings. */
  private int recentMicros;

  private int backoff;

  /** The smallest sample of the present stretch of time, and of the one before. */
  private long recentMin = Long.MAX_VALUE;

  private long earlierMin = Long.MAX_VALUE;
  private long stretchEnd = Long.MIN_VALUE;

  RttEstimator(long initialRto, long minRto, long maxRto) {
    this.minRtoMicros = micros(minRto);
    this.maxRtoMicros = micros(maxRto);
    this.baseRtoMicros = micros(initialRto);
  }

  /** Rounded up. */
  private static int micros(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, (nanos + NANOS_PER_MICRO - 1) / NANOS_PER_MICRO);
  }

  /**
   * Takes a measurement of a segment that was sent once (§2.2, §2.3, §3).
   *
   * @param samplesPerRoundTrip how many of them one round trip brings; each then counts for so much
   *     less, that the estimate keeps its memory (RFC 7323 appendix G)
   */
  void sample(long rtt, int samplesPerRoundTrip, long now) {
    long r = Math.max(rtt, GRANULARITY);
    if (srtt == 0) {
      srtt = r;
      rttvar = r / 2;
      recentMicros = micros(r);
    } else {
      int samples = Math.max(1, samplesPerRoundTrip);
      rttvar += (Math.abs(srtt - r) - rttvar) / (4L * samples);
      srtt += (r - srtt) / (8L * samples);
      recentMicros += (micros(r) - recentMicros) / 8;
    }
    noteMin(r, now);
    computeRto();
    backoff = 0;
  }

  /**
   * The smoothed round trip takes several round trips to learn that a queue has doubled them, and
   * in slow start there is only one before it overflows: the time-out follows what is measured now
   * if that is more, and does not expire on top of the recovery.
   */
  private void computeRto() {
    long minRto = minRtoMicros * NANOS_PER_MICRO;
    long variance = Math.max(Math.max(ACK_DELAY, minRto - GRANULARITY), 4 * rttvar);
    long roundTrip = Math.max(srtt, recentMicros * NANOS_PER_MICRO);
    baseRtoMicros = micros(Math.max(minRto, Math.min(maxRto(), roundTrip + variance)));
  }

  private void noteMin(long r, long now) {
    if (now >= stretchEnd) {
      earlierMin = recentMin;
      recentMin = r;
      stretchEnd = now + MIN_RTT_WINDOW;
    } else {
      recentMin = Math.min(recentMin, r);
    }
  }

  /** The smallest round trip of the last minutes; {@link AckSample#NO_RTT} before the first. */
  long minRtt() {
    long min = Math.min(recentMin, earlierMin);
    return min == Long.MAX_VALUE ? AckSample.NO_RTT : min;
  }

  /** Doubles the time-out (§5.5). */
  void backOff() {
    backoff = Math.min(backoff + 1, MAX_BACKOFF);
  }

  /** Something new was acknowledged: the path is alive, and the back-off is over. */
  void endBackOff() {
    backoff = 0;
  }

  int backoff() {
    return backoff;
  }

  /** The SYN had to be sent again, so nothing is known about the path (§5.7). */
  void onSynTimedOut() {
    if (srtt == 0) {
      baseRtoMicros = Math.max(baseRtoMicros, micros(AFTER_SYN_TIMEOUT));
    }
    backoff = 0;
  }

  long rto() {
    return Math.min(maxRto(), (baseRtoMicros * NANOS_PER_MICRO) << backoff);
  }

  private long maxRto() {
    return maxRtoMicros * NANOS_PER_MICRO;
  }

  long srtt() {
    return srtt;
  }

  long rttvar() {
    return rttvar;
  }
}
