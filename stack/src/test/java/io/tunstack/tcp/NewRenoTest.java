package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The congestion window, step by step. */
class NewRenoTest {
  private static final int SMSS = 1000;

  private final NewReno reno = new NewReno(TcpConfig.DEFAULT);

  private NewReno established() {
    reno.onEstablished(SMSS, false);
    return reno;
  }

  @Test
  void shouldBeginWithTenSegments_orOneAfterALostSyn() {
    assertEquals(10 * SMSS, established().cwnd());
    assertEquals(Integer.MAX_VALUE, reno.ssthresh());
    reno.onEstablished(SMSS, true);
    assertEquals(SMSS, reno.cwnd());
    reno.onEstablished(8960, false);
    assertEquals(2 * 8960, reno.cwnd());
    reno.onEstablished(2000, false);
    assertEquals(14_600, reno.cwnd());
  }

  @Test
  void shouldGrowByWhatWasAcknowledged_twoSegmentsAtMost_inSlowStart() {
    established().onAck(300, true);
    assertEquals(10 * SMSS + 300, reno.cwnd());
    reno.onAck(50 * SMSS, true);
    assertEquals(10 * SMSS + 300 + 2 * SMSS, reno.cwnd());
  }

  @Test
  void shouldNotGrow_whenTheWindowDidNotLimit() {
    established().onAck(5 * SMSS, false);
    assertEquals(10 * SMSS, reno.cwnd());
  }

  @Test
  void shouldGrowBySegmentAndWindow_inCongestionAvoidance() {
    established().onEnterRecovery(10 * SMSS);
    reno.onExitRecovery(10 * SMSS);
    assertEquals(5 * SMSS, reno.cwnd());
    for (int i = 0; i < 4; i++) {
      reno.onAck(SMSS, true);
    }
    assertEquals(5 * SMSS, reno.cwnd());
    reno.onAck(SMSS, true);
    assertEquals(6 * SMSS, reno.cwnd());
  }

  @Test
  void shouldHalveAndInflate_inRecovery() {
    established().onEnterRecovery(10 * SMSS);
    assertEquals(5 * SMSS, reno.ssthresh());
    assertEquals(8 * SMSS, reno.cwnd());
    reno.onDuplicateAckInRecovery();
    assertEquals(9 * SMSS, reno.cwnd());
    reno.onPartialAck(3 * SMSS);
    assertEquals(7 * SMSS, reno.cwnd());
    reno.onPartialAck(SMSS / 2);
    assertEquals(7 * SMSS - SMSS / 2, reno.cwnd());
    reno.onExitRecovery(SMSS);
    assertEquals(2 * SMSS, reno.cwnd(), "no burst after the end");
  }

  @Test
  void shouldNeverFallBelowOneSegment_orTwoForSsthresh() {
    established().onEnterRecovery(SMSS);
    assertEquals(2 * SMSS, reno.ssthresh());
    reno.onPartialAck(100 * SMSS);
    assertTrue(reno.cwnd() >= SMSS);
  }

  @Test
  void shouldHalveOnce_inAnEpisodeOfTimeOuts() {
    established().onRetransmissionTimeout(10 * SMSS, true);
    assertEquals(SMSS, reno.cwnd());
    assertEquals(5 * SMSS, reno.ssthresh());
    reno.onRetransmissionTimeout(SMSS, false);
    assertEquals(5 * SMSS, reno.ssthresh());
  }

  @Test
  void shouldRestartWithTheInitialWindow_orLess() {
    established().onAck(2 * SMSS, true);
    reno.onIdleRestart();
    assertEquals(10 * SMSS, reno.cwnd());
    reno.onRetransmissionTimeout(10 * SMSS, true);
    reno.onIdleRestart();
    assertEquals(SMSS, reno.cwnd());
  }

  @Test
  void shouldNotOverflow() {
    established();
    for (int i = 0; i < 2_000_000; i++) {
      reno.onAck(2 * SMSS, true);
    }
    assertEquals(1 << 30, reno.cwnd());
    assertEquals("newreno", reno.name());
  }
}
