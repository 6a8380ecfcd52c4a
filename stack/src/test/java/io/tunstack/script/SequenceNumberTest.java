package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.tcp.TcpState;
import org.junit.jupiter.api.Test;

/**
 * Both sides' numbers cross 2³² in every script; here on purpose, within one segment and one ACK.
 */
class SequenceNumberTest {
  @Test
  void shouldBeginFiftyBeforeTheWrap_soThatScriptsCrossIt() {
    try (TcpScript s = TcpScript.established()) {
      s.write(10);
      int absolute = ScriptSegment.of(s.link.sent.peek(), 0, 0).seq();
      assertEquals(-49, absolute);
    }
  }

  @Test
  @Requirement("TCP-009")
  void shouldReceiveASegmentThatCrossesTheWrap_andAcknowledgeBehindIt() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:1001(1000) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 1001");
      s.expectReceived(1000);
    }
  }

  @Test
  @Requirement("TCP-009")
  void shouldSendASegmentThatCrossesTheWrap_andTakeItsAcknowledgment() {
    try (TcpScript s = TcpScript.established()) {
      s.write(200);
      s.expect("P. 1:201(200) ack 1");
      s.inject(". 1:1(0) ack 50 win 65535");
      assertEquals(151, s.info().unackedBytes());
      s.inject(". 1:1(0) ack 201 win 65535");
      assertEquals(0, s.info().unackedBytes());
      s.expectNothing();
    }
  }

  @Test
  @Requirement("TCP-009")
  void shouldQueueOutOfOrder_onBothSidesOfTheWrap() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.inject(". 31:61(30) ack 1 win 65535");
      assertEquals(2, s.drain().size());
      s.inject(". 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 21");
      s.inject(". 21:31(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 61");
      s.expectReceived(60);
    }
  }

  @Test
  void shouldCloseBothWays_whenTheFinsLieBehindTheWrap() {
    try (TcpScript s = TcpScript.established()) {
      s.write(100);
      s.closeOutput();
      s.expect("P. 1:101(100) ack 1");
      s.expect("F. 101:101(0) ack 1");
      s.inject("FP. 1:61(60) ack 102 win 65535");
      s.expect(". 102:102(0) ack 62");
      s.expectState(TcpState.TIME_WAIT);
      assertTrue(s.app.endSeen);
    }
  }
}
