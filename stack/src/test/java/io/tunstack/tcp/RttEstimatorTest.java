package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 6298's sums, by hand. */
class RttEstimatorTest {
  private static final long MILLI = 1_000_000;

  private final RttEstimator rtt = new RttEstimator(1000 * MILLI, 200 * MILLI, 60_000 * MILLI);

  @Test
  void shouldBeginWithTheInitialTimeOut() {
    assertEquals(1000 * MILLI, rtt.rto());
    assertEquals(0, rtt.srtt());
  }

  @Test
  void shouldTakeTheFirstSampleWhole() {
    rtt.sample(100 * MILLI, 1, 0);
    assertEquals(100 * MILLI, rtt.srtt());
    assertEquals(50 * MILLI, rtt.rttvar());
    assertEquals(300 * MILLI, rtt.rto());
  }

  @Test
  void shouldWeighLaterSamples_byAnEighthAndAQuarter() {
    rtt.sample(100 * MILLI, 1, 0);
    rtt.sample(180 * MILLI, 1, 0);
    assertEquals(110 * MILLI, rtt.srtt());
    assertEquals(57_500_000, rtt.rttvar());
    assertEquals(340 * MILLI, rtt.rto());
  }

  @Test
  void shouldKeepToItsBounds() {
    rtt.sample(1, 1, 0);
    assertEquals(200 * MILLI, rtt.rto());
    assertEquals(1_000, rtt.srtt(), "never less than the clock's granularity");
    rtt.sample(1_000_000 * MILLI, 1, 0);
    assertEquals(60_000 * MILLI, rtt.rto());
  }

  @Test
  void shouldDouble_untilASampleOrTheMaximum() {
    rtt.sample(100 * MILLI, 1, 0);
    rtt.backOff();
    assertEquals(600 * MILLI, rtt.rto());
    rtt.backOff();
    assertEquals(1200 * MILLI, rtt.rto());
    for (int i = 0; i < 100; i++) {
      rtt.backOff();
    }
    assertEquals(60_000 * MILLI, rtt.rto());
    assertTrue(rtt.backoff() > 0);
    rtt.sample(100 * MILLI, 1, 0);
    assertEquals(0, rtt.backoff());
    assertTrue(rtt.rto() < 300 * MILLI);
  }

  @Test
  void shouldWaitThreeSeconds_afterASynThatTimedOut_unlessSomethingWasMeasured() {
    rtt.backOff();
    rtt.onSynTimedOut();
    assertEquals(3000 * MILLI, rtt.rto());
    RttEstimator measured = new RttEstimator(1000 * MILLI, 200 * MILLI, 60_000 * MILLI);
    measured.sample(10 * MILLI, 1, 0);
    measured.onSynTimedOut();
    assertEquals(210 * MILLI - 1_000, measured.rto());
  }

  @Test
  void shouldHaveTheSmallestTimeOut_onTopOfAnyRoundTrip() {
    for (int i = 0; i < 100; i++) {
      rtt.sample(1, 1, i);
    }
    assertEquals(200 * MILLI, rtt.rto(), "none is shorter than the granularity");
    RttEstimator far = new RttEstimator(1000 * MILLI, 200 * MILLI, 60_000 * MILLI);
    for (int i = 0; i < 100; i++) {
      far.sample(500 * MILLI, 1, i);
    }
    assertEquals(700 * MILLI - 1_000, far.rto());
    RttEstimator impatient = new RttEstimator(1000 * MILLI, MILLI, 60_000 * MILLI);
    for (int i = 0; i < 100; i++) {
      impatient.sample(500 * MILLI, 1, i);
    }
    assertEquals(540 * MILLI, impatient.rto(), "an acknowledgment may be delayed");
  }

  @Test
  void shouldFollowAQueueThatGrowsWithinARoundTrip() {
    int samples = 1000;
    rtt.sample(300 * MILLI, samples, 0);
    for (int i = 0; i < 10 * samples; i++) {
      rtt.sample(300 * MILLI, samples, i);
    }
    for (int i = 0; i <= samples; i++) {
      rtt.sample((300 + 300L * i / samples) * MILLI, samples, i);
    }
    assertTrue(rtt.srtt() < 350 * MILLI, "the estimate has a memory of several round trips");
    assertTrue(rtt.rto() > 795 * MILLI, "but what is under way takes 600 ms: " + rtt.rto());
    for (int i = 0; i < 10 * samples; i++) {
      rtt.sample(300 * MILLI, samples, i);
    }
    assertTrue(rtt.rto() < 600 * MILLI, "and is over when it is over: " + rtt.rto());
  }

  @Test
  void shouldRememberTheShortest_forOneToTwoWindows() {
    long window = 150_000 * MILLI;
    assertEquals(AckSample.NO_RTT, rtt.minRtt());
    rtt.sample(50 * MILLI, 1, 1);
    rtt.sample(20 * MILLI, 1, 2);
    rtt.sample(70 * MILLI, 1, window);
    assertEquals(20 * MILLI, rtt.minRtt());
    rtt.sample(80 * MILLI, 1, window + 1);
    assertEquals(20 * MILLI, rtt.minRtt(), "of the window before");
    rtt.sample(60 * MILLI, 1, window + 2);
    rtt.sample(90 * MILLI, 1, 2 * window + 1);
    assertEquals(60 * MILLI, rtt.minRtt(), "the path has become longer");
  }
}
