package io.tunstack.ip;

/**
 * A limit on a rate: so many at once, so many per second in the long run.
 *
 * <p>Instead of tokens it keeps the instant at which the bucket will be full again; taking a token
 * moves that instant on, and there is none left when it lies a whole bucket in the future. So there
 * is nothing to refill and nothing to round.
 */
final class TokenBucket {
  private static final long SECOND = 1_000_000_000L;

  private final long nanosPerToken;
  private final long capacityNanos;
  private long fullAt;

  /**
   * Makes a full bucket.
   *
   * @param perSecond tokens per second, 1 or more
   * @param burst tokens that it holds, 1 or more
   */
  TokenBucket(int perSecond, int burst) {
    nanosPerToken = SECOND / perSecond;
    capacityNanos = nanosPerToken * burst;
  }

  /** Takes a token if there is one. */
  boolean take(long now) {
    long next = Math.max(fullAt, now) + nanosPerToken;
    if (next - now > capacityNanos) {
      return false;
    }
    fullAt = next;
    return true;
  }
}
