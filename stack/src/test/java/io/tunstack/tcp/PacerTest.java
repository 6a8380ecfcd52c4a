package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MILLI = 1_000_000;
  private static final int BURST = 10_000;
  private static final long MEGABYTE_PER_SECOND = 1_000_000;

  private long due;

  private void sent(int length, long rate, long now) {
    due = Pacer.afterSent(due, length, rate, now);
  }

  private void clocked(int length, long rate, long now) {
    due = Pacer.afterClocked(due, length, rate, BURST, now);
  }

  @Test
  void shouldLeaveRoomBetweenSegments_byTheRate() {
    long now = 100 * MILLI;
    sent(1000, MEGABYTE_PER_SECOND, now);
    assertEquals(now, due, "a millisecond of credit pays for the first");
    sent(1000, MEGABYTE_PER_SECOND, now);
    assertEquals(now + MILLI, due);
    sent(1000, MEGABYTE_PER_SECOND, now + MILLI);
    assertEquals(now + 2 * MILLI, due);
  }

  @Test
  void shouldNotSaveUp_whatALongPauseLeft() {
    sent(1000, MEGABYTE_PER_SECOND, 100 * MILLI);
    sent(1000, MEGABYTE_PER_SECOND, 900 * MILLI);
    assertEquals(900 * MILLI, due);
  }

  @Test
  void shouldHoldNothingBack_whenNoRateIsAskedFor() {
    sent(1_000_000, MEGABYTE_PER_SECOND, 0);
    sent(1000, 0, 0);
    assertEquals(0, due);
  }

  @Test
  void shouldLetABurstLeaveAtOnce_andWhatComesAfterItByTheRate() {
    long now = 100 * MILLI;
    for (int i = 0; i < 10; i++) {
      assertTrue(due <= now, "ten at once");
      clocked(1000, MEGABYTE_PER_SECOND, now);
    }
    clocked(1000, MEGABYTE_PER_SECOND, now);
    assertEquals(now + MILLI, due);
    clocked(1000, MEGABYTE_PER_SECOND, now + 500 * MILLI);
    assertEquals(now + 491 * MILLI, due, "ten again, and not more");
  }

  @Test
  void shouldFillTwoWindowsInARoundTrip_andHoldNothingBackInAShortOne() {
    assertEquals(2 * MEGABYTE_PER_SECOND, Pacer.burstRate(100_000, 100 * MILLI));
    assertEquals(0, Pacer.burstRate(100_000, 2 * MILLI - 1));
    assertEquals(0, Pacer.burstRate(100_000, 0));
    clocked(1_000_000, MEGABYTE_PER_SECOND, 0);
    clocked(1000, 0, 0);
    assertEquals(0, due);
  }

  @Test
  void shouldCutPacketsToAMillisecond_butNotBelowTwoSegments() {
    assertEquals(65_000, Pacer.limit(0, 65_000, 1000));
    assertEquals(10_000, Pacer.limit(10 * MEGABYTE_PER_SECOND, 65_000, 1000));
    assertEquals(2_000, Pacer.limit(1, 65_000, 1000));
    assertEquals(1_000, Pacer.limit(1, 1_000, 1000), "a link that does not cut");
  }
}
