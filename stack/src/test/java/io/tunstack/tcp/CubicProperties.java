package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** CUBIC's window against the closed form of RFC 9438 §4.2 and §4.3, on any path. */
class CubicProperties {
  private static final int SMSS = 1000;
  private static final long MILLI = 1_000_000;
  private static final double TOLERANCE = 0.05;
  private static final double RENO_ALPHA = 3 * (1 - Cubic.BETA) / (1 + Cubic.BETA);

  @Property(tries = 60)
  @Requirement("CC-022")
  void shouldFollowTheClosedForm_afterALoss(
      @ForAll @IntRange(min = 20, max = 1200) int lostAt,
      @ForAll @IntRange(min = 20, max = 200) int rttMillis) {
    CongestionWindow window = new CongestionWindow(10);
    Cubic cubic = new Cubic(window);
    window.open(SMSS, false);
    cubic.onEstablished(0);
    window.ssthresh = cubic.onCongestion(lostAt * SMSS, 0);
    window.cwnd = window.ssthresh;
    double k = Math.cbrt(lostAt * (1 - Cubic.BETA) / Cubic.C);
    double seconds = rttMillis / 1e3;
    AckSample s = new AckSample();
    double reno = lostAt * Cubic.BETA;
    boolean friendly = false;
    for (int round = 0; round * seconds < 1.3 * k; round++) {
      acknowledgeAll(window, cubic, s, (long) round * rttMillis * MILLI, rttMillis * MILLI);
      reno += reno < lostAt ? RENO_ALPHA : 1;
      double t = (round + 1) * seconds;
      double curve = Cubic.C * Math.pow(t - k, 3) + lostAt;
      double expected = Math.max(curve, reno);
      friendly |= reno > curve;
      double off = Math.abs(window.cwnd / (double) SMSS - expected);
      assertTrue(
          off <= TOLERANCE * expected + 1,
          () -> window.cwnd + " bytes after " + t + " s, and not " + expected * SMSS);
    }
    Statistics.label("Reno-friendly").collect(friendly);
    Statistics.label("Reno-friendly").coverage(c -> c.check(true).percentage(p -> p > 5));
  }

  private static void acknowledgeAll(
      CongestionWindow window, Cubic cubic, AckSample s, long start, long rtt) {
    int acks = window.cwnd / SMSS;
    for (int i = 0; i < acks; i++) {
      s.reset(start + rtt * i / acks);
      s.acked = SMSS;
      s.delivered = SMSS;
      s.srtt = rtt;
      s.rtt = rtt;
      s.cwndLimited = true;
      cubic.onAck(s);
    }
  }
}
