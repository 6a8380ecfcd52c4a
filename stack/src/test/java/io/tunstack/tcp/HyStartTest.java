package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HyStart++ by RFC 9406 §4.2. */
class HyStartTest {
  private static final long MILLI = 1_000_000;

  private final HyStart hyStart = new HyStart();
  private final AckSample s = new AckSample();
  private long delivered;

  @BeforeEach
  void start() {
    hyStart.start();
  }

  /** A round of so many samples, all alike; answers whether slow start is over. */
  private boolean round(int samples, long rtt) {
    boolean over = false;
    long begin = delivered;
    for (int i = 0; i < samples; i++) {
      s.reset(0);
      s.rtt = rtt;
      s.priorDelivered = begin;
      delivered += 1000;
      s.totalDelivered = delivered;
      over |= hyStart.onAck(s);
    }
    return over;
  }

  @Test
  void shouldGoOn_whileRoundTripsAreAlike() {
    for (int i = 0; i < 20; i++) {
      assertFalse(round(10, 40 * MILLI));
      assertEquals(1, hyStart.divisor());
    }
  }

  @Test
  void shouldSlowDownAtAnEighthMore_andEndFiveRoundsLater() {
    round(10, 80 * MILLI);
    round(10, 80 * MILLI + 9 * MILLI);
    assertEquals(1, hyStart.divisor(), "an eighth is 10 ms");
    round(10, 105 * MILLI);
    assertEquals(4, hyStart.divisor());
    for (int i = 0; i < 4; i++) {
      assertFalse(round(10, 105 * MILLI), "round " + i);
    }
    assertTrue(round(10, 105 * MILLI));
  }

  @Test
  void shouldNotJudge_byFewerThanEightSamples() {
    round(10, 40 * MILLI);
    round(7, 100 * MILLI);
    assertEquals(1, hyStart.divisor());
  }

  @Test
  void shouldHoldTheThresholdWithinFourAndSixteenMilliseconds() {
    round(10, MILLI);
    round(10, 4 * MILLI);
    assertEquals(1, hyStart.divisor(), "3 ms more on a short path");
    start();
    round(10, 400 * MILLI);
    round(10, 417 * MILLI);
    assertEquals(4, hyStart.divisor(), "17 ms more on a long one");
  }

  @Test
  void shouldGrowFastAgain_whenRoundTripsBecomeShorter() {
    round(10, 40 * MILLI);
    round(10, 60 * MILLI);
    assertEquals(4, hyStart.divisor());
    round(10, 40 * MILLI);
    assertEquals(1, hyStart.divisor());
  }
}
