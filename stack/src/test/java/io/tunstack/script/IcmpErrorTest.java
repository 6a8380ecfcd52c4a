package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ICMP errors about segments: RFC 9293 §3.9.2.2 and RFC 5927. */
class IcmpErrorTest {
  @Test
  @Requirement("TCP-110")
  void shouldEndAnOpen_whenThePortIsUnreachable() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.injectUnreachable(3, 0);
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.REFUSED, s.app.closed);
    }
  }

  @Test
  @Requirement("TCP-109")
  void shouldTellTheSoftError_whenTheOpenTimesOut() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.injectUnreachable(1, 0);
      s.expectState(TcpState.SYN_SENT);
      s.after(TcpConfig.DEFAULT.synTimeout());
      assertEquals(CloseReason.UNREACHABLE, s.app.closed);
    }
  }

  @Test
  @Requirement("SEC-015")
  void shouldSurviveHardErrors_whenEstablished() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1000);
      s.expect("P. 1:1001(1000) ack 1");
      for (int code = 0; code <= 15; code++) {
        s.injectUnreachable(code, 1);
      }
      s.inject(". 1:1(0) ack 1001 win 65535");
      s.expectState(TcpState.ESTABLISHED);
      s.write(10);
      s.expect("P. 1001:1011(10) ack 1");
    }
  }

  @Test
  @Requirement("SEC-014")
  void shouldIgnoreAnErrorAboutWhatIsNotInFlight() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
      s.injectUnreachable(3, 1);
      s.injectUnreachable(3, -1);
      s.expectState(TcpState.SYN_SENT);
      assertEquals(2, s.drops(DropReason.ICMP_IGNORED));
    }
  }

  @Test
  @Requirement({"TCP-028", "TCP-084"})
  void shouldGoOnWithATransfer_whateverIcmpSaysAboutIt() {
    try (TcpScript s = TcpScript.established()) {
      s.write(4380);
      assertEquals(3, s.drain().size());
      int before = s.info().cwndBytes();
      int[][] errors = {
        {3, 0}, {3, 1}, {3, 5}, {3, 6}, {3, 7}, {11, 0}, {11, 1}, {12, 0}, {4, 0}, {4, 0}, {4, 0}
      };
      for (int[] error : errors) {
        s.injectIcmp(error[0], error[1], 1);
        s.injectIcmp(error[0], error[1], 2921);
      }
      assertEquals(before, s.info().cwndBytes(), "a quench is discarded");
      s.expectState(TcpState.ESTABLISHED);
      s.inject(". 1:1(0) ack 4381 win 65535");
      s.write(10);
      s.expect("P. 4381:4391(10) ack 1");
    }
  }

  @Test
  @Requirement("TCP-079")
  void shouldTellSoftErrorsAtOnce_andGoOn() {
    try (TcpScript s = TcpScript.established()) {
      s.write(100);
      s.injectUnreachable(1, 1);
      assertEquals(List.of("connected", "trouble UNREACHABLE"), s.app.events);
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  void shouldTellTheSoftError_whenTheConnectionTimesOut() {
    try (TcpScript s = TcpScript.established()) {
      s.write(100);
      s.injectUnreachable(1, 1);
      s.after(TcpConfig.DEFAULT.userTimeout().multipliedBy(2));
      assertEquals(CloseReason.UNREACHABLE, s.app.closed);
    }
  }

  @Test
  void shouldReturnToListen_onAHardErrorInSynReceived() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      s.injectUnreachable(1, 0);
      s.expectState(TcpState.SYN_RECEIVED);
      s.injectUnreachable(3, 0);
      s.expectState(TcpState.CLOSED);
      assertEquals(0, s.stack.tcp().connectionCount());
    }
  }
}
