package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How connections end, from either side and from both. */
class ClosingTest {
  @Test
  void shouldCloseInThreeSegments_whenTheApplicationClosesAtOnce() {
    try (TcpScript s = TcpScript.established(TcpScript.PATIENT)) {
      s.app.closeAtEnd = true;
      s.inject("P. 1:80(79) ack 1 win 65535");
      s.write(649);
      s.expect("P. 1:650(649) ack 80");
      s.inject("F. 80:80(0) ack 650 win 65535");
      s.expect("F. 650:650(0) ack 81");
      s.expectNothing();
      s.expectState(TcpState.LAST_ACK);
      s.inject(". 81:81(0) ack 651 win 65535");
      s.expectNothing();
      s.expectState(TcpState.CLOSED);
      assertEquals(List.of("connected", "end", "closed"), s.app.events);
      assertEquals(CloseReason.FINISHED, s.app.closed);
    }
  }

  @Test
  @Requirement("TCP-019")
  void shouldCloseInFourSegments_whenTheApplicationClosesLater() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 1:1(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 2");
      s.expectState(TcpState.CLOSE_WAIT);
      s.afterMillis(300);
      s.closeSocket();
      s.expect("F. 1:1(0) ack 2");
      s.expectState(TcpState.LAST_ACK);
      s.inject(". 2:2(0) ack 2 win 65535");
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  @Requirement({"TCP-020", "TCP-024"})
  void shouldPassThroughFinWaitAndTimeWait_whenWeCloseFirst() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.expect("F. 1:1(0) ack 1");
      s.expectState(TcpState.FIN_WAIT_1);
      s.inject(". 1:1(0) ack 2 win 65535");
      s.expectState(TcpState.FIN_WAIT_2);
      s.inject("P. 1:101(100) ack 2 win 65535");
      s.expectReceived(100);
      s.expect(". 2:2(0) ack 101");
      s.inject("F. 101:101(0) ack 2 win 65535");
      s.expect(". 2:2(0) ack 102");
      s.expectState(TcpState.TIME_WAIT);
      assertEquals(CloseReason.FINISHED, s.app.closed);
      s.after(TcpConfig.DEFAULT.msl().multipliedBy(2).minusMillis(1));
      s.expectState(TcpState.TIME_WAIT);
      s.afterMillis(1);
      s.expectState(TcpState.CLOSED);
      s.expectNothing();
    }
  }

  @Test
  @Requirement("TCP-021")
  void shouldPassThroughClosing_whenBothCloseAtOnce() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.expect("F. 1:1(0) ack 1");
      s.inject("F. 1:1(0) ack 1 win 65535");
      s.expect(". 2:2(0) ack 2");
      s.expectState(TcpState.CLOSING);
      s.inject(". 2:2(0) ack 2 win 65535");
      s.expectState(TcpState.TIME_WAIT);
      s.expectNothing();
    }
  }

  @Test
  void shouldGoStraightToTimeWait_whenTheFinAcknowledgesOurs() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.expect("F. 1:1(0) ack 1");
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.expect(". 2:2(0) ack 2");
      s.expectState(TcpState.TIME_WAIT);
    }
  }

  @Test
  void shouldDeliverDataAfterOurFin_andAcceptItAll() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.expect("F. 1:1(0) ack 1");
      for (int i = 0; i < 10; i++) {
        s.inject(". " + (1 + i * 1000) + ":" + (1001 + i * 1000) + "(1000) ack 2 win 65535");
      }
      s.expectReceived(10_000);
    }
  }

  @Test
  @Requirement("TCP-022")
  void shouldSendDataAfterThePeersFin() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 1:1(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 2");
      s.write(2000);
      s.expect(". 1:1461(1460) ack 2");
      s.inject(". 2:2(0) ack 1461 win 65535");
      s.expect("P. 1461:2001(540) ack 2");
    }
  }

  @Test
  @Requirement("TCP-020")
  void shouldSendTheFinBehindAllData() {
    try (TcpScript s = TcpScript.established()) {
      s.write(100);
      s.closeOutput();
      s.expect("P. 1:101(100) ack 1");
      s.expect("F. 101:101(0) ack 1");
    }
  }

  @Test
  @Requirement("TCP-023")
  void shouldSendTheFinAgain_withBackOff() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.expect("F. 1:1(0) ack 1");
      s.after(java.time.Duration.ofMillis(200));
      s.expect("F. 1:1(0) ack 1");
      s.afterMillis(399);
      s.expectNothing();
      s.afterMillis(1);
      s.expect("F. 1:1(0) ack 1");
      assertEquals(2, s.counter(Counter.TCP_TIMEOUTS));
    }
  }

  @Test
  @Requirement("TCP-024")
  void shouldAcknowledgeARepeatedFinInTimeWait_andRestartTheWait() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.after(java.time.Duration.ofSeconds(50));
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.expect(". 2:2(0) ack 2");
      s.after(java.time.Duration.ofSeconds(50));
      s.expectState(TcpState.TIME_WAIT);
      s.after(java.time.Duration.ofSeconds(10));
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  void shouldNotRestartTimeWait_whenAnythingButTheFinComes() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.after(java.time.Duration.ofSeconds(50));
      s.inject(". 2:2(0) ack 2 win 65535");
      s.inject(". 2:12(10) ack 2 win 65535");
      s.inject("F. 2:12(10) ack 2 win 65535");
      s.expect(". 2:2(0) ack 2");
      s.expect(". 2:2(0) ack 2");
      s.expectNothing();
      s.after(java.time.Duration.ofSeconds(9));
      s.expectState(TcpState.TIME_WAIT);
      s.after(java.time.Duration.ofSeconds(1));
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  @Requirement("TCP-104")
  void shouldIgnoreARst_inTimeWait() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.inject("R 2:2(0)");
      s.expectState(TcpState.TIME_WAIT);
      s.expectNothing();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.expect(". 2:2(0) ack 2");
    }
  }

  @Test
  @Requirement("TCP-114")
  void shouldAcceptANewConnectionInTimeWait_whenItsSequenceNumberIsHigher() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.inject("S 100000:100000(0) win 65535 <mss 1460>");
      assertEquals(1, s.drain().size());
      s.expectState(TcpState.SYN_RECEIVED);
    }
  }

  @Test
  void shouldChallengeAnOldSyn_inTimeWait() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.inject("S -100000:-100000(0) win 65535 <mss 1460>");
      s.expect(". 2:2(0) ack 2");
      s.expectState(TcpState.TIME_WAIT);
    }
  }

  @Test
  void shouldReset_whenTheApplicationAborts() {
    try (TcpScript s = TcpScript.established()) {
      s.abortSocket();
      s.expect("R. 1:1(0) ack 1");
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.ABORTED, s.app.closed);
    }
  }

  @Test
  @Requirement("TCP-105")
  void shouldReset_whenTheApplicationClosesWithDataUnread() {
    try (TcpScript s = TcpScript.established()) {
      s.app.readEagerly = false;
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 11");
      s.closeSocket();
      s.expect("R. 1:1(0) ack 11");
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  @Requirement("TCP-105")
  void shouldReset_whenDataComesAfterTheApplicationClosed() {
    try (TcpScript s = TcpScript.established()) {
      s.closeSocket();
      s.expect("F. 1:1(0) ack 1");
      s.inject("P. 1:11(10) ack 2 win 65535");
      s.expect("R 2:2(0)");
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  void shouldForgetAnOrphanInFinWait2() {
    try (TcpScript s = TcpScript.established()) {
      s.closeSocket();
      s.expect("F. 1:1(0) ack 1");
      s.inject(". 1:1(0) ack 2 win 65535");
      s.expectState(TcpState.FIN_WAIT_2);
      s.after(TcpConfig.DEFAULT.finWait2Timeout());
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  @Requirement("TCP-067")
  void shouldIgnoreTextBehindAFin() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 12");
      s.inject("P. 12:22(10) ack 1 win 65535");
      s.expectReceived(10);
      s.expectState(TcpState.CLOSE_WAIT);
      assertEquals(0, s.stack.slabsInUse(), "nothing of it is kept");
    }
  }

  @Test
  @Requirement("TCP-066")
  void shouldWaitForTheGapBeforeAFin() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 11:21(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.expectState(TcpState.ESTABLISHED);
      s.inject(". 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 22");
      s.expectState(TcpState.CLOSE_WAIT);
      s.expectReceived(20);
    }
  }

  @Test
  void shouldPassThroughClosing_withDataOfBothSidesUnderWay() {
    try (TcpScript s = TcpScript.established()) {
      s.write(100);
      s.closeOutput();
      s.expect("P. 1:101(100) ack 1");
      s.expect("F. 101:101(0) ack 1");
      s.inject("FP. 1:51(50) ack 1 win 65535");
      s.expect(". 102:102(0) ack 52");
      s.expectState(TcpState.CLOSING);
      s.expectReceived(50);
      s.inject(". 52:52(0) ack 101 win 65535");
      s.expectState(TcpState.CLOSING);
      s.inject(". 52:52(0) ack 102 win 65535");
      s.expectState(TcpState.TIME_WAIT);
      s.expectNothing();
    }
  }

  @Test
  @Requirement("TCP-114")
  void shouldAcceptANewConnectionInTimeWait_whenItsTimestampIsNewer_thoughItsNumberIsLower() {
    try (TcpScript s = inTimeWaitWithTimestamps()) {
      s.inject("S -5000:-5000(0) win 65535 <mss 1460,TS val 201 ecr 0>");
      assertEquals("S.", s.drain().get(0).flags());
      s.expectState(TcpState.SYN_RECEIVED);
      assertEquals(1, s.counter(Counter.TCP_TW_RECYCLED));
    }
  }

  @Test
  @Requirement("TCP-103")
  void shouldChallengeANewConnectionInTimeWait_whenItsTimestampIsOlder_thoughItsNumberIsHigher() {
    try (TcpScript s = inTimeWaitWithTimestamps()) {
      s.inject("S 5000:5000(0) win 65535 <mss 1460,TS val 150 ecr 0>");
      s.expect(". 2:2(0) ack 2 <TS>");
      s.expectState(TcpState.TIME_WAIT);
    }
  }

  private static TcpScript inTimeWaitWithTimestamps() {
    TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,TS val 100 ecr 0");
    s.closeOutput();
    s.inject("F. 1:1(0) ack 2 win 65535 <TS val 200 ecr 0>");
    s.drain();
    s.expectState(TcpState.TIME_WAIT);
    return s;
  }

  @Test
  void shouldAcceptANewConnectionInTimeWait_whenOnlyTheNewOneHasTimestamps() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.expectState(TcpState.TIME_WAIT);
      s.inject("S -5000:-5000(0) win 65535 <mss 1460,TS val 1 ecr 0>");
      assertEquals("S.", s.drain().get(0).flags());
      s.expectState(TcpState.SYN_RECEIVED);
    }
  }

  @Test
  void shouldGoByTheNumber_whenOnlyTheOldConnectionHadTimestamps() {
    try (TcpScript s = inTimeWaitWithTimestamps()) {
      s.inject("S -5000:-5000(0) win 65535 <mss 1460>");
      s.expect(". 2:2(0) ack 2 <TS>");
      s.inject("S 5000:5000(0) win 65535 <mss 1460>");
      assertEquals("S.", s.drain().get(0).flags());
    }
  }

  @Test
  void shouldAcknowledgeOnce_whenANewFinComesWithTextThatIsOld() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 11");
      s.inject("F. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 12");
      s.expectNothing();
      s.expectState(TcpState.CLOSE_WAIT);
    }
  }

  @Test
  void shouldSendTheRstWithinThePeersWindow_whenThatHasShrunk() {
    try (TcpScript s = TcpScript.established()) {
      s.write(5000);
      s.drain();
      s.inject(". 1:1(0) ack 1 win 2000");
      s.abortSocket();
      s.expect("R. 2001:2001(0) ack 1");
    }
  }

  @Test
  void shouldSendTheRstWithTimestamps_whenTheConnectionHasThem() {
    try (TcpScript s =
        TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,TS val 100 ecr 0")) {
      s.abortSocket();
      s.expect("R. 1:1(0) ack 1 <TS>");
    }
  }

  @Test
  void shouldBeginBeyondTheOldNumbers_whenTimeWaitIsTakenOver() {
    try (TcpScript s = TcpScript.established()) {
      s.write(60_000);
      for (int acked = 1461; acked < 60_001; acked += 1460) {
        s.inject(". 1:1(0) ack " + acked + " win 65535");
      }
      s.closeOutput();
      s.inject("F. 1:1(0) ack 60002 win 65535");
      s.drain();
      s.expectState(TcpState.TIME_WAIT);
      s.inject("S 100000:100000(0) win 65535 <mss 1460>");
      assertTrue(s.drain().get(0).seq() > 60_002);
    }
  }

  @Test
  void shouldDropTheOldestOfTimeWait_whenItsTableIsFull() {
    TcpConfig one = TcpConfig.DEFAULT.withCaps(100, 10, 1);
    try (TcpScript s = TcpScript.established(one)) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.peerPort = 40001;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      int theirs = s.drain().get(0).seq();
      s.inject(". 1:1(0) ack " + (theirs + 1) + " win 65535");
      s.closeOutput();
      s.drain();
      s.inject("F. 1:1(0) ack " + (theirs + 2) + " win 65535");
      s.expectState(TcpState.TIME_WAIT);
      s.peerPort = 40000;
      s.expectState(TcpState.CLOSED);
      assertEquals(1, s.counter(Counter.TCP_TIME_WAIT_OVERFLOW));
    }
  }

  @Test
  void shouldHalfCloseForALongTime_whenTheApplicationStillReads() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject(". 1:1(0) ack 2 win 65535");
      s.after(java.time.Duration.ofHours(5));
      s.expectState(TcpState.FIN_WAIT_2);
      s.inject("FP. 1:11(10) ack 2 win 65535");
      s.expectState(TcpState.TIME_WAIT);
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("TCP-067")
  void shouldAnswerDataAfterThePeersFin_withNothingNew() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 1:1(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 2");
      s.inject("P. 2:12(10) ack 1 win 65535");
      s.inject("F. 12:12(0) ack 1 win 65535");
      assertTrue(s.drain().stream().allMatch(sent -> sent.ack() == 2));
      s.expectState(TcpState.CLOSE_WAIT);
      s.expectReceived(0);
    }
  }

  @Test
  void shouldAcknowledgeTheFin_whenItsAckComesInTheSameBatch() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.expect("F. 1:1(0) ack 1");
      s.injectBatch("F. 1:1(0) ack 1 win 65535", ". 2:2(0) ack 2 win 65535");
      s.expect(". 2:2(0) ack 2");
      s.expectState(TcpState.TIME_WAIT);
    }
  }

  @Test
  void shouldEndEachWaitInItsTurn() {
    try (TcpScript s = new TcpScript()) {
      for (int port = 40_001; port <= 40_003; port++) {
        s.from(port).inject("S 0:0(0) win 65535 <mss 1460>").drain();
        s.inject(". 1:1(0) ack 1 win 65535");
        s.closeOutput().drain();
        s.inject("F. 1:1(0) ack 2 win 65535").drain();
        s.afterMillis(1_000);
      }
      assertEquals(3, s.stack.tcp().timeWaitCount());
      s.afterMillis(TcpConfig.DEFAULT.msl().toMillis() * 2 - 3_001);
      assertEquals(3, s.stack.tcp().timeWaitCount());
      for (int left = 2; left >= 0; left--) {
        s.afterMillis(left == 2 ? 1 : 1_000);
        assertEquals(left, s.stack.tcp().timeWaitCount());
      }
      assertEquals(0, s.stack.wheel().armed());
    }
  }
}
