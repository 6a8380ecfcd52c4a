package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;

class PathMssTest {
  private static final long TEN_MINUTES = 600_000_000_000L;

  private final PathMss mss = new PathMss();

  @Test
  @Requirement("PMTU-007")
  void shouldBeTheLeastOfPeerAndPath_lessTheOptions() {
    mss.agree(1460, 12);
    assertEquals(1448, mss.mss(1500, 0));
    assertEquals(1448, mss.mss(9000, 0));
    assertEquals(948, mss.mss(1000, 0));
    mss.agree(536, 0);
    assertEquals(536, mss.mss(1500, 0));
  }

  @Test
  @Requirement("PMTU-006")
  void shouldShrink_whenFullSegmentsTimeOutAgainAndAgain() {
    mss.agree(1460, 0);
    assertFalse(mss.timedOut(1460, 1));
    assertFalse(mss.timedOut(1460, 2));
    assertTrue(mss.timedOut(1460, 3));
    assertEquals(1160, mss.mss(1500, 3));
    assertFalse(mss.timedOut(1160, 4));
    assertFalse(mss.timedOut(1160, 5));
    assertTrue(mss.timedOut(1160, 6));
    assertEquals(512, mss.mss(1500, 6));
    for (int i = 0; i < 10; i++) {
      assertFalse(mss.timedOut(512, 7 + i));
    }
    assertEquals(512, mss.mss(1500, 20));
  }

  @Test
  void shouldNotSuspectThePath_whenSomethingArrivesInBetween() {
    mss.agree(1460, 0);
    for (int i = 0; i < 10; i++) {
      assertFalse(mss.timedOut(1460, i));
      assertFalse(mss.timedOut(1460, i));
      mss.progress(100);
    }
  }

  @Test
  void shouldTakeLonger_whenThatLengthHasArrivedBefore() {
    mss.agree(1460, 0);
    mss.progress(1460);
    for (int i = 0; i < 5; i++) {
      assertFalse(mss.timedOut(1460, i));
    }
    assertTrue(mss.timedOut(1460, 5));
  }

  @Test
  void shouldNotSuspectThePath_whenSmallSegmentsAreLostToo() {
    mss.agree(1460, 0);
    for (int i = 0; i < 10; i++) {
      assertFalse(mss.timedOut(512, i));
    }
  }

  @Test
  @Requirement("PMTU-005")
  void shouldTryTheLargerSizeAgain_afterTenMinutes() {
    mss.agree(1460, 0);
    for (int i = 0; i < 3; i++) {
      mss.timedOut(1460, 5);
    }
    assertEquals(1160, mss.mss(1500, 5 + TEN_MINUTES - 1));
    assertEquals(1460, mss.mss(1500, 5 + TEN_MINUTES));
  }
}
