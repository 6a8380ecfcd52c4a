package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstLossTest {
  private static final int PACKETS = 400_000;

  @ParameterizedTest
  @CsvSource({
    "0.01, 0.1, 1, 0, 0.0909",
    "0.01, 0.1, 0.7, 0.001, 0.0645",
    "0.05, 0.5, 1, 0, 0.0909",
    "1, 1, 1, 0, 0.5",
    "0, 0, 1, 0.25, 0.25",
  })
  void shouldLoseTheShareThatTheModelSays(
      double goesBad, double goesGood, double inBad, double inGood, double share) {
    BurstLoss model = new BurstLoss(goesBad, goesGood, inBad, inGood);
    boolean bad = false;
    int lost = 0;
    for (int i = 0; i < PACKETS; i++) {
      bad = model.isBad(bad, 77, i);
      lost += model.loses(bad, 77, i) ? 1 : 0;
    }
    assertEquals(share, model.longRunShare(), 0.0001);
    // Bursts of ten make for a standard deviation of at most a five-hundredth; the seed is fixed.
    assertEquals(share, (double) lost / PACKETS, 0.005);
  }

  @Test
  void shouldLoseNothing_whenThereAreNoBursts() {
    boolean bad = false;
    for (int i = 0; i < 1000; i++) {
      bad = BurstLoss.NONE.isBad(bad, 1, i);
      assertFalse(bad || BurstLoss.NONE.loses(bad, 1, i));
    }
    assertEquals(0, BurstLoss.NONE.longRunShare());
  }

  @Test
  void shouldRefuse_whenAValueIsNoProbability() {
    assertThrows(IllegalArgumentException.class, () -> BurstLoss.of(1.5, 0));
    assertThrows(IllegalArgumentException.class, () -> BurstLoss.of(0, -1));
    assertThrows(IllegalArgumentException.class, () -> new BurstLoss(0, 0, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> new BurstLoss(0, 0, 0, Double.NaN));
  }
}
