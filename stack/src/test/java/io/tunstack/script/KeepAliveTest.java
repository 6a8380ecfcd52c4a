package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.KeepAlive;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 9293 §3.8.4. */
class KeepAliveTest {
  private static final KeepAlive QUICK =
      new KeepAlive(Duration.ofSeconds(2), Duration.ofSeconds(1), 3);

  @Test
  @Requirement("TCP-087")
  void shouldSendNoProbe_byDefault() {
    try (TcpScript s = TcpScript.established()) {
      s.after(Duration.ofDays(2));
      s.expectNothing();
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  @Requirement({"TCP-088", "TCP-115"})
  void shouldProbeAfterTheIdleTime_withoutData() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setKeepAlive(QUICK);
      s.afterMillis(1999);
      s.expectNothing();
      s.afterMillis(1);
      s.expect(". 0:0(0) ack 1");
      assertEquals(1, s.counter(Counter.TCP_KEEP_ALIVE));
    }
  }

  @Test
  @Requirement("TCP-088")
  void shouldWaitTwoHours_whenNothingElseIsSaid() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setKeepAlive(KeepAlive.DEFAULT);
      s.afterMillis(Duration.ofHours(2).toMillis() - 1);
      s.expectNothing();
      s.afterMillis(1);
      s.expect(". 0:0(0) ack 1");
    }
  }

  @Test
  @Requirement("TCP-089")
  void shouldLive_whenAnyProbeIsAnswered() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setKeepAlive(QUICK);
      s.afterMillis(4000);
      assertEquals(3, s.drain().size());
      s.inject(". 1:1(0) ack 1 win 65535");
      s.afterMillis(1999);
      s.expectNothing();
      s.expectState(TcpState.ESTABLISHED);
      s.afterMillis(1);
      s.expect(". 0:0(0) ack 1");
    }
  }

  @Test
  void shouldGiveUp_whenNoProbeIsAnswered() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setKeepAlive(QUICK);
      s.afterMillis(5000);
      assertEquals(4, s.drain().size(), "three probes and a RST");
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.TIMED_OUT, s.app.closed);
    }
  }

  @Test
  void shouldCountFromTheLastSegmentThatCame() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setKeepAlive(QUICK);
      s.afterMillis(1500);
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.afterMillis(1999);
      s.expect(". 1:1(0) ack 11");
      s.expectNothing();
      s.afterMillis(1);
      s.expect(". 0:0(0) ack 11");
    }
  }

  @Test
  void shouldNotBeKeptAlive_byWhatAStrangerSends() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setKeepAlive(QUICK);
      s.afterMillis(1500);
      s.inject("R 10000000:10000000(0)");
      s.inject("P. 10000000:10000010(10) ack 1 win 65535");
      s.drain();
      s.afterMillis(500);
      s.expect(". 0:0(0) ack 1");
    }
  }

  @Test
  void shouldStop_whenSwitchedOff() {
    try (TcpScript s = TcpScript.established()) {
      s.app.socket.setKeepAlive(QUICK);
      s.app.socket.setKeepAlive(null);
      s.after(Duration.ofHours(3));
      s.expectNothing();
    }
  }

  @Test
  void shouldRefuseSettingsThatMakeNoSense() {
    Duration second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> new KeepAlive(Duration.ZERO, second, 1));
    assertThrows(IllegalArgumentException.class, () -> new KeepAlive(second, second.negated(), 1));
    assertThrows(IllegalArgumentException.class, () -> new KeepAlive(second, second, 0));
  }
}
