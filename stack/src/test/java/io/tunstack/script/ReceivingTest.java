package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import org.junit.jupiter.api.Test;

/** What becomes of text: in order, out of order, twice, in pieces, and contradicting itself. */
class ReceivingTest {
  @Test
  @Requirement("TCP-051")
  void shouldDeliverPiecesOfOneByte_whateverPushSays() {
    try (TcpScript s = TcpScript.established(TcpScript.PATIENT)) {
      for (int i = 0; i < 50; i++) {
        String flags = i % 3 == 0 ? "P. " : ". ";
        s.inject(flags + (1 + i) + ":" + (2 + i) + "(1) ack 1 win 65535");
      }
      s.expectReceived(50);
      s.afterMillis(40);
      assertEquals(51, s.drain().get(24).ack());
    }
  }

  @Test
  @Requirement("TCP-030")
  void shouldDeliverAcrossTheGap_whenTheSecondHalfComesFirst() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 501:1001(500) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.expectReceived(0);
      assertEquals(0, s.info().unreadBytes());
      s.inject(". 1:501(500) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1001");
      s.expectNothing();
      s.expectReceived(1000);
      assertEquals(1, s.counter(Counter.TCP_OFO_QUEUE));
    }
  }

  @Test
  void shouldDeliverInOrder_whenFiveSegmentsComeBackwards() {
    try (TcpScript s = TcpScript.established()) {
      for (int i = 4; i >= 0; i--) {
        s.inject(". " + (1 + i * 100) + ":" + (101 + i * 100) + "(100) ack 1 win 65535");
      }
      for (int i = 0; i < 4; i++) {
        s.expect(". 1:1(0) ack 1");
      }
      s.expect(". 1:1(0) ack 501");
      s.expectReceived(500);
    }
  }

  @Test
  @Requirement("TCP-048")
  void shouldAcknowledgeADuplicate_andNotDeliverItAgain() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:101(100) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 101");
      s.inject("P. 1:101(100) ack 1 win 65535");
      s.expect(". 1:1(0) ack 101");
      s.expectNothing();
      s.expectReceived(100);
      assertEquals(1, s.drops(DropReason.TCP_SEQUENCE));
    }
  }

  @Test
  @Requirement("TCP-011")
  void shouldTakeOnlyTheNewPart_whenASegmentBeginsInWhatWasReceived() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 1:101(100) ack 1 win 65535");
      s.injectForged(". 51:101(50) ack 1 win 65535");
      s.inject("P. 51:201(150) ack 1 win 65535");
      s.expectReceived(200);
    }
  }

  @Test
  @Requirement("TCP-011")
  void shouldKeepTheFirstBytes_whenAnOverlapInOrderBringsOthers() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 1:101(100) ack 1 win 65535");
      s.injectForged(". 1:101(100) ack 1 win 65535");
      s.inject(". 101:151(50) ack 1 win 65535");
      s.expectReceived(150);
    }
  }

  @Test
  void shouldKeepTheFirstBytes_whenAnOverlapOutOfOrderBringsOthers() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 51:101(50) ack 1 win 65535");
      s.injectForged(". 51:101(50) ack 1 win 65535");
      s.drain();
      s.inject(". 1:51(50) ack 1 win 65535");
      s.expect(". 1:1(0) ack 101");
      s.expectReceived(100);
    }
  }

  @Test
  void shouldKeepWhatCameFirst_whenTheGapIsFilledByALargerSegmentWithOtherBytes() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 51:101(50) ack 1 win 65535");
      s.injectForged(". 1:151(150) ack 1 win 65535");
      s.settle();
      byte[] got = s.app.received.toByteArray();
      assertEquals(150, got.length);
      byte[] wanted = new byte[150];
      for (int i = 0; i < 150; i++) {
        byte original = TcpScript.payload(1 + i);
        wanted[i] = i >= 50 && i < 100 ? original : (byte) ~original;
      }
      assertArrayEquals(wanted, got);
    }
  }

  @Test
  @Requirement("TCP-011")
  void shouldTakeWhatLiesInTheWindow_andCutOffTheRest() {
    TcpConfig small = TcpScript.PATIENT.withBuffers(1 << 16, 2000);
    try (TcpScript s = TcpScript.established(small)) {
      s.app.readEagerly = false;
      s.inject(". 1:1461(1460) ack 1 win 65535");
      s.inject("FP. 1461:2461(1000) ack 1 win 65535");
      assertEquals(2000, s.info().unreadBytes());
      s.expectState(TcpState.ESTABLISHED);
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 2001 win 0");
    }
  }

  @Test
  @Requirement("TCP-010")
  void shouldNotTakeASegmentFromHalfTheNumbersAway_whichLooksOldAndNewAtOnce() {
    for (int behind : new int[] {0, 1, 100, 60_000}) {
      try (TcpScript s = TcpScript.established()) {
        s.write(10);
        s.drain();
        s.injectChanged(
            "P. 1:11(10) ack 11 win 65535",
            p -> p.setInt(24, p.getInt(24) + Integer.MIN_VALUE + behind));
        s.expect(". 11:11(0) ack 1");
        s.expectReceived(0);
        assertEquals(10, s.info().unackedBytes(), "nor its acknowledgment");
        assertEquals(1, s.drops(DropReason.TCP_SEQUENCE));
      }
    }
  }

  @Test
  @Requirement("TCP-010")
  void shouldAnswerTextBeyondTheWindow_withABareAck() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 5000001:5000101(100) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.expectReceived(0);
      assertEquals(1, s.drops(DropReason.TCP_SEQUENCE));
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("TCP-050")
  void shouldDropTextWithoutAck() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P 1:101(100) win 65535");
      s.inject("none 1:101(100) win 65535");
      s.expectNothing();
      s.expectReceived(0);
      assertEquals(2, s.drops(DropReason.TCP_FLAGS));
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement({"TCP-085", "TCP-111"})
  void shouldDeliverUrgentDataInLine() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("PU. 1:101(100) ack 1 win 65535 urg 50");
      s.inject("U. 101:111(10) ack 1 win 65535 urg 65535");
      s.inject("U. 111:121(10) ack 1 win 65535");
      s.expectReceived(120);
      s.afterMillis(40);
      assertTrue(s.drain().stream().anyMatch(sent -> sent.ack() == 121));
    }
  }

  @Test
  void shouldDropARangeTooMany_andTakeItWhenItComesAgain() {
    TcpConfig three = TcpConfig.DEFAULT.toBuilder().maxOutOfOrderRanges(3).build();
    try (TcpScript s = TcpScript.established(three)) {
      for (int i = 1; i <= 4; i++) {
        s.inject(". " + (1 + i * 20) + ":" + (11 + i * 20) + "(10) ack 1 win 65535");
        s.expect(". 1:1(0) ack 1");
      }
      assertEquals(1, s.counter(Counter.TCP_OFO_DROP));
      s.inject(". 1:71(70) ack 1 win 65535");
      s.expect(". 1:1(0) ack 71");
      s.inject(". 71:91(20) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 91");
      s.expectReceived(90);
    }
  }

  @Test
  void shouldCountTheFirstFin_whenASecondOneLiesElsewhere() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 11:11(0) ack 1 win 65535");
      s.inject("F. 51:51(0) ack 1 win 65535");
      s.inject("P. 1:51(50) ack 1 win 65535");
      s.expectState(TcpState.CLOSE_WAIT);
      s.expectReceived(10);
    }
  }

  @Test
  void shouldAcknowledgeAFinThatComesAgainWithItsText() {
    try (TcpScript s = TcpScript.established(TcpScript.PATIENT)) {
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.inject("F. 11:11(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 12");
      s.inject("FP. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 12");
      s.expectNothing();
      s.expectState(TcpState.CLOSE_WAIT);
      s.expectReceived(10);
    }
  }

  @Test
  void shouldIgnoreAFin_thatLiesBeforeTextThatWasReceived() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.inject("F. 1:11(10) ack 1 win 65535");
      s.expectState(TcpState.ESTABLISHED);
      s.expectReceived(20);
      s.inject("P. 21:31(10) ack 1 win 65535");
      s.expectReceived(30);
      s.inject("F. 31:31(0) ack 1 win 65535");
      s.expectState(TcpState.CLOSE_WAIT);
    }
  }

  @Test
  void shouldAnswerABareFinBeyondAGap_withADuplicateAck() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 11:11(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.expectState(TcpState.ESTABLISHED);
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 12");
      s.expectState(TcpState.CLOSE_WAIT);
    }
  }

  @Test
  @Requirement("SEC-009")
  void shouldBoundWhatOneByteSegmentsCost_andThenRecover() {
    try (TcpScript s = TcpScript.established()) {
      for (int at = 3; at < 60_000; at += 2) {
        s.inject(". " + at + ":" + (at + 1) + "(1) ack 1 win 65535");
      }
      int ranges = TcpConfig.DEFAULT.maxOutOfOrderRanges();
      assertEquals(ranges, s.counter(Counter.TCP_OFO_QUEUE));
      assertTrue(s.counter(Counter.TCP_OFO_DROP) > 20_000);
      assertTrue(s.stack.slabsInUse() <= 4, "slabs " + s.stack.slabsInUse());
      for (int at = 1; at < 60_001; at += 1000) {
        s.inject(". " + at + ":" + (at + 1000) + "(1000) ack 1 win 65535");
      }
      s.expectReceived(60_000);
    }
  }

  @Test
  void shouldKeepEveryOtherSegment_ofALargeWindow() {
    TcpConfig large = TcpConfig.DEFAULT.withBuffers(1 << 20, 6 << 20);
    try (TcpScript s = TcpScript.established(large, 65535, "mss 1460,sackOK,wscale 7")) {
      int segments = (6 << 20) / 1460 / 2;
      for (int i = 0; i < segments; i++) {
        int at = 1 + (2 * i + 1) * 1460;
        s.inject(". " + at + ":" + (at + 1460) + "(1460) ack 1 win 65535");
        s.drain();
      }
      assertEquals(segments, s.counter(Counter.TCP_OFO_QUEUE));
      assertEquals(0, s.counter(Counter.TCP_OFO_DROP));
    }
  }

  @Test
  void shouldTakeTheByteItWaitsFor_evenWhenMemoryIsUsedUpByWhatLiesBehindIt() {
    TcpConfig tight = TcpConfig.DEFAULT.toBuilder().maxBufferBytes(16 * 1024).build();
    try (TcpScript s = TcpScript.established(tight)) {
      s.inject(". 17001:18001(1000) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
      for (int i = 0; i < 18; i++) {
        s.inject(". " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 1 win 65535");
      }
      s.expectReceived(18_000);
    }
  }

  @Test
  void shouldReadTheAcknowledgment_ofWhatWasSentLastAndComesAgain() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:101(100) ack 1 win 65535");
      s.write(10);
      s.drain();
      s.inject("P. 51:101(50) ack 11 win 65535");
      s.expect(". 11:11(0) ack 101");
      s.expectReceived(100);
      assertEquals(0, s.info().unackedBytes());
      s.write(10);
      s.drain();
      s.inject("P. 51:100(49) ack 21 win 65535");
      s.expect(". 21:21(0) ack 101");
      assertEquals(10, s.info().unackedBytes(), "what lies further back is out of the window");
      s.inject("P. 51:101(50) ack 5000 win 65535");
      s.expect(". 21:21(0) ack 101");
      assertEquals(10, s.info().unackedBytes(), "nor is what was never sent acknowledged");
    }
  }
}
