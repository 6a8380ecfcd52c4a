package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.TcpConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The peer's window: kept to when small, shrunk, silly, old or lost. */
class SendWindowTest {
  private static TcpScript window(int bytes) {
    return TcpScript.established(TcpScript.PATIENT, bytes, "mss 1460");
  }

  private static int lastByte(List<ScriptSegment> sent) {
    return sent.stream().mapToInt(x -> x.seq() + x.length()).max().orElse(0);
  }

  @Test
  @Requirement("TCP-016")
  void shouldNotSendBeyondTheWindow() {
    try (TcpScript s = window(5000)) {
      s.write(20_000);
      assertTrue(lastByte(s.drain()) <= 5001);
      s.inject(". 1:1(0) ack 1461 win 5000");
      assertTrue(lastByte(s.drain()) <= 6461);
      assertEquals(5000, s.info().sndWndBytes());
    }
  }

  @Test
  @Requirement("TCP-016")
  void shouldApplyThePeersShift() {
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 300, "mss 1000,wscale 4")) {
      s.write(20_000);
      assertEquals(4001, lastByte(s.drain()));
      assertEquals(4800, s.info().sndWndBytes());
    }
  }

  @Test
  void shouldSendInPieces_whenTheWholeWindowIsSmallerThanASegment() {
    try (TcpScript s = window(500)) {
      s.write(1200);
      s.expect(". 1:501(500) ack 1");
      s.expectNothing();
      s.inject(". 1:1(0) ack 501 win 500");
      s.expect(". 501:1001(500) ack 1");
      s.inject(". 1:1(0) ack 1001 win 500");
      s.expect("P. 1001:1201(200) ack 1");
    }
  }

  @Test
  @Requirement("TCP-018")
  void shouldNotSendASmallPieceIntoASmallWindow_beforeTheOverrideTimer() {
    try (TcpScript s = window(65535)) {
      s.write(1460);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 0");
      s.write(1460);
      s.inject(". 1:1(0) ack 1461 win 100");
      s.afterMillis(99);
      s.expectNothing();
      s.afterMillis(901);
      List<ScriptSegment> sent = s.drain();
      assertEquals(100, sent.get(0).length());
      assertEquals(1561, lastByte(sent));
    }
  }

  @Test
  void shouldIgnoreTheWindowOfAnOlderSegment() {
    try (TcpScript s = window(65535)) {
      s.inject(". 1:11(10) ack 1 win 50000");
      s.inject(". 11:15(4) ack 1 win 40000");
      assertEquals(40000, s.info().sndWndBytes());
      // Nothing has been acknowledged yet, so what begins at 1 is not out of the window.
      s.expectNothing();
      s.inject(". 1:1(0) ack 1 win 50");
      s.expectNothing();
      assertEquals(40000, s.info().sndWndBytes());
      s.inject(". 15:15(0) ack 1 win 30000");
      assertEquals(30000, s.info().sndWndBytes());
    }
  }

  @Test
  void shouldIgnoreTheWindowOfAnOlderAck() {
    try (TcpScript s = window(65535)) {
      s.write(2920);
      s.drain();
      s.inject(". 1:1(0) ack 2921 win 10000");
      s.inject(". 1:1(0) ack 1461 win 60000");
      assertEquals(10000, s.info().sndWndBytes());
      assertEquals(0, s.info().unackedBytes());
    }
  }

  @Test
  @Requirement("TCP-099")
  void shouldSendNothingNew_whenTheWindowHasShrunk() {
    try (TcpScript s = window(20000)) {
      s.write(14600);
      assertEquals(14601, lastByte(s.drain()));
      s.write(5000);
      s.inject(". 1:1(0) ack 1461 win 500");
      s.expectNothing();
      assertEquals(500, s.info().sndWndBytes());
      assertEquals(13140, s.info().unackedBytes());
    }
  }

  @Test
  @Requirement("TCP-057")
  void shouldSendAgainWithinTheShrunkWindow_andComeThroughWhenItOpens() {
    try (TcpScript s = window(20000)) {
      s.write(14600);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 500");
      s.afterMillis(200);
      s.expect(". 1461:1961(500) ack 1");
      s.expectNothing();
      s.inject(". 1:1(0) ack 1961 win 60000");
      List<ScriptSegment> sent = s.drain();
      assertEquals(1961, sent.get(0).seq());
      s.inject(". 1:1(0) ack 14601 win 60000");
      assertEquals(0, s.info().unackedBytes());
    }
  }

  @Test
  @Requirement({"TCP-057", "TCP-099"})
  void shouldSurviveAWindowThatShrinksToZero_withDataInFlight() {
    try (TcpScript s = window(20000)) {
      s.write(14600);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 0");
      s.afterMillis(200);
      s.expect(". 1461:1462(1) ack 1");
      for (int i = 0; i < 8; i++) {
        s.inject(". 1:1(0) ack 1461 win 0");
        s.after(java.time.Duration.ofSeconds(70));
        assertTrue(s.drain().size() >= 1);
      }
      s.inject(". 1:1(0) ack 1461 win 60000");
      assertEquals(1461, s.drain().get(0).seq());
      s.inject(". 1:1(0) ack 14601 win 60000");
      assertEquals(0, s.info().unackedBytes());
    }
  }

  @Test
  @Requirement("TCP-059")
  void shouldGoOnAtOnce_whenTheWindowOpens() {
    try (TcpScript s = window(65535)) {
      s.write(1460);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 0");
      s.write(2920);
      s.expectNothing();
      s.inject(". 1:1(0) ack 1461 win 65535");
      s.expect(". 1461:2921(1460) ack 1");
      s.expect("P. 2921:4381(1460) ack 1");
      assertEquals(0, s.counterOf(SendReason.WINDOW_PROBE));
    }
  }

  @Test
  void shouldHoldTheFinBehindAZeroWindow_andProbeWithIt() {
    try (TcpScript s = window(65535)) {
      s.write(1460);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 0");
      s.closeOutput();
      s.expectNothing();
      s.afterMillis(200);
      s.expect("F. 1461:1461(0) ack 1");
      s.inject(". 1:1(0) ack 1462 win 0");
      s.expectState(io.tunstack.tcp.TcpState.FIN_WAIT_2);
      s.after(java.time.Duration.ofSeconds(10));
      s.expectNothing();
    }
  }

  @Test
  void shouldProbeAWindowThatWasZeroFromTheStart() {
    try (TcpScript s = window(0)) {
      s.write(10);
      s.expectNothing();
      s.afterMillis(200);
      s.expect(". 1:2(1) ack 1");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expect("P. 1:11(10) ack 1");
    }
  }

  @Test
  @Requirement("EXT-006")
  void shouldFillAScaledWindow_beyondWhatSixteenBitsSay() {
    TcpConfig large = TcpConfig.DEFAULT.withBuffers(4 << 20, 1 << 20);
    try (TcpScript s = TcpScript.established(large, 65535, "mss 1460,wscale 7")) {
      s.write(4 << 20);
      int acked = 1;
      for (int i = 0; i < 20; i++) {
        acked = Math.max(acked, lastByte(s.drain()));
        s.inject(". 1:1(0) ack " + acked + " win 8000");
      }
      int flight = s.info().unackedBytes();
      assertTrue(flight > 65_535 && flight <= 8000 << 7, "in flight " + flight);
    }
  }

  @Test
  @Requirement("TCP-095")
  void shouldSendFullSegments_butTheLast() {
    try (TcpScript s = window(65535)) {
      s.noDelay(true);
      s.write(10_000);
      List<ScriptSegment> sent = s.drain();
      assertEquals(7, sent.size());
      assertTrue(sent.subList(0, 6).stream().allMatch(x -> x.length() == 1460));
      assertTrue(sent.subList(0, 6).stream().noneMatch(x -> x.flags().contains("P")));
    }
  }

  @Test
  @Requirement("SEC-016")
  void shouldNotCostMore_whenATinyMssMeetsWildSackBlocks() {
    TcpConfig large = TcpConfig.DEFAULT.withBuffers(4 << 20, 1 << 20);
    try (TcpScript s = TcpScript.established(large, 65535, "mss 48,sackOK,wscale 7")) {
      s.write(4 << 20);
      int acked = 1;
      long segments = 0;
      for (int i = 0; i < 200; i++) {
        List<ScriptSegment> sent = s.drain();
        segments += sent.size();
        acked = Math.max(acked, lastByte(sent));
        int hole = acked - 64 * (1 + i % 20);
        s.inject(
            ". 1:1(0) ack "
                + (hole - 64)
                + " win 30000 <sack "
                + (hole + 64)
                + ":"
                + (hole + 65)
                + " "
                + (hole + 66)
                + ":"
                + acked
                + ">");
        s.inject(". 1:1(0) ack " + acked + " win 30000");
      }
      assertTrue(segments > 200 && acked > 100_000, "segments " + segments + ", acked " + acked);
      assertTrue(s.info().retransmits() < segments, "retransmits " + s.info().retransmits());
      assertTrue(s.stack.slabsInUse() <= (4 << 20) / io.tunstack.memory.SlabPool.SLAB_BYTES + 1);
    }
  }

  @Test
  @Requirement("TCP-097")
  void shouldRaiseATinyMss_toTheFloor() {
    for (int mss : new int[] {0, 1, 47, 63}) {
      try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss " + mss)) {
        assertEquals(64, s.info().smssBytes());
        s.write(100);
        assertEquals(64, s.drain().get(0).length());
      }
    }
  }

  @Test
  @Requirement("TCP-014")
  void shouldTakeTheOptionsOffTheMss() {
    try (TcpScript s =
        TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1000,TS val 100 ecr 0")) {
      s.write(5000);
      assertEquals(988, s.drain().get(0).length());
    }
  }

  @Test
  @Requirement("TCP-013")
  void shouldNotExceedTheLink_whateverTheMss() {
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 9000")) {
      s.write(5000);
      assertEquals(1460, s.drain().get(0).length());
    }
  }

  @Test
  void shouldTimeDataThatLeavesIntoAnOpenedWindow_fromItsOwnDeparture() {
    try (TcpScript s = window(65535)) {
      s.write(1460);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 0");
      s.write(1460);
      s.afterMillis(150);
      s.inject(". 1:1(0) ack 1461 win 65535");
      s.expect("P. 1461:2921(1460) ack 1");
      s.afterMillis(199);
      s.expectNothing();
      s.afterMillis(1);
      s.expect("P. 1461:2921(1460) ack 1");
    }
  }

  @Test
  void shouldTimeDataThatLeavesAfterManyProbes_byTheRetransmissionTimer() {
    try (TcpScript s = window(65535)) {
      s.write(1460);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 0");
      s.write(1460);
      for (int i = 0; i < 6; i++) {
        s.after(java.time.Duration.ofSeconds(20));
        s.inject(". 1:1(0) ack 1461 win 0");
      }
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 65535");
      s.expect("P. 1461:2921(1460) ack 1");
      s.afterMillis(200);
      s.expect("P. 1461:2921(1460) ack 1");
    }
  }
}
