package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Some answers a second; how many, nobody knows. */
class ChallengeLimitTest {
  private static final long SECOND = 1_000_000_000L;

  private final SplittableRandom random = new SplittableRandom(1);

  private int allowedAt(ChallengeLimit limit, long now) {
    int allowed = 0;
    for (int i = 0; i < 100; i++) {
      allowed += limit.allow(now + i) ? 1 : 0;
    }
    return allowed;
  }

  @Test
  void shouldAllowSomeASecond_eachSecondAnotherNumber() {
    ChallengeLimit limit = new ChallengeLimit(random::nextLong);
    TreeSet<Integer> numbers = new TreeSet<>();
    for (int second = 0; second < 200; second++) {
      numbers.add(allowedAt(limit, second * SECOND));
    }
    assertEquals(ChallengeLimit.LEAST, numbers.first());
    assertEquals(ChallengeLimit.MOST, numbers.last());
    assertEquals(ChallengeLimit.MOST - ChallengeLimit.LEAST + 1, numbers.size());
  }

  @Test
  void shouldBeginAnewAfterASecond_andNotBefore() {
    ChallengeLimit limit = new ChallengeLimit(() -> 0);
    assertEquals(ChallengeLimit.LEAST, allowedAt(limit, 10 * SECOND));
    assertFalse(limit.allow(11 * SECOND - 1));
    assertTrue(limit.allow(11 * SECOND));
  }

  @Test
  void shouldNotSaveUp() {
    ChallengeLimit limit = new ChallengeLimit(() -> -1);
    assertTrue(allowedAt(limit, 3600 * SECOND) <= ChallengeLimit.MOST);
  }

  @Test
  void shouldCountEachConnectionApart() {
    ChallengeLimit flooded = new ChallengeLimit(random::nextLong);
    allowedAt(flooded, 0);
    assertFalse(flooded.allow(0));
    assertTrue(new ChallengeLimit(random::nextLong).allow(0));
  }
}
