package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CoarseTimestampsTest {
  private static final long MILLI = 1_000_000;

  @Test
  void shouldShowEveryMillisecond_whileNothingIsLate() {
    CoarseTimestamps clock = new CoarseTimestamps(70);
    assertEquals(70, clock.show(70));
    assertEquals(71, clock.show(71));
    assertEquals(MILLI, clock.tickNanos());
  }

  @Test
  void shouldShowTheSame_sixteenTimesAsLongAsPacketsAreLate() {
    CoarseTimestamps clock = new CoarseTimestamps(70);
    clock.adapt(3 * MILLI);
    assertEquals(48 * MILLI, clock.tickNanos());
    assertEquals(70, clock.show(117));
    assertEquals(118, clock.show(118));
    assertEquals(118, clock.show(165));
  }

  @Test
  void shouldTickTwiceASecond_howeverLatePacketsAre() {
    CoarseTimestamps clock = new CoarseTimestamps(70);
    clock.adapt(Long.MAX_VALUE);
    assertEquals(CoarseTimestamps.MAX_TICK * MILLI, clock.tickNanos());
  }

  @Test
  void shouldShowEveryMillisecondAgain_onceLatenessIsLongAgo() {
    CoarseTimestamps clock = new CoarseTimestamps(70);
    clock.adapt(3 * MILLI);
    clock.adapt(0);
    assertEquals(71, clock.show(71));
    clock.adapt(1);
    assertEquals(72, clock.show(72));
  }
}
