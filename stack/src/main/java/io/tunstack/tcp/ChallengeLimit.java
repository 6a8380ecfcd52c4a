package io.tunstack.tcp;

import java.util.function.LongSupplier;

/**
 * How many acknowledgments a connection sends in answer to what it does not accept: a handful a
 * second. Each connection has its own, so nobody can learn from one about another (CVE-2016-5696),
 * and how many there are is drawn anew each second, so nobody can count what is left; two peers
 * that disagree cannot answer each other for ever.
 */
final class ChallengeLimit {
  /** Enough for a half-open peer to find out, and for its packets to be lost once or twice. */
  static final int LEAST = 5;

  /** Too few to be worth anybody's while. */
  static final int MOST = 12;

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final LongSupplier random;
  private long intervalStart;
  private int left;
  private boolean used;

  ChallengeLimit(LongSupplier random) {
    this.random = random;
  }

  boolean allow(long now) {
    if (!used || now - intervalStart >= INTERVAL_NANOS) {
      used = true;
      intervalStart = now;
      left = LEAST + (int) Long.remainderUnsigned(random.getAsLong(), MOST - LEAST + 1);
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
