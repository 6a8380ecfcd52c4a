package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class DrawsTest {
  @Test
  void shouldSpreadEvenly_overPacketsAndOverDraws() {
    double[] sums = new double[3];
    for (int i = 0; i < 10_000; i++) {
      sums[0] += Draws.uniform(1, i, 0);
      sums[1] += Draws.uniform(1, 7, i % 16 + 16 * (i / 16));
      sums[2] += Draws.uniform(i, 0, 3);
    }
    for (double sum : sums) {
      // Four standard deviations of the mean of 10,000: 4 · 0.289 / 100.
      assertEquals(0.5, sum / 10_000, 0.0116);
    }
  }

  @Test
  void shouldNeverHappen_whenTheProbabilityIsZero() {
    for (int i = 0; i < 1000; i++) {
      assertFalse(Draws.chance(1, i, 0, 0));
    }
  }

  @Test
  void shouldDeriveAnotherSeed() {
    assertNotEquals(Draws.derive(1, 0), Draws.derive(1, 1));
    assertNotEquals(Draws.derive(1, 0), Draws.derive(2, 0));
    assertNotEquals(1, Draws.derive(1, 0));
  }
}
