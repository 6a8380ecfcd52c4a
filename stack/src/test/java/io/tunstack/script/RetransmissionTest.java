package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The retransmission timer (RFC 6298) and what it sends. */
class RetransmissionTest {
  private static final long MILLI = 1_000_000;

  /** An established connection whose round trips take 100 ms, often enough to be believed. */
  private static TcpScript measured() {
    TcpScript s = TcpScript.established(TcpScript.RENO);
    for (int i = 0; i < 40; i++) {
      s.write(100);
      s.drain();
      s.afterMillis(100);
      s.inject(". 1:1(0) ack " + (101 + i * 100) + " win 65535");
    }
    long srtt = s.info().srttNanos();
    assertTrue(Math.abs(srtt - 100 * MILLI) < 2 * MILLI, () -> "srtt " + srtt);
    return s;
  }

  @Test
  @Requirement({"CC-012", "CC-021", "TCP-015"})
  void shouldSendAgain_withDoublingWaits() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(100);
      s.expect("P. 1:101(100) ack 1");
      for (int wait : new int[] {200, 400, 800, 1600, 3200}) {
        s.afterMillis(wait - 1);
        s.expectNothing();
        s.afterMillis(1);
        s.expect("P. 1:101(100) ack 1");
      }
      assertEquals(5, s.info().retransmits());
      assertEquals(5, s.counter(Counter.TCP_TIMEOUTS));
    }
  }

  @Test
  @Requirement("CC-012")
  void shouldNotWaitLongerThanTheMaximum() {
    TcpConfig config = TcpConfig.DEFAULT.toBuilder().maxRto(Duration.ofSeconds(2)).build();
    try (TcpScript s = TcpScript.established(config)) {
      s.write(100);
      s.after(Duration.ofSeconds(20));
      s.drain();
      assertEquals(2_000 * MILLI, s.info().rtoNanos());
    }
  }

  @Test
  @Requirement("TCP-027")
  void shouldGiveUp_afterTheUserTimeout() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(100);
      s.after(Duration.ofSeconds(299));
      s.expectState(TcpState.ESTABLISHED);
      s.after(Duration.ofSeconds(62));
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.TIMED_OUT, s.app.closed);
      assertEquals(1, s.counter(Counter.TCP_ABORT_ON_TIMEOUT));
      // USER TIMEOUT flushes and deletes (RFC 9293 §3.10.8); a peer that comes back is told then.
      assertTrue(s.drain().stream().allMatch(sent -> sent.length() == 100));
      s.inject(". 1:1(0) ack 101 win 65535");
      s.expect("R 101:101(0)");
    }
  }

  @Test
  @Requirement("TCP-027")
  void shouldGiveUp_whenTheApplicationsOwnTimeoutIsOver() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setUserTimeout(Duration.ofSeconds(3));
      s.write(100);
      s.after(Duration.ofMillis(2_900));
      s.expectState(TcpState.ESTABLISHED);
      s.after(Duration.ofSeconds(4));
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.TIMED_OUT, s.app.closed);
    }
  }

  @Test
  @Requirement("TCP-107")
  void shouldTellTheApplication_afterThreeRetransmissions() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(100);
      s.afterMillis(200 + 400);
      assertEquals(List.of("connected"), s.app.events);
      s.afterMillis(800);
      assertEquals(List.of("connected", "trouble TIMED_OUT"), s.app.events);
      s.inject(". 1:1(0) ack 101 win 65535");
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement({"CC-011", "CC-021"})
  void shouldMeasure_andWaitAtLeastTheMinimum() {
    try (TcpScript s = measured()) {
      assertTrue(s.info().rtoNanos() >= 299 * MILLI, s.info()::toString);
      assertTrue(s.info().rtoNanos() < 310 * MILLI, s.info()::toString);
    }
  }

  @Test
  @Requirement("TCP-056")
  void shouldTakeNoSampleFromWhatWasSentTwice() {
    try (TcpScript s = measured()) {
      long srtt = s.info().srttNanos();
      s.write(100);
      s.afterMillis(300);
      s.drain();
      s.inject(". 1:1(0) ack 4101 win 65535");
      assertEquals(srtt, s.info().srttNanos());
      assertTrue(s.info().rtoNanos() >= 400 * MILLI, "the back-off stays until there is a sample");
      s.write(100);
      s.afterMillis(100);
      s.inject(". 1:1(0) ack 4201 win 65535");
      assertTrue(s.info().rtoNanos() < 310 * MILLI, "the back-off ends with a sample");
    }
  }

  @Test
  @Requirement("CC-014")
  void shouldRestartTheTimer_onAnAckOfSomethingNew() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(5 * 1460);
      s.drain();
      s.afterMillis(150);
      s.inject(". 1:1(0) ack 1461 win 65535");
      long rto = s.info().rtoNanos();
      s.after(Duration.ofNanos(rto - 1));
      s.expectNothing();
      s.after(Duration.ofNanos(1));
      s.expect(". 1461:2921(1460) ack 1");
    }
  }

  @Test
  void shouldCountFromDeparture_whenLittleIsLeft() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(4 * 1460);
      s.drain();
      s.afterMillis(150);
      s.inject(". 1:1(0) ack 1461 win 65535");
      long rto = s.info().rtoNanos() - Duration.ofMillis(150).toNanos();
      s.after(Duration.ofNanos(rto - 1));
      s.expectNothing();
      s.after(Duration.ofNanos(1));
      s.expect(". 1461:2921(1460) ack 1");
    }
  }

  @Test
  void shouldNotCountFromDeparture_whenEnoughWaitsBehind() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 2 * 1460, "mss 1460")) {
      s.write(6 * 1460);
      assertEquals(2, s.drain().size());
      s.afterMillis(150);
      s.inject(". 1:1(0) ack 1461 win 1460");
      s.after(Duration.ofNanos(s.info().rtoNanos() - 1));
      s.expectNothing();
      s.after(Duration.ofNanos(1));
      s.expect(". 1461:2921(1460) ack 1");
    }
  }

  @Test
  @Requirement("CC-014")
  void shouldNotRestartTheTimer_onADuplicateAckOrAWindowUpdate() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(1460);
      s.drain();
      s.afterMillis(150);
      s.inject(". 1:1(0) ack 1 win 65535");
      s.inject(". 1:1(0) ack 1 win 60000");
      s.afterMillis(49);
      s.expectNothing();
      s.afterMillis(1);
      s.expect("P. 1:1461(1460) ack 1");
    }
  }

  @Test
  @Requirement("CC-014")
  void shouldStopTheTimer_whenEverythingIsAcknowledged() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(1460);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 65535");
      assertEquals(0, s.stack.wheel().armed());
      s.after(Duration.ofHours(1));
      s.expectNothing();
    }
  }

  @Test
  @Requirement("CC-013")
  void shouldWaitThreeSeconds_whenTheSynHadTimedOut() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.afterMillis(1000);
      assertEquals(2, s.drain().size());
      s.inject(". 1:1(0) ack 1 win 65535");
      assertEquals(3_000 * MILLI, s.info().rtoNanos());
      assertEquals(1460, s.info().cwndBytes());
      s.write(100);
      s.expect("P. 1:101(100) ack 1");
      s.afterMillis(2999);
      s.expectNothing();
      s.afterMillis(1);
      s.expect("P. 1:101(100) ack 1");
    }
  }

  @Test
  @Requirement("CC-007")
  void shouldSendOneSegment_afterATimeOut_andGoOnAsAcksCome() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(14600);
      assertEquals(10, s.drain().size());
      s.afterMillis(200);
      s.expect(". 1:1461(1460) ack 1");
      s.expectNothing();
      assertEquals(1460, s.info().cwndBytes());
      assertEquals(7300, s.info().ssthreshBytes());
      s.inject(". 1:1(0) ack 1461 win 65535");
      s.expect(". 1461:2921(1460) ack 1");
      s.expect(". 2921:4381(1460) ack 1");
      s.expectNothing();
      s.inject(". 1:1(0) ack 14601 win 65535");
      s.expectNothing();
      assertEquals(0, s.info().unackedBytes());
    }
  }

  @Test
  void shouldSendDataAndFinTogether_whenBothHaveToGoAgain() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(100);
      s.closeOutput();
      s.expect("P. 1:101(100) ack 1");
      s.expect("F. 101:101(0) ack 1");
      s.afterMillis(200);
      s.expect("FP. 1:101(100) ack 1");
      s.inject(". 1:1(0) ack 101 win 65535");
      s.afterMillis(400);
      s.expect("F. 101:101(0) ack 1");
      s.inject(". 1:1(0) ack 102 win 65535");
      s.expectState(TcpState.FIN_WAIT_2);
    }
  }

  @Test
  void shouldPutSmallWritesIntoOneSegment_whenTheyGoAgain() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.noDelay(true);
      for (int i = 0; i < 10; i++) {
        s.write(10);
      }
      assertEquals(10, s.drain().size());
      s.afterMillis(200);
      s.expect("P. 1:101(100) ack 1");
      s.inject(". 1:1(0) ack 55 win 65535");
      s.drain();
      assertEquals(46, s.info().unackedBytes());
    }
  }

  @Test
  void shouldTakeAnAckOfOnePartOfASegment() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(1000);
      s.drain();
      s.inject(". 1:1(0) ack 501 win 65535");
      s.afterMillis(200);
      s.expect("P. 501:1001(500) ack 1");
    }
  }

  @Test
  @Requirement("CC-009")
  void shouldKeepEveryEpisodesSsthresh_andHalveItOnce() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO)) {
      s.write(14600);
      s.afterMillis(200);
      int first = s.info().ssthreshBytes();
      s.after(Duration.ofSeconds(10));
      assertEquals(first, s.info().ssthreshBytes());
      assertEquals(7300, first);
    }
  }
}
