package io.tunstack.tcp;

/**
 * HyStart++ (RFC 9406): leaves the first slow start before the queue overflows, because round trips
 * grow longer.
 *
 * <pre>
 *   slow start --round trips grew by an eighth--&gt; conservative (a quarter as fast)
 *        ^                                              |            |
 *        +----------- they became shorter again --------+        five rounds: congestion avoidance
 * </pre>
 */
final class HyStart {
  private static final int ENOUGH_SAMPLES = 8;
  private static final long MIN_THRESHOLD = 4_000_000;
  private static final long MAX_THRESHOLD = 16_000_000;
  private static final int DIVISOR = 8;
  private static final int CONSERVATIVE_ROUNDS = 5;
  private static final int CONSERVATIVE_DIVISOR = 4;

  private long roundEnd;
  private long lastMin = Long.MAX_VALUE;
  private long currentMin = Long.MAX_VALUE;
  private int samples;
  private boolean conservative;
  private long baseline;
  private int conservativeRounds;

  /** Slow start begins. */
  void start() {
    roundEnd = 0;
    lastMin = Long.MAX_VALUE;
    currentMin = Long.MAX_VALUE;
    samples = 0;
    conservative = false;
  }

  /** By how much slower than usual the window is to grow: 1 or 4. */
  int divisor() {
    return conservative ? CONSERVATIVE_DIVISOR : 1;
  }

  /**
   * Takes an acknowledgment in slow start (§4.2).
   *
   * @return whether slow start is over
   */
  boolean onAck(AckSample s) {
    boolean over = false;
    if (s.priorDelivered >= roundEnd) {
      over = conservative && ++conservativeRounds >= CONSERVATIVE_ROUNDS;
      roundEnd = s.totalDelivered;
      lastMin = currentMin;
      currentMin = Long.MAX_VALUE;
      samples = 0;
    }
    if (s.rtt != AckSample.NO_RTT) {
      currentMin = Math.min(currentMin, s.rtt);
      samples++;
      look();
    }
    return over;
  }

  private void look() {
    if (samples < ENOUGH_SAMPLES) {
      return;
    }
    if (conservative) {
      conservative = currentMin >= baseline;
    } else if (lastMin != Long.MAX_VALUE) {
      long threshold = Math.max(MIN_THRESHOLD, Math.min(lastMin / DIVISOR, MAX_THRESHOLD));
      if (currentMin >= lastMin + threshold) {
        conservative = true;
        baseline = currentMin;
        conservativeRounds = 0;
      }
    }
  }
}
