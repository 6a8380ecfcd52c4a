package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** CUBIC's window against RFC 9438's formulas. */
class CubicTest {
  private static final int SMSS = 1000;
  private static final long MILLI = 1_000_000;

  private final CongestionWindow window = new CongestionWindow(10);
  private final Cubic cubic = new Cubic(window);
  private final AckSample s = new AckSample();
  private long delivered;
  private long roundStart;

  private void open(int cwnd) {
    window.open(SMSS, false);
    cubic.onEstablished(0);
    window.cwnd = cwnd * SMSS;
  }

  private void lose(long now) {
    window.ssthresh = cubic.onCongestion(window.cwnd, now);
    window.cwnd = window.ssthresh;
  }

  /** A round trip in which the whole window is acknowledged, segment by segment. */
  private void round(long start, long rtt, boolean limited) {
    int acks = window.cwnd / SMSS;
    // What is acknowledged now left when the first of the previous round had been.
    long prior = roundStart + SMSS;
    roundStart = delivered;
    for (int i = 0; i < acks; i++) {
      long now = start + rtt * i / acks;
      s.reset(now);
      s.acked = SMSS;
      s.delivered = SMSS;
      s.srtt = rtt;
      s.rtt = rtt;
      s.cwndLimited = limited;
      s.priorDelivered = prior;
      delivered += SMSS;
      s.totalDelivered = delivered;
      cubic.onAck(s);
    }
  }

  @Test
  @Requirement({"CC-009", "CC-022"})
  void shouldKeepSevenTenths() {
    open(100);
    lose(0);
    assertEquals(70 * SMSS, window.cwnd);
    assertEquals(70 * SMSS, window.ssthresh);
    assertEquals(2 * SMSS, cubic.onCongestion(SMSS, 0));
  }

  @Test
  @Requirement({"CC-008", "CC-022"})
  void shouldFollowTheCubicFunction() {
    open(1000);
    lose(0);
    long rtt = 100 * MILLI;
    double k = Math.cbrt(1000 * (1 - Cubic.BETA) / Cubic.C);
    for (int i = 0; i < 160; i++) {
      round(i * rtt, rtt, true);
      double t = (i + 1) * 0.1;
      double formula = Cubic.C * Math.pow(t - k, 3) + 1000;
      double cwnd = window.cwnd / (double) SMSS;
      assertEquals(formula, cwnd, 0.03 * formula, "after " + t + " s");
    }
    assertTrue(window.cwnd > 1100 * SMSS, "it has probed beyond");
  }

  @Test
  @Requirement("CC-022")
  void shouldBeAsFastAsReno_whereTheCurveIsSlower() {
    open(20);
    lose(0);
    long rtt = 10 * MILLI;
    for (int i = 0; i < 20; i++) {
      round(i * rtt, rtt, true);
    }
    // From 14 by 9/17 a round up to 20, where the loss was, and by 1 from there.
    double slow = (20 - 14) / (9 / 17.0);
    assertEquals((20 + (20 - slow)) * SMSS, window.cwnd, SMSS);
  }

  @Test
  void shouldGiveWay_whenItLosesBelowWhereItLostBefore() {
    open(1000);
    lose(0);
    lose(0);
    // W_max is 700 × 0.85 now, and K the time to get there from 490.
    double k = Math.cbrt((595 - 490) / Cubic.C);
    long rtt = 100 * MILLI;
    int rounds = (int) (k * 10);
    for (int i = 0; i < rounds; i++) {
      round(i * rtt, rtt, true);
    }
    assertEquals(595, window.cwnd / (double) SMSS, 12);
  }

  @Test
  void shouldForgetALossThatWasNone() {
    open(1000);
    lose(0);
    long rtt = 100 * MILLI;
    for (int i = 0; i < 40; i++) {
      round(i * rtt, rtt, true);
    }
    int cwnd = window.cwnd;
    int ssthresh = window.ssthresh;
    lose(4_000 * MILLI);
    window.cwnd = cwnd;
    window.ssthresh = ssthresh;
    cubic.onUndo();
    round(4_000 * MILLI, rtt, true);
    double k = Math.cbrt(300 / Cubic.C);
    assertEquals(1000 + Cubic.C * Math.pow(4.1 - k, 3), window.cwnd / (double) SMSS, 10);
  }

  @Test
  @Requirement("CC-024")
  void shouldStandStill_whileTheApplicationLimits() {
    open(1000);
    lose(0);
    long rtt = 100 * MILLI;
    round(0, rtt, true);
    int cwnd = window.cwnd;
    for (int i = 1; i < 100; i++) {
      round(i * rtt, rtt, false);
    }
    assertEquals(cwnd, window.cwnd);
    round(100 * rtt, rtt, true);
    double k = Math.cbrt(300 / Cubic.C);
    double formula = Cubic.C * Math.pow(0.2 - k, 3) + 1000;
    assertEquals(formula, window.cwnd / (double) SMSS, 20, "time did not pass for the curve");
  }

  @Test
  void shouldLeaveSlowStartEarly_whenRoundTripsGrow() {
    open(10);
    long now = 0;
    int rounds = 0;
    while (window.inSlowStart() && rounds < 30) {
      long rtt = (40 + Math.max(0, rounds - 2) * 8) * MILLI;
      round(now, rtt, true);
      now += rtt;
      rounds++;
    }
    assertTrue(rounds > 6 && rounds < 14, "after rounds: " + rounds);
    assertEquals(window.ssthresh, Math.min(window.ssthresh, window.cwnd));
    assertTrue(window.cwnd < 300 * SMSS, "slowly since round 3: " + window.cwnd);
  }

  @Test
  void shouldDoubleInSlowStart_whenRoundTripsStayAsTheyAre() {
    open(10);
    for (int i = 0; i < 5; i++) {
      round(40 * MILLI * i, 40 * MILLI, true);
    }
    assertEquals(320 * SMSS, window.cwnd);
  }

  @Test
  void shouldCountAStretchedAcknowledgmentWhole_whereBurstsAreSpread_andByEightSegmentsElsewhere() {
    open(10);
    s.reset(MILLI);
    s.delivered = 20 * SMSS;
    s.cwndLimited = true;
    cubic.onAck(s);
    assertEquals(18 * SMSS, window.cwnd);
    window.paced = true;
    cubic.onAck(s);
    assertEquals(38 * SMSS, window.cwnd);
  }

  @Test
  void shouldGoOnInSlowStart_whenRoundTripsOnlySeemedToGrow() {
    open(10);
    long[] rtts = {40, 40, 60, 40, 40, 40, 40};
    long now = 0;
    for (long rtt : rtts) {
      round(now, rtt * MILLI, true);
      now += rtt * MILLI;
    }
    assertTrue(window.inSlowStart());
    assertTrue(window.cwnd > 400 * SMSS, "cwnd " + window.cwnd);
  }

  @Test
  void shouldNotOverflow() {
    open(10);
    for (int i = 0; i < 2_000_000; i++) {
      s.reset(i * MILLI);
      s.acked = 2 * SMSS;
      s.delivered = 2 * SMSS;
      s.cwndLimited = true;
      s.srtt = MILLI;
      cubic.onAck(s);
    }
    assertEquals(CongestionWindow.MAX, window.cwnd);
    lose(2_000_000 * MILLI);
    assertEquals(CongestionWindow.MAX * Cubic.BETA, window.cwnd, 2);
    assertEquals("cubic", cubic.name());
  }
}
