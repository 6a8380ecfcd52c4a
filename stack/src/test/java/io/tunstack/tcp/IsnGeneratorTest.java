package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Initial sequence numbers (RFC 6528). */
class IsnGeneratorTest {
  private final IsnGenerator isns = new IsnGenerator(5, 6);

  @Test
  @Requirement("TCP-008")
  void shouldGrowByOneInFourMicroseconds_forOneTuple() {
    int first = isns.isn(1, 80, 2, 40_000, 0);
    assertEquals(first, isns.isn(1, 80, 2, 40_000, 3_999));
    assertEquals(first + 1, isns.isn(1, 80, 2, 40_000, 4_000));
    assertEquals(first + 250_000, isns.isn(1, 80, 2, 40_000, 1_000_000_000));
  }

  @Test
  @Requirement("TCP-008")
  void shouldDifferIrregularly_betweenTuples() {
    Set<Integer> steps = new HashSet<>();
    int previous = isns.isn(1, 80, 2, 40_000, 0);
    for (int port = 40_001; port < 40_041; port++) {
      int next = isns.isn(1, 80, 2, port, 0);
      steps.add(next - previous);
      previous = next;
    }
    assertEquals(40, steps.size());
  }

  @Test
  @Requirement({"TCP-047", "TCP-091"})
  void shouldDependOnTheSecret() {
    assertNotEquals(isns.isn(1, 80, 2, 40_000, 0), new IsnGenerator(5, 7).isn(1, 80, 2, 40_000, 0));
  }

  @Test
  @Requirement("SEC-018")
  void shouldSayNothingByItsTimestamps() {
    Set<Integer> differences = new HashSet<>();
    for (int port = 1; port <= 40; port++) {
      differences.add(isns.isn(1, 80, 2, port, 0) - isns.timestampOffset(1, 80, 2, port));
    }
    assertTrue(differences.size() == 40);
  }

  @Test
  void shouldGiveEveryTupleATimestampOffsetOfItsOwn() {
    Set<Integer> offsets = new HashSet<>();
    for (int port = 40_000; port < 40_040; port++) {
      offsets.add(isns.timestampOffset(1, 80, 2, port));
    }
    assertEquals(40, offsets.size());
    assertEquals(isns.timestampOffset(1, 80, 2, 5), isns.timestampOffset(1, 80, 2, 5));
  }
}
