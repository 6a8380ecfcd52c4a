package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.KeepAlive;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happens is counted, once, under its name. */
class CountingTest {
  private static final TcpConfig PLAIN = TcpConfig.DEFAULT.withExtensions(false, false, false);

  // ---- drops -------------------------------------------------------------------------------

  @Test
  void shouldNameAnAcknowledgmentThatTheHandshakeDidNotEarn() {
    try (TcpScript s = new TcpScript(PLAIN, 1500)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>").drain();
      s.inject(". 1:1(0) ack 2 win 65535");
      assertEquals(1, s.drops(DropReason.TCP_BAD_ACK_OPENING));
    }
    try (TcpScript s = TcpScript.connecting(PLAIN)) {
      s.drain();
      s.inject("S. 0:0(0) ack 2 win 65535 <mss 1460>");
      assertEquals(1, s.drops(DropReason.TCP_BAD_ACK_OPENING));
    }
  }

  @Test
  void shouldNameAResetThatHasToBeProved() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.inject("R 2:2(0) win 0");
      assertEquals(1, s.drops(DropReason.TCP_RST_CHALLENGED));
      s.expect(". 1:1(0) ack 1");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  void shouldNameTextBehindTheEnd() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.inject("F. 1:1(0) ack 1 win 65535").drain();
      s.inject("P. 2:12(10) ack 1 win 65535");
      assertEquals(1, s.drops(DropReason.TCP_AFTER_FIN));
      s.expectReceived(0);
    }
  }

  @Test
  void shouldNameTextForAnApplicationThatLeft() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.closeSocket().drain();
      s.inject("P. 1:11(10) ack 2 win 65535");
      assertEquals(1, s.drops(DropReason.TCP_AFTER_CLOSE));
      assertEquals(1, s.counterOf(SendReason.RST_AFTER_CLOSE));
    }
  }

  @Test
  void shouldNameWhatIsNotAnsweredAnyMore() {
    try (TcpScript s = new TcpScript(PLAIN, 1500)) {
      for (int i = 0; i < 100; i++) {
        s.inject("S 0:0(0) win 65535 <mss 1460>");
      }
      int answers = s.drain().size();
      assertTrue(answers >= 6 && answers <= 13, "answers " + answers);
      assertEquals(100 - answers, s.drops(DropReason.CHALLENGE_RATE_LIMIT));
      assertEquals(99, s.drops(DropReason.TCP_DUPLICATE));
    }
  }

  @Test
  void shouldNameWhatComesInTimeWait_andStopAnsweringThere() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.closeOutput().drain();
      s.inject("F. 1:1(0) ack 2 win 65535").drain();
      s.expectState(TcpState.TIME_WAIT);
      assertEquals(1, s.counter(Counter.TCP_TW));
      for (int i = 0; i < 100; i++) {
        s.inject(". 50:50(0) ack 2 win 65535");
      }
      int answers = s.drain().size();
      assertTrue(answers >= 1 && answers < 100, "answers " + answers);
      assertEquals(100, s.drops(DropReason.TCP_TIME_WAIT));
      assertEquals(100 - answers, s.drops(DropReason.CHALLENGE_RATE_LIMIT));
    }
  }

  @Test
  void shouldNameAFinBehindNothingNew() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.inject("P. 1:11(10) ack 1 win 65535").drain();
      s.inject("P. 1:11(10) ack 1 win 65535");
      assertEquals(1, s.drops(DropReason.TCP_SEQUENCE));
    }
  }

  // ---- counters ----------------------------------------------------------------------------

  @Test
  void shouldCountOpens() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      assertEquals(1, s.counter(Counter.TCP_PASSIVE_OPENS));
      assertEquals(0, s.counter(Counter.TCP_ACTIVE_OPENS));
    }
    try (TcpScript s = TcpScript.connecting(PLAIN)) {
      s.drain();
      assertEquals(0, s.counter(Counter.TCP_PASSIVE_OPENS));
      assertEquals(1, s.counter(Counter.TCP_ACTIVE_OPENS));
    }
  }

  @Test
  void shouldCountBytesOnce_howeverOftenTheyCome() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.inject("P. 1:11(10) ack 1 win 65535").inject("P. 1:11(10) ack 1 win 65535");
      s.inject("P. 21:31(10) ack 1 win 65535");
      assertEquals(10, s.counter(Counter.TCP_IN_BYTES));
      s.inject("P. 5:21(16) ack 1 win 65535");
      assertEquals(30, s.counter(Counter.TCP_IN_BYTES));
      s.drain();
      s.write(100).drain();
      assertEquals(100, s.counter(Counter.TCP_OUT_BYTES));
      s.afterMillis(1500).drain();
      assertTrue(s.counter(Counter.TCP_RETRANS_SEGS) > 0);
      assertEquals(100, s.counter(Counter.TCP_OUT_BYTES));
    }
  }

  @Test
  void shouldCountAcknowledgmentsThatBringNothingElse() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      long before = s.counter(Counter.TCP_PURE_ACKS);
      s.inject(". 1:1(0) ack 1 win 60000");
      assertEquals(before + 1, s.counter(Counter.TCP_PURE_ACKS));
      s.inject("P. 1:11(10) ack 1 win 60000").drain();
      assertEquals(before + 1, s.counter(Counter.TCP_PURE_ACKS), "text is something");
    }
  }

  @Test
  void shouldCountDuplicatesThatItReports() {
    TcpConfig sack = TcpConfig.DEFAULT.withExtensions(false, false, true);
    try (TcpScript s = TcpScript.established(sack, 65_535, "mss 1460,sackOK")) {
      s.inject("P. 1:11(10) ack 1 win 65535").drain();
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 11 <sack 1:11>");
      assertEquals(1, s.counter(Counter.TCP_DSACK_OLD_SENT));
      assertEquals(0, s.counter(Counter.TCP_DSACK_OFO_SENT));
      s.inject("P. 21:31(10) ack 1 win 65535").drain();
      s.inject("P. 21:31(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 11 <sack 21:31 21:31>");
      assertEquals(1, s.counter(Counter.TCP_DSACK_OFO_SENT));
    }
  }

  @Test
  void shouldCountTheEndByKeepAlive() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      KeepAlive soon = new KeepAlive(Duration.ofSeconds(10), Duration.ofSeconds(1), 2);
      s.app.socket.setOptions(s.app.socket.options().withKeepAlive(Optional.of(soon)));
      s.afterMillis(9_999);
      s.expectNothing();
      s.afterMillis(1);
      s.expect(". 0:0(0) ack 1");
      s.afterMillis(2_000).drain();
      assertEquals(2, s.counter(Counter.TCP_KEEP_ALIVE));
      assertEquals(1, s.counter(Counter.TCP_ABORT_ON_TIMEOUT));
      assertEquals(List.of("connected", "closed"), s.app.events);
    }
  }

  @Test
  void shouldCountWhatLeaves_andEachReset() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      long before = s.counter(Counter.TCP_OUT_SEGS);
      s.write(4380).drain();
      assertEquals(before + 3, s.counter(Counter.TCP_OUT_SEGS));
      s.abortSocket().drain();
      assertEquals(before + 4, s.counter(Counter.TCP_OUT_SEGS));
      assertEquals(1, s.counter(Counter.TCP_OUT_RSTS));
      assertEquals(1, s.counterOf(SendReason.RST_ABORT));
      s.inject(". 1:1(0) ack 1 win 65535").drain();
      assertEquals(before + 5, s.counter(Counter.TCP_OUT_SEGS));
      assertEquals(2, s.counter(Counter.TCP_OUT_RSTS));
      assertEquals(1, s.counterOf(SendReason.RST_NO_SOCKET));
    }
  }

  @Test
  void shouldCountSynsThatGoAgain_andAttemptsThatFail() {
    try (TcpScript s = TcpScript.connecting(PLAIN)) {
      s.afterMillis(3_500);
      assertEquals(3, s.drain().size());
      assertEquals(2, s.counter(Counter.TCP_SYN_RETRANS));
      assertEquals(2, s.counter(Counter.TCP_RETRANS_SEGS));
      s.inject("R. 0:0(0) ack 1 win 0");
      assertEquals(1, s.counter(Counter.TCP_ATTEMPT_FAILS));
      assertEquals(0, s.counter(Counter.TCP_ESTAB_RESETS));
    }
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.closeOutput().drain();
      s.inject("R. 1:1(0) ack 2 win 0");
      assertEquals(0, s.counter(Counter.TCP_ESTAB_RESETS), "RFC 4022 counts two states only");
    }
  }

  // ---- what is held ------------------------------------------------------------------------

  @Test
  void shouldHoldNothing_whenTheLastAcknowledgmentHasCome() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.inject("F. 1:1(0) ack 1 win 65535").drain();
      s.closeSocket().drain();
      assertEquals(1, s.stack.tcp().connectionCount());
      s.inject(". 2:2(0) ack 2 win 65535");
      assertEquals(0, s.stack.tcp().connectionCount());
      assertEquals(0, s.stack.wheel().armed());
    }
  }

  @Test
  void shouldHoldOneEntry_whenAConnectionBeginsWhereOneEnded() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.closeOutput().drain();
      s.inject("F. 1:1(0) ack 2 win 65535").drain();
      assertEquals(1, s.stack.tcp().timeWaitCount());
      s.inject("S 100000:100000(0) win 65535 <mss 1460>");
      assertEquals(0, s.stack.tcp().timeWaitCount());
      assertEquals(1, s.stack.tcp().connectionCount());
      assertEquals(1, s.counter(Counter.TCP_TW_RECYCLED));
    }
  }

  @Test
  void shouldWaitForThePeersFinNoLongerThanItMust_whenNobodyReads() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      s.closeOutput().drain();
      s.inject(". 1:1(0) ack 2 win 65535");
      s.after(Duration.ofHours(1));
      s.expectState(TcpState.FIN_WAIT_2);
      s.closeSocket();
      s.after(PLAIN.finWait2Timeout().minusMillis(1));
      s.expectState(TcpState.FIN_WAIT_2);
      s.afterMillis(1);
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  void shouldTellAnObserver_whatCameAndWhatItDid() {
    try (TcpScript s = new TcpScript(PLAIN.toBuilder().quickAcks(0).build(), 1500)) {
      List<String> told = new ArrayList<>();
      s.stack
          .tcp()
          .observe(
              e ->
                  told.add(
                      e.direction() + " " + e.textLength() + " " + e.before() + " " + e.after()));
      s.inject("S 0:0(0) win 65535 <mss 1460>").drain();
      s.inject(". 1:1(0) ack 1 win 65535");
      s.inject("P. 1:11(10) ack 1 win 65535").inject(". 5:5(0) ack 99 win 65535").drain();
      assertEquals("SENT 0 SYN_RECEIVED SYN_RECEIVED", told.remove(0));
      assertEquals("RECEIVED 0 LISTEN SYN_RECEIVED", told.remove(0));
      assertEquals("RECEIVED 0 SYN_RECEIVED ESTABLISHED", told.remove(0));
      assertEquals("RECEIVED 10 ESTABLISHED ESTABLISHED", told.remove(0));
      assertEquals("SENT 0 ESTABLISHED ESTABLISHED", told.remove(0));
      assertEquals("DROPPED 0 ESTABLISHED ESTABLISHED", told.remove(0));
    }
  }

  @Test
  void shouldAcceptOneAfterAnother_howeverShortTheQueue() {
    try (TcpScript s = new TcpScript(PLAIN, 1500)) {
      s.listener.limit(1, () -> 0);
      for (int port = 40_001; port < 40_011; port++) {
        s.from(port).inject("S 0:0(0) win 65535 <mss 1460>");
        s.expect("S. 0:0(0) ack 1");
        s.inject(". 1:1(0) ack 1 win 65535");
      }
      assertEquals(0, s.counter(Counter.TCP_LISTEN_DROPS));
      assertEquals(10, s.stack.tcp().connectionCount());
    }
  }
}
