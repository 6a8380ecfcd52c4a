package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The persist timer: probing a zero window (RFC 9293 §3.8.6.1). */
class PersistTest {
  /** A peer that has taken one segment and closed its window, with 100 bytes waiting. */
  private static TcpScript closedWindow() {
    TcpScript s = TcpScript.established();
    s.write(1460);
    s.expect("P. 1:1461(1460) ack 1");
    s.inject(". 1:1(0) ack 1461 win 0");
    s.write(100);
    s.expectNothing();
    return s;
  }

  @Test
  @Requirement({"TCP-017", "TCP-100"})
  void shouldProbeAfterOneTimeOut_thenTwiceAsLate() {
    try (TcpScript s = closedWindow()) {
      for (int wait : new int[] {200, 400, 800, 1600, 3200}) {
        s.afterMillis(wait - 1);
        s.expectNothing();
        s.afterMillis(1);
        s.expect(". 1461:1462(1) ack 1");
        s.inject(". 1:1(0) ack 1461 win 0");
      }
      assertEquals(5, s.counter(Counter.TCP_WIN_PROBE));
      assertEquals(0, s.counter(Counter.TCP_TIMEOUTS));
    }
  }

  @Test
  @Requirement("TCP-058")
  void shouldProbeForEver_whileThePeerAnswers() {
    try (TcpScript s = closedWindow()) {
      int probes = 0;
      List<Long> gaps = new ArrayList<>();
      long last = s.clock.nanos();
      for (int second = 0; second < 3600; second++) {
        s.after(Duration.ofSeconds(1));
        if (!s.drain().isEmpty()) {
          gaps.add((s.clock.nanos() - last) / 1_000_000_000);
          last = s.clock.nanos();
          probes++;
          s.inject(". 1:1(0) ack 1461 win 0");
        }
      }
      s.expectState(TcpState.ESTABLISHED);
      assertTrue(probes > 60, "probes: " + probes);
      assertTrue(gaps.get(gaps.size() - 1) <= 60, gaps::toString);
    }
  }

  @Test
  void shouldGiveUp_whenNobodyAnswersTheProbes() {
    try (TcpScript s = closedWindow()) {
      s.after(Duration.ofSeconds(299));
      s.expectState(TcpState.ESTABLISHED);
      s.drain();
      s.after(Duration.ofSeconds(70));
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.TIMED_OUT, s.app.closed);
      assertTrue(s.drain().stream().allMatch(sent -> sent.length() <= 1));
    }
  }

  @Test
  void shouldSendTheProbesByteAgain_whenThePeerDidNotKeepIt() {
    try (TcpScript s = closedWindow()) {
      s.afterMillis(200);
      s.expect(". 1461:1462(1) ack 1");
      s.inject(". 1:1(0) ack 1461 win 65535");
      s.expect("P. 1461:1561(100) ack 1");
      s.inject(". 1:1(0) ack 1561 win 65535");
      assertEquals(0, s.info().unackedBytes());
    }
  }

  @Test
  void shouldGoOnBehindTheProbe_whenThePeerKeptIt() {
    try (TcpScript s = closedWindow()) {
      s.afterMillis(200);
      s.expect(". 1461:1462(1) ack 1");
      s.inject(". 1:1(0) ack 1462 win 65535");
      s.expect("P. 1462:1561(99) ack 1");
    }
  }

  @Test
  void shouldProbeByteByByte_whenThePeerKeepsEachAndStaysClosed() {
    try (TcpScript s = closedWindow()) {
      for (int i = 0; i < 3; i++) {
        s.afterMillis(200);
        s.expect(". " + (1461 + i) + ":" + (1462 + i) + "(1) ack 1");
        s.inject(". 1:1(0) ack " + (1462 + i) + " win 0");
      }
      assertEquals(97, s.info().unsentBytes());
    }
  }

  @Test
  void shouldNotProbe_whenNothingWaits() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1460);
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 0");
      s.after(Duration.ofSeconds(100));
      s.expectNothing();
    }
  }

  @Test
  void shouldStartAgainFromOneTimeOut_whenTheWindowClosesAnew() {
    try (TcpScript s = closedWindow()) {
      for (int i = 0; i < 4; i++) {
        s.after(Duration.ofSeconds(5));
        s.inject(". 1:1(0) ack 1461 win 0");
      }
      s.drain();
      s.inject(". 1:1(0) ack 1461 win 65535");
      s.expect("P. 1461:1561(100) ack 1");
      s.inject(". 1:1(0) ack 1561 win 0");
      s.write(50);
      s.afterMillis(200);
      s.expect(". 1561:1562(1) ack 1");
    }
  }

  @Test
  void shouldStayQuiet_whenBothWindowsAreZeroAndThePeerProbes() {
    try (TcpScript s = closedWindow()) {
      s.app.readEagerly = false;
      int before = 0;
      for (int i = 0; i < 5; i++) {
        s.inject(". 1:1(0) ack 1461 win 0");
        before += s.drain().size();
      }
      assertEquals(0, before);
    }
  }
}
