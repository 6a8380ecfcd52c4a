package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CongestionWindowTest {
  private final CongestionWindow window = new CongestionWindow(10);

  @Test
  void shouldOpenWithTenSegments_andNoMoreBytesThanTenOfEthernets() {
    window.open(1460, false);
    assertEquals(14_600, window.cwnd);
    window.open(536, false);
    assertEquals(5_360, window.cwnd);
    window.open(9000, false);
    assertEquals(18_000, window.cwnd, "two of them at least");
    window.open(5000, false);
    assertEquals(14_600, window.cwnd);
  }

  @Test
  void shouldOpenWithOneSegment_whenTheSynWasLost() {
    window.open(1460, true);
    assertEquals(1460, window.cwnd);
  }

  @Test
  void shouldBeInSlowStart_belowTheThreshold() {
    window.open(1000, false);
    assertTrue(window.inSlowStart());
    window.ssthresh = 10_000;
    assertFalse(window.inSlowStart());
  }

  @Test
  void shouldHoldOneSegmentAtLeast_andStayBelowItsMaximum() {
    window.open(1000, true);
    window.smssChanged(1400);
    assertEquals(1400, window.cwnd);
    window.cwnd = CongestionWindow.MAX - 1;
    window.grow(1 << 20);
    assertEquals(CongestionWindow.MAX, window.cwnd);
    assertEquals(2800, window.atLeastTwo(10));
  }
}
