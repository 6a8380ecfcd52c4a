package io.tunstack.tcp;

/** The retransmission time-out (RFC 6298). All times are nanoseconds. */
final class RttEstimator {
  /** Clock granularity G: our send times are exact to about this much. */
  private static final long GRANULARITY = 1_000;

  /** What the time-out becomes for data when the SYN's had to expire (RFC 6298 §5.7). */
  private static final long AFTER_SYN_TIMEOUT = 3_000_000_000L;

  private static final int MAX_BACKOFF = 16;

  private final long minRto;
  private final long maxRto;
  private long srtt;
  private long rttvar;
  private long baseRto;
  private int backoff;

  RttEstimator(long initialRto, long minRto, long maxRto) {
    this.minRto = minRto;
    this.maxRto = maxRto;
    this.baseRto = initialRto;
  }

  /** Takes a measurement of a segment that was sent once (§2.2, §2.3, §3). */
  void sample(long rtt) {
    long r = Math.max(rtt, GRANULARITY);
    if (srtt == 0) {
      srtt = r;
      rttvar = r / 2;
    } else {
      rttvar += (Math.abs(srtt - r) - rttvar) / 4;
      srtt += (r - srtt) / 8;
    }
    baseRto = Math.max(minRto, Math.min(maxRto, srtt + Math.max(GRANULARITY, 4 * rttvar)));
    backoff = 0;
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
      baseRto = Math.max(baseRto, AFTER_SYN_TIMEOUT);
    }
    backoff = 0;
  }

  long rto() {
    return Math.min(maxRto, baseRto << backoff);
  }

  long srtt() {
    return srtt;
  }

  long rttvar() {
    return rttvar;
  }
}
