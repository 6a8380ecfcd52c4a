package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.tcp.TcpConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Slow start, congestion avoidance, validation and restart (RFC 5681, 6928, 3465, 7661). */
class CongestionWindowTest {
  @Test
  @Requirement("CC-001")
  void shouldBeginWithTenSegments() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(100_000);
      assertEquals(10, s.drain().size());
      assertEquals(14_600, s.info().cwndBytes());
    }
  }

  @Test
  void shouldBeginWithFewer_whenSegmentsAreLarge() {
    try (TcpScript s = new TcpScript(TcpScript.RENO, 9000)) {
      s.inject("S 0:0(0) win 65535 <mss 8960>");
      s.drain();
      s.inject(". 1:1(0) ack 1 win 65535");
      assertEquals(17_920, s.info().cwndBytes());
    }
  }

  @Test
  @Requirement("CC-006")
  void shouldDoubleInSlowStart_perRoundTrip() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 65535, "mss 1460,wscale 7")) {
      s.write(1 << 20);
      int acked = 1;
      int flight = s.drain().size();
      for (int round = 0; round < 3; round++) {
        s.afterMillis(4);
        int sent = 0;
        for (int i = 0; i < flight; i++) {
          acked += 1460;
          s.inject(". 1:1(0) ack " + acked + " win 8000");
          sent += s.drain().size();
        }
        s.afterMillis(6);
        sent += s.drain().size();
        assertEquals(2 * flight, sent, "within half a round trip");
        flight = sent;
      }
    }
  }

  @Test
  void shouldGrowByTwoSegmentsAtMost_onAStretchedAck() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(100_000);
      s.drain();
      s.inject(". 1:1(0) ack 14601 win 65535");
      assertEquals(14_600 + 2920, s.info().cwndBytes());
    }
  }

  @Test
  @Requirement("CC-006")
  void shouldGrowNoFaster_whenAnAckIsSplitIntoFifty() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(100_000);
      s.drain();
      int sent = 0;
      for (int i = 1; i <= 50; i++) {
        s.inject(". 1:1(0) ack " + (1 + i * 1460 / 50) + " win 65535");
        sent += s.drain().size();
      }
      assertEquals(14_600 + 1460, s.info().cwndBytes());
      assertTrue(sent <= 4, "sent " + sent);
    }
  }

  @Test
  @Requirement("CC-006")
  void shouldCountOnce_whatWasSackedBeforeItWasAcknowledged() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 65535, "mss 1000,sackOK")) {
      s.write(100_000);
      assertEquals(10, s.drain().size());
      s.afterMillis(1);
      s.inject(". 1:1(0) ack 1 win 65535 <sack 1001:2001>");
      s.inject(". 1:1(0) ack 1 win 65535 <sack 1001:3001>");
      assertEquals(10_000, s.info().cwndBytes());
      s.inject(". 1:1(0) ack 3001 win 65535");
      assertEquals(11_000, s.info().cwndBytes(), "one segment is news");
    }
  }

  @Test
  @Requirement("CC-006")
  void shouldCountOnce_whatDuplicatesHadTold() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 65535, "mss 1000")) {
      s.write(100_000);
      assertEquals(10, s.drain().size());
      s.inject(". 1:1(0) ack 1 win 65535");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.inject(". 1:1(0) ack 3001 win 65535");
      assertEquals(11_000, s.info().cwndBytes(), "one segment is news");
    }
  }

  @Test
  void shouldGrowWhileSomethingIsLate_whereReorderingWasSeen() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 65535, "mss 1000,sackOK")) {
      s.write(100_000);
      s.drain();
      s.afterMillis(10);
      s.inject(". 1:1(0) ack 1 win 65535 <sack 1001:2001>");
      assertEquals(10_000, s.info().cwndBytes(), "nothing is known to be usual");
      s.inject(". 1:1(0) ack 2001 win 65535");
      assertEquals(11_000, s.info().cwndBytes());
      s.drain();
      s.inject(". 1:1(0) ack 2001 win 65535 <sack 3001:4001>");
      s.inject(". 1:1(0) ack 2001 win 65535 <sack 3001:5001>");
      assertEquals(13_000, s.info().cwndBytes());
      s.inject(". 1:1(0) ack 5001 win 65535");
      assertEquals(14_000, s.info().cwndBytes());
    }
  }

  @Test
  void shouldRememberForARoundTrip_thatTheWindowWasInUse() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 65535, "mss 1000")) {
      s.write(9_000);
      assertEquals(9, s.drain().size());
      s.afterMillis(100);
      for (int i = 1; i <= 4; i++) {
        s.inject(". 1:1(0) ack " + (1 + i * 2000) + " win 65535");
        s.drain();
        assertEquals(10_000 + i * 2000, s.info().cwndBytes());
      }
      s.inject(". 1:1(0) ack 9001 win 65535");
      assertEquals(18_000, s.info().cwndBytes(), "nine were in use, and that is half of it");
      s.write(9_000);
      s.drain();
      s.inject(". 1:1(0) ack 18001 win 65535");
      assertEquals(18_000, s.info().cwndBytes());
    }
  }

  @Test
  @Requirement("CC-024")
  void shouldNotGrow_whileTheApplicationIsWhatLimits() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      for (int i = 0; i < 100; i++) {
        s.write(1000);
        s.afterMillis(50);
        s.inject(". 1:1(0) ack " + (1001 + i * 1000) + " win 65535");
      }
      assertEquals(14_600, s.info().cwndBytes());
    }
  }

  @Test
  @Requirement("CC-015")
  void shouldBeginAnewWithTheInitialWindow_afterAnIdleTime() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(60_000);
      int acked = 1;
      while (acked < 60_000) {
        acked = Math.min(60_001, acked + 1460);
        s.inject(". 1:1(0) ack " + acked + " win 65535");
      }
      s.drain();
      assertTrue(s.info().cwndBytes() > 14_600, s.info()::toString);
      s.after(Duration.ofSeconds(5));
      s.write(60_000);
      assertEquals(10, s.drain().size());
      assertEquals(14_600, s.info().cwndBytes());
    }
  }

  @Test
  void shouldSpreadALargeWindow_afterAPause() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(60_000);
      int acked = 1;
      while (acked < 60_000) {
        s.afterMillis(20);
        s.drain();
        acked = Math.min(60_001, acked + 14_600);
        s.inject(". 1:1(0) ack " + acked + " win 65535");
      }
      s.drain();
      s.afterMillis(100);
      int window = s.info().cwndBytes() / 1460;
      assertTrue(window > 14, s.info()::toString);
      s.write(60_000);
      int atOnce = s.drain().size();
      assertTrue(atOnce >= 10 && atOnce < window, atOnce + " of " + window);
      s.afterMillis(20);
      int later = s.drain().size();
      assertTrue(atOnce + later >= window - 1, atOnce + " and then " + later + " of " + window);
    }
  }

  @Test
  void shouldKeepItsWindow_whenItPausesForLessThanATimeOut() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(60_000);
      int acked = 1;
      while (acked < 60_000) {
        acked = Math.min(60_001, acked + 1460);
        s.inject(". 1:1(0) ack " + acked + " win 65535");
      }
      s.drain();
      int cwnd = s.info().cwndBytes();
      s.afterMillis(100);
      s.write(60_000);
      assertEquals(cwnd, s.info().cwndBytes());
    }
  }

  /** A connection whose window has grown to some forty segments, all of them acknowledged. */
  private static TcpScript grown(TcpConfig config) {
    return grown(config, "mss 1460,wscale 7");
  }

  private static TcpScript grown(TcpConfig config, String options) {
    TcpScript s = TcpScript.established(config, 8000, options);
    s.write(60 * 1460);
    int acked = 1;
    while (acked < 60 * 1460) {
      acked += 1460;
      s.inject(". 1:1(0) ack " + acked + " win 8000");
      s.afterMillis(1);
    }
    s.drain();
    assertTrue(s.info().cwndBytes() > 40 * 1460, s.info()::toString);
    return s;
  }

  /** The application writes so many segments now and then, for longer than a sampling period. */
  private static int writeLittle(TcpScript s, int acked, int segments, int times) {
    int end = acked;
    for (int i = 0; i < times; i++) {
      s.write(segments * 1460);
      s.afterMillis(20);
      s.drain();
      end += segments * 1460;
      s.inject(". 1:1(0) ack " + end + " win 8000");
      s.afterMillis(130);
    }
    return end;
  }

  @Test
  @Requirement("CC-024")
  void shouldGrowAgain_onlyOnceHalfOfAnUnusedWindowHasBeenAcknowledged() {
    try (TcpScript s = grown(TcpScript.RENO)) {
      int window = s.info().cwndBytes();
      int acked = writeLittle(s, 1 + 60 * 1460, 4, 10);
      s.write(1 << 19);
      s.afterMillis(20);
      assertEquals(window / 1460, s.drain().size());
      int half = acked + window / 2;
      while (acked + 1460 < half) {
        acked += 1460;
        s.inject(". 1:1(0) ack " + acked + " win 8000");
        assertEquals(window, s.info().cwndBytes(), "nobody knows yet what the path carries");
      }
      s.inject(". 1:1(0) ack " + (acked + 1460) + " win 8000");
      assertEquals(window + 1460, s.info().cwndBytes());
    }
  }

  @Test
  void shouldAnswerALoss_byWhatWasInUseOfTheWindow() {
    try (TcpScript s = grown(TcpScript.RENO)) {
      int acked = writeLittle(s, 1 + 60 * 1460, 12, 10);
      s.write(6 * 1460);
      s.afterMillis(20);
      s.drain();
      for (int i = 0; i < 3; i++) {
        s.inject(". 1:1(0) ack " + acked + " win 8000");
      }
      assertEquals(6 * 1460, s.info().ssthreshBytes(), "half of the twelve, not of the six");
      s.inject(". 1:1(0) ack " + (acked + 6 * 1460) + " win 8000");
      assertEquals(2 * 1460, s.info().cwndBytes(), "nothing is in flight to clock more");
    }
  }

  @Test
  void shouldTakeOffWhatWasLost_ofAWindowThatNobodyVouchedFor() {
    try (TcpScript s = grown(TcpScript.RENO, "mss 1460,wscale 7,sackOK")) {
      int acked = writeLittle(s, 1 + 60 * 1460, 12, 10);
      s.write(12 * 1460);
      s.afterMillis(20);
      s.drain();
      int first = acked + 2 * 1460;
      s.inject(
          ". 1:1(0) ack " + acked + " win 8000 <sack " + first + ":" + (acked + 12 * 1460) + ">");
      s.afterMillis(20);
      assertEquals(2, s.drain().size(), "both go again");
      s.inject(". 1:1(0) ack " + (acked + 12 * 1460) + " win 8000");
      assertEquals(6 * 1460, s.info().ssthreshBytes());
      assertEquals(5 * 1460, s.info().cwndBytes(), "half of the ten that arrived");
    }
  }

  @Test
  void shouldTakeBackHalf_ofAWindowThatWasNotUsedForFiveMinutes() {
    try (TcpScript s = grown(TcpScript.RENO)) {
      int window = s.info().cwndBytes();
      int acked = writeLittle(s, 1 + 60 * 1460, 1, 1980);
      assertEquals(window, s.info().cwndBytes(), "297 s");
      writeLittle(s, acked, 1, 60);
      assertEquals(window / 2, s.info().cwndBytes(), "306 s");
    }
  }

  @Test
  void shouldKeepTheWindowOverAPause_ifAskedTo() {
    TcpConfig keeping = TcpScript.RENO.toBuilder().slowStartAfterIdle(false).build();
    try (TcpScript s = grown(keeping)) {
      int window = s.info().cwndBytes();
      s.after(Duration.ofMinutes(4));
      s.write(1 << 19);
      assertEquals(window, s.info().cwndBytes());
      int atOnce = s.drain().size();
      assertTrue(atOnce >= 10 && atOnce <= 20, atOnce + " at once, the rest spread");
      s.afterMillis(20);
      assertEquals(window / 1460, atOnce + s.drain().size());
    }
  }

  @Test
  void shouldHaveHalvedAKeptWindow_forEveryFiveMinutesOfAPause() {
    TcpConfig keeping = TcpScript.RENO.toBuilder().slowStartAfterIdle(false).build();
    try (TcpScript s = grown(keeping)) {
      int window = s.info().cwndBytes();
      s.after(Duration.ofMinutes(6));
      s.write(1 << 19);
      assertEquals(window / 2, s.info().cwndBytes());
    }
    try (TcpScript s = grown(keeping)) {
      s.after(Duration.ofHours(2));
      s.write(1 << 19);
      assertEquals(14_600, s.info().cwndBytes(), "the initial window is always good");
    }
  }

  @Test
  @Requirement("CC-016")
  void shouldBeLimitedByTheSmallerOfBothWindows() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 5000, "mss 1460")) {
      s.write(100_000);
      assertEquals(3, s.drain().size());
      assertEquals(4380, s.info().unackedBytes());
    }
  }

  @Test
  @Requirement("CC-008")
  void shouldGrowByOneSegmentPerWindow_inCongestionAvoidance() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(14_600);
      s.drain();
      for (int i = 0; i < 3; i++) {
        s.inject(". 1:1(0) ack 1 win 65535");
      }
      s.inject(". 1:1(0) ack 14601 win 65535");
      s.drain();
      s.write(500_000);
      int acked = 14601;
      int flight = s.drain().size();
      for (int guard = 0; s.info().cwndBytes() < s.info().ssthreshBytes() && guard < 50; guard++) {
        acked += 1460;
        s.inject(". 1:1(0) ack " + acked + " win 65535");
        flight += s.drain().size() - 1;
      }
      int before = s.info().cwndBytes();
      for (int i = 0; i < flight; i++) {
        acked += 1460;
        s.inject(". 1:1(0) ack " + acked + " win 65535");
      }
      int grown = s.info().cwndBytes() - before;
      assertTrue(grown > 0 && grown <= 1460, "grown by " + grown);
    }
  }
}
