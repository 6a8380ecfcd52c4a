package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** BBR on a path that delivers at a fixed rate and has a queue: a model, a segment at a time. */
class BbrTest {
  private static final int SMSS = 1000;
  private static final long MILLI = 1_000_000;
  private static final long RTT = 40 * MILLI;

  private final CongestionWindow window = new CongestionWindow(10);
  private final Bbr bbr = new Bbr(window);
  private final AckSample s = new AckSample();
  private long delivered;
  private long now;

  private void open() {
    window.open(SMSS, false);
    bbr.onEstablished(0);
  }

  /**
   * A round trip over a path of so many bytes per second: what the window holds arrives at that
   * rate, and what does not fit waits in a queue that is as long as it has to be.
   */
  private void round(double rate) {
    double paced = bbr.pacingRate() * RTT / 1e9;
    int flight = paced == 0 ? window.cwnd : (int) Math.min(window.cwnd, Math.max(SMSS, paced));
    double bdp = rate * RTT / 1e9;
    long trip = (long) Math.max(RTT, RTT * flight / bdp);
    long prior = delivered;
    int segments = Math.max(1, flight / SMSS);
    for (int i = 1; i <= segments; i++) {
      s.reset(now + trip * i / segments);
      s.acked = SMSS;
      s.delivered = SMSS;
      s.rtt = trip;
      s.srtt = trip;
      s.advanced = true;
      s.cwndLimited = true;
      s.priorInFlight = flight;
      s.inFlight = flight;
      delivered += SMSS;
      s.totalDelivered = delivered;
      s.priorDelivered = prior;
      s.rateDelivered = delivered - prior;
      s.rateInterval = trip;
      bbr.onAck(s);
    }
    now += trip;
  }

  @Test
  void shouldFindTheRate_andHoldTwiceWhatThePathHoldsAtMost() {
    open();
    double rate = 5e6;
    for (int i = 0; i < 60; i++) {
      round(rate);
    }
    double bdp = rate * RTT / 1e9;
    assertEquals(rate, (double) bbr.pacingRate(), 0.3 * rate);
    assertTrue(window.cwnd <= 2.3 * bdp + 4 * SMSS, "cwnd " + window.cwnd);
    assertTrue(window.cwnd >= 0.8 * bdp, "cwnd " + window.cwnd);
  }

  @Test
  void shouldDoubleInAFirstRound_asSlowStartDoes() {
    open();
    round(1e9);
    assertEquals(20 * SMSS, window.cwnd, 2 * SMSS);
  }

  @Test
  void shouldKeepFourSegments_andNotTouchTheThresholdAtALoss() {
    open();
    int ssthresh = window.ssthresh;
    assertEquals(ssthresh, bbr.onCongestion(window.cwnd, 0));
    for (int i = 0; i < 200; i++) {
      round(20_000);
    }
    assertTrue(window.cwnd >= 4 * SMSS, "cwnd " + window.cwnd);
    assertTrue(bbr.ownsWindow());
    assertEquals("bbr", bbr.name());
  }

  @Test
  void shouldLookForMoreNowAndThen_andNeverPaceBeyondItsGains() {
    open();
    double rate = 5e6;
    for (int i = 0; i < 60; i++) {
      round(rate);
    }
    boolean more = false;
    while (now < 20_000 * MILLI) {
      round(rate);
      double gain = bbr.pacingRate() / rate;
      more |= gain > 1.15;
      assertTrue(gain <= 1.3, () -> "paces at " + bbr.pacingRate());
      assertTrue(window.cwnd <= 2.3 * rate * RTT / 1e9 + 4 * SMSS, () -> "cwnd " + window.cwnd);
    }
    assertTrue(more, "UP");
  }

  @Test
  void shouldFollow_whenThePathBecomesFaster() {
    open();
    for (int i = 0; i < 100; i++) {
      round(2e6);
    }
    for (int i = 0; i < 300; i++) {
      round(6e6);
    }
    assertEquals(6e6, (double) bbr.pacingRate(), 2e6);
  }

  @Test
  void shouldLeaveTheQueueEmpty_whenItLooksForTheShortestTrip() {
    open();
    double rate = 5e6;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < 60; i++) {
      round(rate);
    }
    while (now < 12_000 * MILLI) {
      round(rate);
      least = Math.min(least, window.cwnd);
    }
    assertTrue(least <= 0.6 * rate * RTT / 1e9 + SMSS, "least " + least);
  }
}
