package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Every number of the snapshot, where the wire says what it must be. */
class InfoTest {
  private static final long MILLI = 1_000_000;

  @Test
  void shouldTellWhatWasAgreed() {
    try (TcpScript s =
        TcpScript.established(
            TcpConfig.DEFAULT, 1000, "mss 1200,sackOK,TS val 100 ecr 0,wscale 9")) {
      TcpInfo info = s.info();
      assertEquals(TcpState.ESTABLISHED, info.state());
      assertTrue(info.windowScaling() && info.timestamps() && info.sackPermitted());
      assertEquals(9, info.sndWndShift());
      assertEquals(7, info.rcvWndShift());
      assertEquals(1000 << 9, info.sndWndBytes());
      assertEquals(1188, info.smssBytes());
      assertEquals(1500, info.pmtuBytes());
      assertEquals(11_880, info.cwndBytes());
      assertEquals(Integer.MAX_VALUE, info.ssthreshBytes());
      assertEquals("cubic", info.congestionControl());
      assertEquals(40_000, info.tuple().remotePort());
    }
  }

  @Test
  void shouldTellThatNothingWasAgreed() {
    try (TcpScript s = TcpScript.established()) {
      TcpInfo info = s.info();
      assertTrue(!info.windowScaling() && !info.timestamps() && !info.sackPermitted());
      assertEquals(0, info.sndWndShift());
      assertEquals(0, info.rcvWndShift());
      assertEquals(65_535, info.sndWndBytes());
      assertEquals(65_535, info.rcvWndBytes());
      assertEquals(1460, info.smssBytes());
    }
  }

  @Test
  void shouldTellTheRoundTrip() {
    TcpConfig quick = TcpConfig.DEFAULT.toBuilder().minRto(Duration.ofMillis(10)).build();
    try (TcpScript s = new TcpScript(quick, 1500)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>").expect("S. 0:0(0) ack 1");
      s.afterMillis(80).inject(". 1:1(0) ack 1 win 65535");
      // RFC 6298 §2.2: the first sample, half of it, and the sum with four of those.
      assertEquals(80 * MILLI, s.info().srttNanos());
      assertEquals(40 * MILLI, s.info().rttvarNanos());
      assertEquals(240 * MILLI, s.info().rtoNanos());
      s.write(100).afterMillis(160).inject(". 1:1(0) ack 101 win 65535");
      // §2.3: 3/4 · 40 + 1/4 · |80 − 160| and 7/8 · 80 + 1/8 · 160.
      assertEquals(50 * MILLI, s.info().rttvarNanos());
      assertEquals(90 * MILLI, s.info().srttNanos());
      assertEquals(290 * MILLI, s.info().rtoNanos());
    }
  }

  @Test
  void shouldCountWhatIsWhere() {
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT.withBuffers(20_000, 10_000))) {
      s.app.readEagerly = false;
      s.inject(". 1:1(0) ack 1 win 3000");
      s.write(5000);
      assertEquals(2920, s.info().unackedBytes());
      assertEquals(2080, s.info().unsentBytes());
      assertEquals(2920, s.app.socket.unacknowledged());
      assertEquals(2080, s.app.socket.unsent());
      s.inject("P. 1:101(100) ack 1461 win 3000");
      assertEquals(2920, s.info().unackedBytes());
      assertEquals(620, s.info().unsentBytes());
      assertEquals(100, s.info().unreadBytes());
      assertEquals(9900, s.info().rcvWndBytes());
      s.closeOutput();
      s.inject(". 101:101(0) ack 4381 win 3000");
      s.drain();
      s.inject(". 101:101(0) ack 5001 win 3000");
      assertEquals(0, s.info().unackedBytes(), "a FIN in flight is no text");
      assertEquals(0, s.info().unsentBytes());
      assertEquals(TcpState.FIN_WAIT_1, s.info().state());
    }
  }

  @Test
  void shouldTellOfLosses() {
    try (TcpScript s = TcpScript.established()) {
      s.write(14_600);
      s.drain();
      assertEquals(0, s.info().lostBytes());
      s.afterMillis(250);
      s.drain();
      TcpInfo info = s.info();
      assertEquals(1, info.retransmits());
      assertEquals(1460, info.cwndBytes());
      assertEquals(10_220, info.ssthreshBytes());
      assertEquals(14_600, info.unackedBytes());
      assertEquals(14_600 - 1460, info.lostBytes(), "all but what was sent again");
      assertEquals(400 * MILLI, info.rtoNanos(), "the least there is, twice");
    }
  }
}
