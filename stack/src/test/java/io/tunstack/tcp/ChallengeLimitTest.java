package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Five answers a second. */
class ChallengeLimitTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void shouldAllowFiveInASecond() {
    ChallengeLimit limit = new ChallengeLimit();
    int allowed = 0;
    for (int i = 0; i < 1000; i++) {
      allowed += limit.allow(10 * SECOND + i) ? 1 : 0;
    }
    assertEquals(5, allowed);
    assertFalse(limit.allow(11 * SECOND - 1));
    assertTrue(limit.allow(11 * SECOND));
  }

  @Test
  void shouldNotSaveUp() {
    ChallengeLimit limit = new ChallengeLimit();
    int allowed = 0;
    for (int i = 0; i < 100; i++) {
      allowed += limit.allow(3600 * SECOND) ? 1 : 0;
    }
    assertEquals(5, allowed);
  }

  @Test
  void shouldCountEachConnectionApart() {
    ChallengeLimit flooded = new ChallengeLimit();
    for (int i = 0; i < 100; i++) {
      flooded.allow(0);
    }
    assertFalse(flooded.allow(0));
    assertTrue(new ChallengeLimit().allow(0));
  }
}
