package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 8985 §7: when to probe, and what the answer means. Numbers lie on both sides of 2³². */
class TailLossProbeTest {
  private static final long MILLI = 1_000_000;
  private static final int SMSS = 1000;
  private static final int END = 500;

  private final TailLossProbe probe = new TailLossProbe();
  private final AckSample s = new AckSample();

  private static RttEstimator measured(long rtt) {
    RttEstimator estimator = new RttEstimator(1000 * MILLI, 200 * MILLI, 60_000 * MILLI);
    estimator.sample(rtt, 1, 0);
    return estimator;
  }

  @Test
  void shouldWaitTwoRoundTrips_andForADelayedAckWhenLittleIsInFlight() {
    RttEstimator rtt = measured(100 * MILLI);
    assertEquals(210 * MILLI, TailLossProbe.timeout(rtt, 5 * SMSS, SMSS));
    assertEquals(300 * MILLI, TailLossProbe.timeout(rtt, SMSS, SMSS));
    assertEquals(80 * MILLI, TailLossProbe.timeout(measured(10 * MILLI), SMSS, SMSS));
    assertEquals(2200 * MILLI, TailLossProbe.timeout(measured(1000 * MILLI), SMSS, SMSS));
  }

  @Test
  void shouldWaitForAPeerWhoseApplicationHasReadNothing_howeverMuchIsInFlight() {
    assertEquals(60 * MILLI, TailLossProbe.timeout(measured(10 * MILLI), 5 * SMSS, SMSS));
    assertEquals(90 * MILLI, TailLossProbe.timeout(measured(40 * MILLI), 5 * SMSS, SMSS));
    assertEquals(92 * MILLI, TailLossProbe.timeout(measured(41 * MILLI), 5 * SMSS, SMSS));
  }

  @Test
  void shouldTellOfARepairedLoss_whenMoreThanTheProbeIsAcknowledged() {
    probe.sent(END, true);
    s.reset(0);
    assertFalse(probe.onAck(s, END - 1000));
    assertTrue(probe.isOutstanding());
    assertTrue(probe.onAck(s, END + 1000));
    assertFalse(probe.isOutstanding());
    assertFalse(probe.onAck(s, END + 2000), "once");
  }

  @Test
  void shouldTellOfNoLoss_whenADuplicateSackNamesTheProbe() {
    probe.sent(END, true);
    s.reset(0);
    s.duplicateSack = true;
    s.duplicateEnd = END;
    assertFalse(probe.onAck(s, END + 1000));
    assertFalse(probe.isOutstanding());
  }

  @Test
  void shouldTellOfNoLoss_whenBothOriginalAndProbeAreAcknowledged() {
    probe.sent(END, true);
    s.reset(0);
    assertFalse(probe.onAck(s, END));
    assertTrue(probe.isOutstanding());
    s.duplicate = true;
    assertFalse(probe.onAck(s, END));
    assertFalse(probe.isOutstanding());
  }

  @Test
  void shouldTellOfNoLoss_whenTheProbeWasNewData_orIsForgotten() {
    probe.sent(END, false);
    s.reset(0);
    assertFalse(probe.onAck(s, END + 1000));
    probe.sent(END, true);
    probe.forget();
    assertFalse(probe.onAck(s, END + 1000));
  }
}
