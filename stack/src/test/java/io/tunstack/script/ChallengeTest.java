package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpState;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a stranger may try: RST, SYN and ACK out of place (RFC 5961), and how often we answer. */
class ChallengeTest {
  @Test
  @Requirement("SEC-001")
  void shouldReset_onARstThatIsExact() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("R 1:1(0)");
      s.expectNothing();
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.RESET, s.app.closed);
      assertEquals(List.of("connected", "closed"), s.app.events);
      assertEquals(1, s.counter(Counter.TCP_ESTAB_RESETS));
    }
  }

  @Test
  @Requirement("SEC-001")
  void shouldChallengeARst_elsewhereInTheWindow() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("R 11:11(0)");
      s.expect(". 1:1(0) ack 1");
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(1, s.counter(Counter.TCP_CHALLENGE_ACK));
      s.inject("R 1:1(0)");
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  @Requirement("SEC-001")
  void shouldIgnoreARst_outsideTheWindow() {
    try (TcpScript s = TcpScript.established()) {
      for (String at : List.of("0:0", "-1:-1", "10000000:10000000", "65536:65536")) {
        s.inject("R " + at + "(0)");
        s.inject("R. " + at + "(0) ack 1");
      }
      s.expectNothing();
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(8, s.drops(DropReason.TCP_SEQUENCE));
    }
  }

  @Test
  @Requirement("TCP-106")
  void shouldReset_onARstWithText() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("R 1:12(11)");
      s.expectState(TcpState.CLOSED);
      s.expectReceived(0);
    }
  }

  @Test
  @Requirement("SEC-002")
  void shouldChallengeASyn_whereverItLies() {
    try (TcpScript s = TcpScript.established()) {
      for (String at : List.of("1:1", "11:11", "10000000:10000000", "-1000:-1000", "0:0")) {
        s.inject("S " + at + "(0) win 65535 <mss 1460>");
        s.expect(". 1:1(0) ack 1");
        s.expectNothing();
      }
      assertEquals(5, s.drops(DropReason.TCP_SYN_CHALLENGED));
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("TCP-072")
  void shouldAnswerARepeatedSynAck_withAnAck() {
    try (TcpScript s = TcpScript.connecting()) {
      s.drain();
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect(". 1:1(0) ack 1");
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect(". 1:1(0) ack 1");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement("TCP-012")
  void shouldAnswerAnAckOfWhatWasNeverSent_andDropItsText() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:11(10) ack 100001 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.expectReceived(0);
      assertEquals(1, s.drops(DropReason.TCP_ACK_RANGE));
    }
  }

  @Test
  @Requirement({"SEC-003", "SEC-019"})
  void shouldAnswerAnAckOlderThanAWindow_andDropItsText() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:11(10) ack -5000000 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.expectReceived(0);
      s.inject("P. 1:11(10) ack -65533 win 65535");
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("SEC-011")
  void shouldAnswerAHandfulASecond_ofWhateverMakesUsAnswer() {
    try (TcpScript s = TcpScript.established()) {
      for (int i = 0; i < 100; i++) {
        s.inject("S " + (10 + i) + ":" + (10 + i) + "(0) win 65535");
        s.inject("R " + (10 + i) + ":" + (10 + i) + "(0)");
        s.inject(". 1:1(0) ack " + (100_000 + i) + " win 65535");
      }
      int answers = s.drain().size();
      assertTrue(answers >= 5 && answers <= 12, "answers " + answers);
      assertEquals(300 - answers, s.drops(DropReason.CHALLENGE_RATE_LIMIT));
      s.afterMillis(1000);
      s.inject("S 10:10(0) win 65535");
      s.expect(". 1:1(0) ack 1");
    }
  }

  @Test
  @Requirement("SEC-011")
  void shouldNotSilenceOneConnection_whenAnotherIsFlooded() {
    try (TcpScript s = TcpScript.established()) {
      for (int i = 0; i < 50; i++) {
        s.inject("S 10:10(0) win 65535");
      }
      s.drain();
      s.peerPort = 40001;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      int ours = s.drain().get(0).seq();
      s.inject(". 1:1(0) ack " + (ours + 1) + " win 65535");
      s.inject("S 10:10(0) win 65535");
      assertEquals(1, s.drain().size());
    }
  }

  @Test
  @Requirement("SEC-006")
  void shouldSurviveAFloodOfRandomRsts() {
    SplittableRandom random = new SplittableRandom(11);
    try (TcpScript s = TcpScript.established()) {
      for (int i = 0; i < 2000; i++) {
        int at = random.nextInt();
        s.inject("R " + at + ":" + at + "(0)");
      }
      assertTrue(s.drain().size() <= 12);
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  void shouldNotAnswerAckForAck_forEver() {
    try (TcpScript s = TcpScript.established()) {
      int answers = 0;
      for (int i = 0; i < 1000; i++) {
        s.inject(". -100:-100(0) ack 1 win 65535");
        answers += s.drain().size();
      }
      assertTrue(answers >= 5 && answers <= 12, "answers " + answers);
    }
  }

  @Test
  void shouldNotCountAsDropped_aRstThatResets() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("R 1:1(0)");
      s.expectState(TcpState.CLOSED);
      assertEquals(0, s.drops(DropReason.TCP_RST_IGNORED));
    }
  }

  @Test
  void shouldNotAnswerAckForAck_inTimeWaitEither() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("F. 1:1(0) ack 2 win 65535");
      s.drain();
      s.expectState(TcpState.TIME_WAIT);
      int answers = 0;
      for (int i = 0; i < 1000; i++) {
        s.inject(". 77:77(0) ack 2 win 65535");
        answers += s.drain().size();
      }
      assertTrue(answers >= 5 && answers <= 12, "answers " + answers);
    }
  }
}
