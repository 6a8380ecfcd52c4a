package io.tunstack.tcp;

/**
 * How many acknowledgments a connection sends in answer to what it does not accept: a handful a
 * second. Each connection has its own, so nobody can learn from one about another (CVE-2016-5696),
 * and two peers that disagree cannot answer each other for ever.
 */
final class ChallengeLimit {
  /** Enough for a half-open peer to find out; too few to be worth anybody's while. */
  private static final int PER_INTERVAL = 5;

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private long intervalStart;
  private int used;

  boolean allow(long now) {
    if (now - intervalStart >= INTERVAL_NANOS) {
      intervalStart = now;
      used = 0;
    }
    if (used >= PER_INTERVAL) {
      return false;
    }
    used++;
    return true;
  }
}
