package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ImpairmentTest {
  private static final int PACKETS = 20_000;
  private static final Duration TEN_MILLIS = Duration.ofMillis(10);

  @Test
  void shouldDeliverEverything_whenThereIsNone() {
    for (int i = 0; i < PACKETS; i++) {
      assertEquals(Fate.DELIVER, Impairment.NONE.fate(5, i));
    }
  }

  @Test
  void shouldKeepToItsShares() {
    assertShare(0.2, Impairment.NONE.withLoss(0.2), fate -> fate.copies() == 0);
    assertShare(0.1, Impairment.NONE.withDuplication(0.1), fate -> fate.copies() == 2);
    assertShare(
        0.05, Impairment.NONE.withCorruption(0.05), fate -> fate.flippedBit() != Fate.INTACT);
    assertShare(0.03, Impairment.NONE.withReordering(0.03), fate -> fate.extraNanos() > 0);
    assertShare(
        0.5,
        Impairment.NONE.withDelay(Duration.ZERO, TEN_MILLIS),
        fate -> fate.extraNanos() < TEN_MILLIS.toNanos() / 2);
    assertShare(1, Impairment.NONE.withLoss(1), fate -> fate.copies() == 0);
  }

  private static void assertShare(
      double expected, Impairment impairment, Predicate<Fate> condition) {
    int hits = 0;
    for (int i = 0; i < PACKETS; i++) {
      if (condition.test(impairment.fate(99, i))) {
        hits++;
      }
    }
    // Three standard deviations, at the most a hundredth here; the seed is fixed.
    assertEquals(expected, (double) hits / PACKETS, 0.011);
  }

  @Test
  void shouldHoldBackBehindJitter_whenAPacketIsReordered() {
    Impairment reordering = Impairment.NONE.withDelay(TEN_MILLIS, TEN_MILLIS).withReordering(1);
    for (int i = 0; i < 100; i++) {
      assertTrue(reordering.fate(1, i).extraNanos() > 2 * TEN_MILLIS.toNanos());
    }
  }

  @Test
  void shouldRefuse_whenAValueIsOutOfRange() {
    Impairment none = Impairment.NONE;
    assertThrows(IllegalArgumentException.class, () -> none.withLoss(1.1));
    assertThrows(IllegalArgumentException.class, () -> none.withLoss(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> none.withDuplication(-0.1));
    assertThrows(IllegalArgumentException.class, () -> none.withReordering(2));
    assertThrows(IllegalArgumentException.class, () -> none.withCorruption(-1));
    Duration negative = Duration.ofNanos(-1);
    assertThrows(IllegalArgumentException.class, () -> none.withDelay(negative, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> none.withDelay(Duration.ZERO, negative));
  }
}
