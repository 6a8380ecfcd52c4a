package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How connections begin: LISTEN, SYN-SENT, SYN-RECEIVED. */
class OpeningTest {
  @Test
  @Requirement({"TCP-005", "TCP-096", "EXT-001", "EXT-018"})
  void shouldCompleteThePassiveHandshake_withEveryOption() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,wscale 7>");
      s.expect("S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS,wscale 7>");
      s.expectState(TcpState.SYN_RECEIVED);
      s.inject(". 1:1(0) ack 1 win 512 <TS val 101 ecr 1>");
      s.expectNothing();
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(List.of("connected"), s.app.events);
      assertEquals(512 << 7, s.info().sndWndBytes());
      assertEquals(1448, s.info().smssBytes());
      assertTrue(s.info().timestamps() && s.info().sackPermitted() && s.info().windowScaling());
    }
  }

  @Test
  @Requirement("TCP-013")
  void shouldAnswerOnlyTheOptionsThatThePeerOffers() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 1000 <mss 1000>");
      s.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.inject(". 1:1(0) ack 1 win 1000");
      assertEquals(1000, s.info().smssBytes());
      assertEquals(1000, s.info().sndWndBytes());
    }
  }

  @Test
  @Requirement("TCP-053")
  void shouldSendAtMost536Bytes_whenThePeerOffersNoMss() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535");
      s.expect("S. 0:0(0) ack 1 <mss 1460>");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.write(1000);
      s.expect(". 1:537(536) ack 1");
    }
  }

  @Test
  @Requirement("TCP-007")
  void shouldSendTheSynAckAgain_afterOneTwoAndFourSeconds() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1 <mss 1460>");
      for (int seconds : new int[] {1, 2, 4}) {
        s.afterMillis(seconds * 1000 - 1);
        s.expectNothing();
        s.afterMillis(1);
        s.expect("S. 0:0(0) ack 1 <mss 1460>");
      }
      s.expectState(TcpState.SYN_RECEIVED);
    }
  }

  @Test
  void shouldForgetAHalfOpenConnection_afterTheSynAckTimeout() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.after(TcpConfig.DEFAULT.synAckTimeout());
      s.expectState(TcpState.CLOSED);
      assertEquals(List.of(), s.app.events);
      assertEquals(0, s.stack.tcp().connectionCount());
    }
  }

  @Test
  @Requirement("TCP-045")
  void shouldAnswerARepeatedSyn_withTheSameSynAck() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement("TCP-006")
  void shouldResetAWrongAckInSynReceived_andKeepTheState() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject(". 1:1(0) ack 77 win 65535");
      s.expect("R 77:77(0)");
      s.expectState(TcpState.SYN_RECEIVED);
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement("TCP-046")
  void shouldCompleteTheHandshakeByData_whenTheThirdAckIsLost() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectState(TcpState.ESTABLISHED);
      s.expectReceived(10);
      assertEquals(List.of("connected"), s.app.events);
    }
  }

  @Test
  @Requirement("TCP-044")
  void shouldReturnToListen_onARstInSynReceived() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject("R 10000000:10000000(0)");
      s.inject("R 0:0(0)");
      s.expectNothing();
      s.expectState(TcpState.SYN_RECEIVED);
      s.inject("R 1:1(0)");
      s.expectNothing();
      s.expectState(TcpState.CLOSED);
      assertEquals(List.of(), s.app.events);
      s.peerPort = 40001;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      assertEquals(1, s.drain().size());
    }
  }

  @Test
  @Requirement("TCP-043")
  void shouldIgnoreText_inASyn() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:20(20) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectReceived(0);
      s.inject("P. 1:21(20) ack 1 win 65535");
      s.expectReceived(20);
    }
  }

  @Test
  @Requirement("TCP-042")
  void shouldDropASynWithFin() {
    try (TcpScript s = new TcpScript()) {
      s.inject("SF 0:0(0) win 65535 <mss 1460>");
      s.expectNothing();
      assertEquals(1, s.drops(DropReason.TCP_FLAGS));
    }
  }

  @Test
  @Requirement("TCP-004")
  void shouldResetAnAckInListen() {
    try (TcpScript s = new TcpScript()) {
      s.inject(". 5:5(0) ack 777777 win 100");
      s.expectReset(777777, 0);
      s.inject("S. 5:5(0) ack 777777 win 100");
      s.expectReset(777777, 0);
    }
  }

  @Test
  @Requirement({"TCP-004", "TCP-041"})
  void shouldIgnoreARst_andNoFlagsAndAFin_inListen() {
    try (TcpScript s = new TcpScript()) {
      for (String line :
          List.of("R 5:5(0)", "R. 5:5(0) ack 9", "none 5:5(0)", "F 5:5(0)", "FPU 5:5(0)")) {
        s.inject(line);
        s.expectNothing();
      }
    }
  }

  @Test
  @Requirement({"TCP-003", "TCP-040", "TCP-041"})
  void shouldResetASynToAClosedPort_acknowledgingWhatItTook() {
    try (TcpScript s = new TcpScript()) {
      s.localPort = 81;
      s.inject("S 0:0(0) win 100");
      s.expectReset(0, 1);
      s.inject("SF 0:5(5) win 100");
      s.expectReset(0, 7);
      s.inject(". 0:0(0) ack 4711 win 100");
      s.expectReset(4711, 0);
      s.inject("R 0:0(0)");
      s.expectNothing();
    }
  }

  @Test
  void shouldDropTheSyn_whenTooManyAreHalfOpen() {
    TcpConfig two = TcpConfig.DEFAULT.withCaps(100, 2, 10).toBuilder().synCookies(false).build();
    try (TcpScript s = new TcpScript(two, 1500)) {
      for (int i = 0; i < 3; i++) {
        s.peerPort = 40000 + i;
        s.inject("S 0:0(0) win 65535 <mss 1460>");
      }
      assertEquals(2, s.drain().size());
      assertEquals(1, s.counter(Counter.TCP_LISTEN_DROPS));
      s.peerPort = 40000;
      s.inject("R 1:1(0)");
      s.peerPort = 40002;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      assertEquals(1, s.drain().size());
    }
  }

  @Test
  @Requirement({"TCP-096", "EXT-018"})
  void shouldCompleteTheActiveHandshake() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0) win 65535 <mss 1460,sackOK,TS,wscale 7>");
      s.expectState(TcpState.SYN_SENT);
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect(". 1:1(0) ack 1");
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(List.of("connected"), s.app.events);
    }
  }

  @Test
  void shouldCarryWrittenData_inTheSegmentThatCompletesTheHandshake() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.write(80);
      s.expectNothing();
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expect("P. 1:81(80) ack 1");
      s.expectNothing();
    }
  }

  @Test
  @Requirement("TCP-070")
  void shouldReportRefusal_onRstWithAcceptableAck() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.inject("R 0:0(0)");
      s.inject("R. 0:0(0) ack 77");
      s.expectState(TcpState.SYN_SENT);
      s.inject("R. 0:0(0) ack 1");
      s.expectNothing();
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.REFUSED, s.app.closed);
      assertEquals(1, s.drops(DropReason.TCP_RST_IGNORED), "only the one without ACK");
    }
  }

  @Test
  @Requirement("TCP-026")
  void shouldResetAWrongAck_inSynSent() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.inject("S. 0:0(0) ack 501 win 65535 <mss 1460>");
      s.expect("R 501:501(0)");
      s.expectState(TcpState.SYN_SENT);
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement("TCP-071")
  void shouldIgnoreWhatIsNeitherSynNorRst_inSynSent() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.inject("F. 1:1(0) ack 1 win 65535");
      s.inject("none 1:1(0) win 65535");
      s.expectNothing();
      s.expectState(TcpState.SYN_SENT);
    }
  }

  @Test
  @Requirement("TCP-025")
  void shouldOpenSimultaneously() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1 <mss 1460>");
      s.expectState(TcpState.SYN_RECEIVED);
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(List.of("connected"), s.app.events);
      s.drain();
      s.write(10);
      s.expect("P. 1:11(10) ack 1");
    }
  }

  @Test
  @Requirement("TCP-073")
  void shouldSendTheSynAgain_afterOneTwoAndFourSeconds() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      for (int seconds : new int[] {1, 2, 4}) {
        s.afterMillis(seconds * 1000 - 1);
        s.expectNothing();
        s.afterMillis(1);
        s.expect("S 0:0(0)");
      }
    }
  }

  @Test
  void shouldReturnToListen_onASynInTheWindow_ofAPassiveOpen() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject("S 500:500(0) win 65535 <mss 1460>");
      s.expectNothing();
      s.expectState(TcpState.CLOSED);
      s.inject("S 500:500(0) win 65535 <mss 1460>");
      assertEquals(501, s.drain().get(0).ack());
      s.expectState(TcpState.SYN_RECEIVED);
    }
  }

  @Test
  void shouldChallengeASynInTheWindow_ofASimultaneousOpen() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.inject("S 500:500(0) win 65535 <mss 1460>");
      s.expect(". 1:1(0) ack 1");
      s.expectState(TcpState.SYN_RECEIVED);
    }
  }

  @Test
  @Requirement("TCP-069")
  void shouldReportRefusal_onARstAfterASimultaneousOpen() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.inject("R 1:1(0)");
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.REFUSED, s.app.closed);
    }
  }

  @Test
  void shouldAnswerSoManyRepeatedSynsASecond() {
    try (TcpScript s = new TcpScript()) {
      for (int i = 0; i < 100; i++) {
        s.inject("S 0:0(0) win 65535 <mss 1460>");
      }
      int answers = s.drain().size();
      assertTrue(answers >= 5 && answers <= 20, "answers " + answers);
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  void shouldGiveUpTheSyn_whenTheUserTimeoutIsShorter() {
    try (TcpScript s = TcpScript.connecting()) {
      s.app.socket.setUserTimeout(java.time.Duration.ofSeconds(10));
      s.afterMillis(9_999);
      s.expectState(TcpState.SYN_SENT);
      s.afterMillis(1);
      assertEquals(CloseReason.TIMED_OUT, s.app.closed);
    }
  }

  @Test
  @Requirement("TCP-074")
  void shouldSendTheSynAgain_andGiveUpAfterThreeMinutes() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      assertEquals(180, TcpConfig.DEFAULT.synTimeout().toSeconds());
      s.after(TcpConfig.DEFAULT.synTimeout().minusMillis(1));
      assertTrue(s.drain().size() >= 5);
      s.expectState(TcpState.SYN_SENT);
      s.afterMillis(1);
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.TIMED_OUT, s.app.closed);
    }
  }
}
