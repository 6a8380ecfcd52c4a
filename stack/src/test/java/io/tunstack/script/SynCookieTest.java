package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** SYNs beyond the half-open queue are answered without a note of them (RFC 4987 §3.6). */
class SynCookieTest {
  private static final TcpConfig ONE_HALF_OPEN = TcpConfig.DEFAULT.withCaps(100, 1, 10);

  /** A script whose half-open queue is full; the peer goes on from port 40000. */
  private static TcpScript full(TcpConfig config) {
    TcpScript s = new TcpScript(config, 1500);
    s.from(39_999).inject("S 0:0(0) win 65535 <mss 1460>");
    s.expect("S. 0:0(0) ack 1");
    return s.from(40_000);
  }

  private static String timestampOf(ScriptSegment sent) {
    return sent.options().stream()
        .filter(option -> option.startsWith("TS val "))
        .map(option -> option.split(" ")[2])
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldKeepNothing_untilTheCookieComesBack() {
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.inject("S 0:0(0) win 65535 <mss 1000>");
      s.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      assertEquals(1, s.stack.tcp().connectionCount());
      assertEquals(1, s.counter(Counter.SYNCOOKIES_SENT));
      assertEquals(1, s.counter(Counter.TCP_REQ_Q_FULL_DO_COOKIES));
      s.afterMillis(900);
      s.expectNothing();
      s.inject(". 1:1(0) ack 1 win 3000");
      s.expectNothing();
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(1, s.counter(Counter.SYNCOOKIES_RECV));
      assertEquals(List.of("connected"), s.app.events);
      assertEquals(3000, s.info().sndWndBytes());
      s.write(700);
      s.expect(". 1:537(536) ack 1").expect("P. 537:701(164) ack 1");
      s.inject("P. 1:11(10) ack 701 win 3000");
      s.expect(". 701:701(0) ack 11");
      s.expectReceived(10);
    }
  }

  @Test
  void shouldOfferWhatTheListenerWasTold() {
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.listener.setOptions(s.listener.options().withMaxSegment(900).withBuffers(5_000, 20_000));
      s.inject("S 0:0(0) win 65535 <mss 1460,TS val 100 ecr 0,wscale 3>");
      ScriptSegment answer = s.drain().get(0);
      assertEquals(20_000, answer.win());
      assertTrue(answer.options().contains("mss 900"), answer::toString);
      assertTrue(answer.options().contains("wscale 0"), answer::toString);
      s.inject(". 1:1(0) ack 1 win 500 <TS val 101 ecr " + timestampOf(answer) + ">");
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(888, s.info().smssBytes());
      assertEquals(5_000, s.app.socket.writable());
      assertEquals(20_000, s.info().rcvWndBytes());
    }
  }

  @Test
  @Requirement("SEC-012")
  void shouldKeepScaleSackAndMss_inTheTimestamp() {
    for (int shift : new int[] {0, 1, 7, 14}) {
      for (boolean sack : new boolean[] {false, true}) {
        try (TcpScript s = full(ONE_HALF_OPEN)) {
          String offered = sack ? ",sackOK" : "";
          s.inject("S 0:0(0) win 65535 <mss 1460,TS val 100 ecr 0,wscale " + shift + offered + ">");
          ScriptSegment answer = s.drain().get(0);
          assertTrue(answer.options().contains("wscale 7"), answer::toString);
          assertEquals(sack, answer.options().contains("sackOK"), answer::toString);
          s.inject(". 1:1(0) ack 1 win 500 <TS val 101 ecr " + timestampOf(answer) + ">");
          s.expectState(TcpState.ESTABLISHED);
          assertEquals(500 << shift, s.info().sndWndBytes());
          assertEquals(1448, s.info().smssBytes());
          assertEquals(sack, s.info().sackPermitted());
          assertTrue(s.info().timestamps() && s.info().windowScaling());
        }
      }
    }
  }

  @Test
  void shouldAgreeOnNothingElse_withoutTimestamps() {
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.inject("S 0:0(0) win 65535 <mss 1460,sackOK,wscale 7>");
      s.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.inject(". 1:1(0) ack 1 win 500");
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(500, s.info().sndWndBytes());
      assertEquals(1460, s.info().smssBytes());
      assertFalse(s.info().sackPermitted() || s.info().windowScaling());
    }
  }

  @Test
  void shouldLeaveOutTheScale_whenThePeerDoesNotOfferIt() {
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.inject("S 0:0(0) win 65535 <mss 1460,TS val 100 ecr 0>");
      ScriptSegment answer = s.drain().get(0);
      s.inject(". 1:1(0) ack 1 win 500 <TS val 101 ecr " + timestampOf(answer) + ">");
      assertEquals(500, s.info().sndWndBytes());
      assertFalse(s.info().windowScaling());
    }
  }

  @Test
  void shouldCompleteByData_whenTheThirdAckIsLost() {
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement("SEC-004")
  void shouldTakeACookieForAMinute_andRefuseItAfterTwo() {
    for (int seconds : new int[] {59, 121}) {
      try (TcpScript s = full(ONE_HALF_OPEN)) {
        s.inject("S 0:0(0) win 65535 <mss 1460>");
        s.drain();
        s.after(Duration.ofSeconds(seconds));
        s.drain();
        // Somebody else's cookie keeps the listener looking at them.
        s.peerPort = 41_000;
        s.inject("S 0:0(0) win 65535 <mss 1460>");
        s.peerPort = 41_001;
        s.inject("S 0:0(0) win 65535 <mss 1460>");
        s.drain();
        s.peerPort = 40_000;
        s.inject(". 1:1(0) ack 1 win 65535");
        if (seconds < 60) {
          s.expectState(TcpState.ESTABLISHED);
        } else {
          s.expect("R 1:1(0)");
          s.expectState(TcpState.CLOSED);
          assertEquals(1, s.counter(Counter.SYNCOOKIES_FAILED));
        }
      }
    }
  }

  @Test
  @Requirement("SEC-004")
  void shouldResetGuesses_rightAfterAFlood() {
    SplittableRandom random = new SplittableRandom(3);
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      for (int i = 0; i < 200; i++) {
        s.inject("P. 1:11(10) ack " + (1 + random.nextInt(1, Integer.MAX_VALUE)) + " win 65535");
        assertEquals("R", s.drain().get(0).flags());
      }
      s.expectReceived(0);
      assertEquals(1, s.stack.tcp().connectionCount());
      assertEquals(200, s.counter(Counter.SYNCOOKIES_FAILED));
    }
  }

  @Test
  void shouldRefuseACookie_fromAnotherPortOrWithAnotherNumber() {
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.inject(". 2:2(0) ack 1 win 65535");
      s.expect("R 1:1(0)");
      s.peerPort = 40_001;
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expect("R 1:1(0)");
      s.peerPort = 40_000;
      s.inject("S. 1:1(0) ack 1 win 65535");
      s.expect("R 1:1(0)");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  void shouldNotLookForCookies_whenNoneIsOut() {
    try (TcpScript s = new TcpScript()) {
      s.inject(". 1:1(0) ack 777 win 65535");
      s.expectReset(777, 0);
      assertEquals(0, s.counter(Counter.SYNCOOKIES_FAILED));
    }
  }

  @Test
  void shouldDropTheSyn_whenCookiesAreOff() {
    TcpConfig off = ONE_HALF_OPEN.toBuilder().synCookies(false).build();
    try (TcpScript s = full(off)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expectNothing();
      assertEquals(1, s.counter(Counter.TCP_LISTEN_DROPS));
      assertEquals(1, s.counter(Counter.TCP_REQ_Q_FULL_DROP));
    }
  }

  @Test
  void shouldNotTakeTheTimeOfTheHandshake_forARoundTrip() {
    try (TcpScript s = full(ONE_HALF_OPEN)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.inject(". 1:1(0) ack 1 win 65535");
      assertEquals(0, s.info().srttNanos());
      assertEquals(Duration.ofSeconds(1).toNanos(), s.info().rtoNanos());
    }
  }
}
