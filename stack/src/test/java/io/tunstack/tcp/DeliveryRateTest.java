package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Rates of delivery, measured by a board. */
class DeliveryRateTest {
  private static final long MILLI = 1_000_000;

  private final DeliveryRate rate = new DeliveryRate();
  private final Scoreboard board = new Scoreboard(rate, new Spares<>(FlightBook::new, 1));
  private final AckSample s = new AckSample();

  private void acknowledge(int seq, long now) {
    s.reset(now);
    board.acknowledge(seq, s);
    s.rateDelivered = rate.delivered - s.priorDelivered;
  }

  @Test
  void shouldBeWhatArrivedInARoundTrip() {
    board.sent(0, 1000, 0);
    board.sent(1000, 2000, 0);
    acknowledge(1000, 10 * MILLI);
    assertEquals(1000, s.rateDelivered);
    assertEquals(10 * MILLI, s.rateInterval);
    acknowledge(2000, 12 * MILLI);
    assertEquals(2000, s.rateDelivered);
    assertEquals(12 * MILLI, s.rateInterval);
  }

  @Test
  void shouldTakeTheLongerOfSendingAndArriving_soThatABunchOfAcksIsNoRate() {
    board.sent(0, 1000, 0);
    board.sent(1000, 2000, 30 * MILLI);
    acknowledge(1000, 40 * MILLI);
    acknowledge(2000, 41 * MILLI);
    assertEquals(2000, s.rateDelivered);
    assertEquals(41 * MILLI, s.rateInterval);
  }

  @Test
  void shouldBeginAnew_whenNothingWasInFlight() {
    board.sent(0, 1000, 0);
    acknowledge(1000, 10 * MILLI);
    board.sent(1000, 2000, 500 * MILLI);
    acknowledge(2000, 510 * MILLI);
    assertEquals(1000, s.rateDelivered);
    assertEquals(10 * MILLI, s.rateInterval);
  }

  @Test
  void shouldSayWhenTheApplicationWasTheLimit_untilThatIsDelivered() {
    rate.onAppLimited(1000);
    board.sent(0, 1000, 0);
    board.sent(1000, 2000, 0);
    assertTrue(rate.isAppLimited());
    acknowledge(1000, 10 * MILLI);
    assertTrue(s.appLimited);
    acknowledge(2000, 11 * MILLI);
    assertFalse(rate.isAppLimited());
  }
}
