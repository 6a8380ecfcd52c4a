package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.requirement.Requirement;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Urgent data: delivered in line, announced, its end known (RFC 9293 §3.8.5, RFC 6093). */
class UrgentTest {
  @Test
  @Requirement("TCP-086")
  void shouldAnnounceUrgentData_andDeliverItInLine() {
    try (TcpScript s = TcpScript.established()) {
      s.app.readEagerly = false;
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.inject("PU. 11:21(10) ack 1 win 65535 urg 5");
      assertEquals(List.of("connected", "urgent 15"), s.app.events);
      s.read(12);
      assertEquals(3, s.app.socket.urgentRemaining());
      s.readAll();
      assertEquals(0, s.app.socket.urgentRemaining());
      s.expectReceived(20);
    }
  }

  @Test
  void shouldAnnounceItAgain_onlyWhenThePointerAdvances() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("U. 1:11(10) ack 1 win 65535 urg 40000");
      s.inject("U. 11:21(10) ack 1 win 65535 urg 39990");
      s.inject("U. 21:31(10) ack 1 win 65535 urg 30000");
      s.inject("U. 31:41(10) ack 1 win 65535 urg 39980");
      assertEquals(List.of("connected", "urgent 40000", "urgent 39980"), s.app.events);
      s.expectReceived(40);
    }
  }

  @Test
  void shouldNotAnnounceWhatWasRead_norWithoutTheFlag() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:11(10) ack 1 win 65535 urg 10");
      s.inject("U. 1:1(0) ack 1 win 65535 urg 9");
      s.inject("U. 11:11(0) ack 1 win 65535 urg 0");
      assertEquals(List.of("connected"), s.app.events);
    }
  }

  @Test
  void shouldAnnounceItInFinWait_andNotBehindAFin() {
    try (TcpScript s = TcpScript.established()) {
      s.closeOutput();
      s.inject("U. 1:2(1) ack 2 win 65535 urg 5");
      assertEquals(List.of("connected", "urgent 5"), s.app.events);
    }
    try (TcpScript s = TcpScript.established()) {
      s.inject("F. 1:1(0) ack 1 win 65535");
      s.inject("U. 2:2(0) ack 1 win 65535 urg 5");
      assertEquals(List.of("connected", "end"), s.app.events);
      s.expectState(TcpState.CLOSE_WAIT);
    }
  }

  @Test
  @Requirement("TCP-061")
  void shouldAnnounceIt_whileTheWindowIsZero() {
    TcpConfig small = TcpConfig.DEFAULT.withBuffers(1 << 16, 4000);
    try (TcpScript s = TcpScript.established(small)) {
      s.app.readEagerly = false;
      for (int at = 1; at < 4001; at += 1000) {
        s.inject(". " + at + ":" + (at + 1000) + "(1000) ack 1 win 65535");
      }
      assertEquals(0, s.info().rcvWndBytes());
      s.inject("U. 4001:4001(0) ack 1 win 65535 urg 7");
      assertEquals(List.of("connected", "urgent 4007"), s.app.events);
    }
  }
}
