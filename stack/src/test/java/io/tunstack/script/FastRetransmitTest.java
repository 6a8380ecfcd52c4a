package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import org.junit.jupiter.api.Test;

/** Fast retransmit and NewReno's recovery (RFC 5681 §3.2, RFC 6582). */
class FastRetransmitTest {
  private static final String ACK_1 = ". 1:1(0) ack 1 win 65535";

  /** Ten segments in flight behind a first one that was acknowledged. */
  private static TcpScript tenInFlight() {
    TcpScript s = TcpScript.established(TcpScript.RENO);
    s.write(1460);
    s.expect("P. 1:1461(1460) ack 1");
    s.inject(". 1:1(0) ack 1461 win 65535");
    s.write(14600);
    assertEquals(10, s.drain().size());
    return s;
  }

  private static String ack(int seq) {
    return ". 1:1(0) ack " + seq + " win 65535";
  }

  @Test
  @Requirement({"CC-003", "CC-009", "CC-017"})
  void shouldSendAgainOnTheThirdDuplicate() {
    try (TcpScript s = tenInFlight()) {
      s.inject(ack(1461));
      s.inject(ack(1461));
      s.expectNothing();
      s.inject(ack(1461));
      s.expect(". 1461:2921(1460) ack 1");
      s.expectNothing();
      assertEquals(1, s.counter(Counter.TCP_FAST_RETRANS));
      assertEquals(7300, s.info().ssthreshBytes());
      // What is in flight, less three that have arrived and one that is lost, and the one sent
      // again: rate reduction (RFC 9937) instead of inflation.
      assertEquals(14_600 - 4 * 1460 + 1460, s.info().cwndBytes());
    }
  }

  @Test
  void shouldNotCountWindowUpdates_asDuplicates() {
    try (TcpScript s = tenInFlight()) {
      for (int i = 0; i < 5; i++) {
        s.inject(". 1:1(0) ack 1461 win " + (60000 + i));
      }
      s.expectNothing();
      assertEquals(0, s.counter(Counter.TCP_FAST_RETRANS));
    }
  }

  @Test
  void shouldNotCountSegmentsWithText_asDuplicates() {
    try (TcpScript s = tenInFlight()) {
      for (int i = 0; i < 5; i++) {
        s.inject(". " + (1 + i) + ":" + (2 + i) + "(1) ack 1461 win 65535");
      }
      assertEquals(0, s.counter(Counter.TCP_FAST_RETRANS));
      assertEquals(0, s.info().retransmits());
    }
  }

  @Test
  void shouldNotCountDuplicates_whenNothingIsInFlight() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      for (int i = 0; i < 5; i++) {
        s.inject(ACK_1);
      }
      s.write(1460);
      s.expect("P. 1:1461(1460) ack 1");
      s.inject(ACK_1);
      s.inject(ACK_1);
      s.expectNothing();
    }
  }

  @Test
  @Requirement("CC-004")
  void shouldSendTheNextHole_onAPartialAck() {
    try (TcpScript s = tenInFlight()) {
      for (int i = 0; i < 3; i++) {
        s.inject(ack(1461));
      }
      s.expect(". 1461:2921(1460) ack 1");
      s.inject(ack(5841));
      s.expect(". 5841:7301(1460) ack 1");
      s.inject(ack(16061));
      s.expectNothing();
      assertEquals(2, s.info().retransmits());
      assertEquals(0, s.counter(Counter.TCP_TIMEOUTS));
    }
  }

  @Test
  void shouldLeaveRecovery_withTheWindowAtSsthreshOrLess() {
    try (TcpScript s = tenInFlight()) {
      for (int i = 0; i < 9; i++) {
        s.inject(ack(1461));
      }
      s.drain();
      s.inject(ack(16061));
      assertTrue(s.info().cwndBytes() <= s.info().ssthreshBytes(), s.info()::toString);
      assertEquals(7300, s.info().ssthreshBytes());
      s.write(20_000);
      assertTrue(s.drain().size() <= 5);
    }
  }

  @Test
  void shouldSendNewData_forDuplicatesBeyondTheThird() {
    try (TcpScript s = tenInFlight()) {
      s.write(14600);
      s.drain();
      for (int i = 0; i < 3; i++) {
        s.inject(ack(1461));
      }
      s.drain();
      int sent = 0;
      for (int i = 0; i < 6; i++) {
        s.inject(ack(1461));
        int now = s.drain().size();
        assertTrue(now <= 1);
        sent += now;
      }
      // One for every two that arrive, and one was the retransmission.
      assertEquals(2, sent);
    }
  }

  @Test
  void shouldSendOnce_howeverManyDuplicatesCome() {
    try (TcpScript s = tenInFlight()) {
      for (int i = 0; i < 9; i++) {
        s.inject(ack(1461));
      }
      assertEquals(1, s.info().retransmits());
      assertEquals(1, s.counter(Counter.TCP_FAST_RETRANS));
    }
  }

  @Test
  void shouldNotSendAgainForTheSameWindow_afterATimeOut() {
    try (TcpScript s = tenInFlight()) {
      s.afterMillis(200);
      s.expect(". 1461:2921(1460) ack 1");
      s.inject(ack(5841));
      s.drain();
      for (int i = 0; i < 5; i++) {
        s.inject(ack(5841));
      }
      assertEquals(0, s.counter(Counter.TCP_FAST_RETRANS));
    }
  }

  @Test
  void shouldRecoverOnceMore_whenALaterWindowLosesToo() {
    try (TcpScript s = tenInFlight()) {
      for (int i = 0; i < 3; i++) {
        s.inject(ack(1461));
      }
      s.inject(ack(16061));
      s.drain();
      s.write(7300);
      s.inject(ack(16061 + 1460));
      s.drain();
      for (int i = 0; i < 3; i++) {
        s.inject(ack(17521));
      }
      // Limited transmit (RFC 3042) came before it.
      s.expect("P. 21901:23361(1460) ack 1");
      s.expect(". 17521:18981(1460) ack 1");
      assertEquals(2, s.counter(Counter.TCP_FAST_RETRANS));
    }
  }

  @Test
  void shouldSendTheFinAgain_whenItIsTheHole() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(1460);
      s.drain();
      s.inject(ack(1461));
      s.write(2920);
      s.closeOutput();
      s.expect(". 1461:2921(1460) ack 1");
      s.expect("P. 2921:4381(1460) ack 1");
      s.expect("F. 4381:4381(0) ack 1");
      for (int i = 0; i < 3; i++) {
        s.inject(ack(1461));
      }
      s.expect(". 1461:2921(1460) ack 1");
      s.inject(ack(4381));
      s.expect("F. 4381:4381(0) ack 1");
      s.inject(ack(4382));
      s.expectState(io.tunstack.tcp.TcpState.FIN_WAIT_2);
    }
  }

  @Test
  void shouldSendAgainOnTheThirdDuplicate_inTheVeryFirstFlight() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(14600);
      assertEquals(10, s.drain().size());
      s.inject(ACK_1);
      s.inject(ACK_1);
      s.expectNothing();
      s.inject(ACK_1);
      s.expect(". 1:1461(1460) ack 1");
    }
  }
}
