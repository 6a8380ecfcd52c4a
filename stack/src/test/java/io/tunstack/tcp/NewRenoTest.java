package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** The congestion window, step by step. */
class NewRenoTest {
  private static final int SMSS = 1000;

  private final CongestionWindow window = new CongestionWindow(10);
  private final NewReno reno = new NewReno(window);
  private final AckSample sample = new AckSample();

  private NewReno established() {
    window.open(SMSS, false);
    reno.onEstablished(0);
    return reno;
  }

  private AckSample acked(int bytes, boolean cwndLimited) {
    sample.reset(0);
    sample.acked = bytes;
    sample.delivered = bytes;
    sample.cwndLimited = cwndLimited;
    return sample;
  }

  @Test
  void shouldBeginWithTenSegments_orOneAfterALostSyn() {
    established();
    assertEquals(10 * SMSS, window.cwnd);
    assertEquals(Integer.MAX_VALUE, window.ssthresh);
    window.open(SMSS, true);
    assertEquals(SMSS, window.cwnd);
    window.open(8960, false);
    assertEquals(2 * 8960, window.cwnd);
    window.open(2000, false);
    assertEquals(14_600, window.cwnd);
  }

  @Test
  void shouldGrowByWhatWasAcknowledged_twoSegmentsAtMost_inSlowStart() {
    established().onAck(acked(300, true));
    assertEquals(10 * SMSS + 300, window.cwnd);
    reno.onAck(acked(50 * SMSS, true));
    assertEquals(10 * SMSS + 300 + 2 * SMSS, window.cwnd);
  }

  @Test
  void shouldCountRoundTripsByWholeSegments_becauseNoPartOfOneLeaves() {
    established();
    window.ssthresh = SMSS;
    window.cwnd = 3 * SMSS + SMSS / 2;
    for (int i = 0; i < 3; i++) {
      assertEquals(3 * SMSS + SMSS / 2 + i * SMSS / 3, window.cwnd);
      reno.onAck(acked(SMSS, true));
    }
    assertEquals(4 * SMSS + SMSS / 2, window.cwnd);
  }

  @Test
  @Requirement("CC-008")
  void shouldGrowByOneSegmentInARoundTrip_howeverItIsAcknowledged() {
    for (int piece : new int[] {SMSS / 10, SMSS / 2, SMSS, 2 * SMSS}) {
      established();
      window.ssthresh = reno.onCongestion(41 * SMSS, 0);
      window.cwnd = window.ssthresh;
      assertEquals(20 * SMSS + SMSS / 2, window.cwnd);
      for (int round = 0; round < 8; round++) {
        int segments = 20 + round;
        for (int bytes = 0; bytes < segments * SMSS; bytes += piece) {
          int before = window.cwnd;
          reno.onAck(acked(Math.min(piece, segments * SMSS - bytes), true));
          assertTrue(window.cwnd >= before);
          assertTrue(window.cwnd <= (segments + 1) * SMSS + SMSS / 2);
        }
        assertEquals((segments + 1) * SMSS + SMSS / 2, window.cwnd, "pieces of " + piece);
      }
    }
  }

  @Test
  void shouldGrowByOneSegment_whenManyRoundTripsAreAcknowledgedAtOnce() {
    established();
    window.ssthresh = SMSS;
    reno.onAck(acked(35 * SMSS, true));
    assertEquals(11 * SMSS, window.cwnd);
  }

  @Test
  void shouldNotGrow_whenTheWindowDidNotLimit() {
    established().onAck(acked(5 * SMSS, false));
    assertEquals(10 * SMSS, window.cwnd);
  }

  @Test
  void shouldGrowBySegmentAndWindow_inCongestionAvoidance() {
    window.ssthresh = established().onCongestion(10 * SMSS, 0);
    window.cwnd = window.ssthresh;
    assertEquals(5 * SMSS, window.cwnd);
    for (int i = 1; i <= 5; i++) {
      reno.onAck(acked(SMSS, true));
      assertEquals(5 * SMSS + i * SMSS / 5, window.cwnd);
    }
    reno.onAck(acked(SMSS / 2, true));
    window.ssthresh = reno.onCongestion(6 * SMSS, 0);
    window.cwnd = window.ssthresh;
    for (int i = 1; i <= 3; i++) {
      reno.onAck(acked(SMSS, true));
      assertEquals(3 * SMSS + i * SMSS / 3, window.cwnd, "what came before a loss does not count");
    }
  }

  @Test
  void shouldHalveWhatWasInUse_toTwoSegmentsAtLeast() {
    assertEquals(5 * SMSS, established().onCongestion(10 * SMSS, 0));
    assertEquals(2 * SMSS, reno.onCongestion(SMSS, 0));
  }

  @Test
  void shouldNotOverflow() {
    established();
    for (int i = 0; i < 2_000_000; i++) {
      reno.onAck(acked(2 * SMSS, true));
    }
    assertEquals(CongestionWindow.MAX, window.cwnd);
    assertEquals("newreno", reno.name());
  }
}
