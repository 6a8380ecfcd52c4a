package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  private static int takeAll(TokenBucket bucket, long now) {
    int taken = 0;
    while (bucket.take(now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void shouldGiveABurst_thenNothing() {
    assertEquals(50, takeAll(new TokenBucket(100, 50), 0));
    assertEquals(1, takeAll(new TokenBucket(100, 1), 7 * SECOND));
  }

  @Test
  void shouldRefillAtItsRate() {
    TokenBucket bucket = new TokenBucket(100, 50);
    takeAll(bucket, 0);
    assertFalse(bucket.take(SECOND / 100 - 1));
    assertTrue(bucket.take(SECOND / 100));
    assertFalse(bucket.take(SECOND / 100));
    assertEquals(10, takeAll(bucket, SECOND / 100 * 11));
  }

  @Test
  void shouldNotHoldMoreThanABurst_howeverLongNobodyCame() {
    TokenBucket bucket = new TokenBucket(100, 50);
    takeAll(bucket, 0);
    assertEquals(50, takeAll(bucket, 1_000_000 * SECOND));
  }

  @Test
  void shouldKeepTheRateOverTime() {
    TokenBucket bucket = new TokenBucket(1000, 5);
    int taken = 0;
    for (long now = 0; now < SECOND; now += SECOND / 10_000) {
      taken += bucket.take(now) ? 1 : 0;
    }
    assertEquals(1004, taken);
  }
}
