package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class IdentificationsTest {
  private static Identifications seeded(long seed) {
    return new Identifications(new SplittableRandom(seed)::nextLong);
  }

  @Test
  @Requirement("IP-014")
  void shouldUseEveryNumberOnce_beforeOneRepeats() {
    Identifications ids = seeded(1);
    BitSet seen = new BitSet();
    for (int i = 0; i < 65_536; i++) {
      seen.set(ids.next(1, 2, 17));
    }
    assertEquals(65_536, seen.cardinality());
  }

  @Test
  @Requirement("IP-014")
  void shouldNotRepeat_whenOtherDestinationsAreServedInBetween() {
    Identifications ids = seeded(2);
    BitSet seen = new BitSet();
    for (int i = 0; i < 3000; i++) {
      seen.set(ids.next(1, 2, 17));
      for (int other = 0; other < i % 5; other++) {
        ids.next(1, 1000 + i + other, 17);
      }
    }
    assertEquals(3000, seen.cardinality());
  }

  @Test
  @Requirement("IP-023")
  void shouldNotCount() {
    Identifications ids = seeded(3);
    int close = 0;
    int previous = ids.next(1, 2, 1);
    for (int i = 0; i < 2000; i++) {
      int next = ids.next(1, 2, 1);
      int step = next - previous & 0xffff;
      close += step < 1000 || step > 64_536 ? 1 : 0;
      previous = next;
    }
    // A random walk makes steps below 1000 in either direction three times in a hundred.
    assertTrue(close < 150, close + " small steps of 2000");
  }

  @Test
  void shouldDependOnTheSeedAndNothingElse() {
    Identifications a = seeded(4);
    Identifications b = seeded(4);
    Identifications other = seeded(5);
    int same = 0;
    for (int i = 0; i < 100; i++) {
      int id = a.next(1, 2, 1);
      assertEquals(id, b.next(1, 2, 1));
      same += id == other.next(1, 2, 1) ? 1 : 0;
    }
    assertNotEquals(100, same);
  }
}
