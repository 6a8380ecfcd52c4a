package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The window we offer: its edges, its silly sizes, and how it opens again. */
class ReceiveWindowTest {
  /** A receive buffer of 4,000 bytes, not scaled, that nobody reads. */
  private static TcpScript small() {
    TcpScript s = TcpScript.established(TcpConfig.DEFAULT.withBuffers(1 << 16, 4000));
    s.app.readEagerly = false;
    return s;
  }

  private static void fill(TcpScript s) {
    s.inject(". 1:1461(1460) ack 1 win 65535");
    s.inject(". 1461:2921(1460) ack 1 win 65535");
    s.inject(". 2921:4001(1080) ack 1 win 65535");
    s.afterMillis(40);
    List<ScriptSegment> sent = s.drain();
    ScriptSegment last = sent.get(sent.size() - 1);
    assertEquals(4001, last.ack());
    assertEquals(0, last.win());
    assertEquals(0, s.info().rcvWndBytes());
  }

  @Test
  @Requirement("TCP-060")
  void shouldAdvertiseZero_whenTheBufferIsFull() {
    try (TcpScript s = small()) {
      fill(s);
      assertEquals(4000, s.info().unreadBytes());
      assertEquals(1, s.counter(Counter.TCP_TO_ZERO_WINDOW_ADV));
    }
  }

  @Test
  @Requirement("TCP-060")
  void shouldAcknowledgeAProbe_andNotKeepItsByte() {
    try (TcpScript s = small()) {
      fill(s);
      for (int i = 0; i < 10; i++) {
        s.inject(". 4001:4002(1) ack 1 win 65535");
        s.expect(". 1:1(0) ack 4001 win 0");
      }
      assertEquals(4000, s.info().unreadBytes());
    }
  }

  @Test
  void shouldSendAnUpdate_whenTheApplicationHasReadEverything() {
    try (TcpScript s = small()) {
      fill(s);
      s.readAll();
      s.expect(". 1:1(0) ack 4001 win 4000");
      s.expectReceived(4000);
      assertEquals(4000, s.info().rcvWndBytes());
      assertEquals(1, s.counter(Counter.TCP_FROM_ZERO_WINDOW_ADV));
      assertEquals(1, s.stack.counters().get(SendReason.WINDOW_UPDATE));
    }
  }

  @Test
  @Requirement("TCP-062")
  void shouldNotOfferSillyWindows_whenTheApplicationReadsLittleByLittle() {
    try (TcpScript s = small()) {
      fill(s);
      for (int read = 100; read <= 1400; read += 100) {
        s.read(100);
        s.expectNothing();
        s.inject(". 4001:4002(1) ack 1 win 65535");
        s.expect(". 1:1(0) ack 4001 win 0");
      }
      s.read(600);
      s.read(1000);
      List<ScriptSegment> update = s.drain();
      assertTrue(update.isEmpty() || update.get(0).win() >= 1460, update::toString);
    }
  }

  @Test
  void shouldOpenTheWindowAgain_whenItsUpdateWasLost() {
    try (TcpScript s = small()) {
      fill(s);
      s.readAll();
      s.drain();
      s.inject(". 4001:4002(1) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 4002 win 3999");
    }
  }

  @Test
  @Requirement("TCP-061")
  void shouldTakeARst_whileTheWindowIsZero() {
    try (TcpScript s = small()) {
      fill(s);
      s.inject("R 4001:4001(0)");
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.RESET, s.app.closed);
    }
  }

  @Test
  void shouldTakeAnAckAndUrg_whileTheWindowIsZero() {
    try (TcpScript s = small()) {
      s.write(100);
      s.drain();
      fill(s);
      s.inject("U. 4001:4001(0) ack 101 win 65535 urg 1");
      assertEquals(0, s.info().unackedBytes());
      s.write(100);
      s.expect("P. 101:201(100) ack 4001 win 0");
      s.inject(". 4001:4101(100) ack 201 win 65535");
      assertEquals(0, s.info().unackedBytes());
      assertEquals(4000, s.info().unreadBytes());
    }
  }

  @Test
  void shouldTakeAFin_whileTheWindowIsZero() {
    try (TcpScript s = small()) {
      fill(s);
      s.inject("F. 4001:4001(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 4002 win 0");
      s.expectState(TcpState.CLOSE_WAIT);
      s.readAll();
      s.expectReceived(4000);
      assertTrue(s.app.endSeen);
    }
  }

  @Test
  @Requirement("TCP-098")
  void shouldNeverMoveTheRightEdgeLeft_howeverPiecesAndReadsFall() {
    TcpConfig config = TcpConfig.DEFAULT.withBuffers(1 << 16, 300_000);
    SplittableRandom random = new SplittableRandom(7);
    try (TcpScript s = TcpScript.established(config, 65535, "mss 1460,wscale 7")) {
      s.app.readEagerly = false;
      int shift = 3;
      int next = 1;
      long edge = 1 + 65535;
      int zero = 0;
      for (int step = 0; step < 3000; step++) {
        int room = s.info().rcvWndBytes();
        int length = Math.min(room, 1000 + random.nextInt(460));
        if (length > 0) {
          s.inject(". " + next + ":" + (next + length) + "(" + length + ") ack 1 win 512");
          next += length;
        }
        if (random.nextInt(10) < 6 && s.info().unreadBytes() > 2000) {
          s.read(random.nextInt(2000));
        }
        for (ScriptSegment sent : s.drain()) {
          long newEdge = (long) sent.ack() + ((long) sent.win() << shift);
          assertTrue(newEdge >= edge, "step " + step + ": " + edge + " to " + newEdge);
          edge = newEdge;
          zero += sent.win() == 0 ? 1 : 0;
        }
      }
      assertTrue(zero > 0, "the window closed at times");
    }
  }

  @Test
  @Requirement("EXT-001")
  void shouldNotScale_whenThePeerDidNotOfferIt() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 0:1(1) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 win 65535");
      assertEquals(65535, s.info().rcvWndBytes());
    }
  }

  @Test
  void shouldOfferTheWholeBuffer_whenScaled() {
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,wscale 0")) {
      s.inject(". 0:1(1) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 win 8192");
      assertEquals(1 << 20, s.info().rcvWndBytes());
      assertEquals(65535, s.info().sndWndBytes());
    }
  }

  @Test
  @Requirement("EXT-001")
  void shouldTakeAShiftOf14_asItIs() {
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,wscale 14")) {
      assertEquals(65535 << 14, s.info().sndWndBytes());
      s.inject(". 1:1(0) ack 1 win 1");
      assertEquals(16384, s.info().sndWndBytes());
    }
  }

  @Test
  @Requirement("EXT-001")
  void shouldTakeAShiftOf15And255_as14() {
    for (int shift : new int[] {15, 255}) {
      try (TcpScript s =
          TcpScript.established(TcpConfig.DEFAULT, 1000, "mss 1460,wscale " + shift)) {
        assertEquals(1000 << 14, s.info().sndWndBytes());
      }
    }
  }

  @Test
  @Requirement("EXT-001")
  void shouldNotScaleTheWindowOfASynAck() {
    try (TcpScript s = TcpScript.connecting()) {
      s.drain();
      s.inject("S. 0:0(0) ack 1 win 1000 <mss 1460,wscale 7>");
      assertEquals(1000, s.info().sndWndBytes());
      s.inject(". 1:1(0) ack 1 win 1000");
      assertEquals(128_000, s.info().sndWndBytes());
    }
  }

  @Test
  void shouldNotScaleTheWindowOfASynAck_whenBothOpenAtOnce() {
    try (TcpScript s = TcpScript.connecting()) {
      s.drain();
      s.inject("S 0:0(0) win 1000 <mss 1460,wscale 7>");
      s.inject("S. 0:0(0) ack 1 win 1000 <mss 1460,wscale 7>");
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(1000, s.info().sndWndBytes());
    }
  }

  @Test
  void shouldNotLetSmallSegmentsPushTheEdge_whenScalingRoundsItUp() {
    TcpConfig config = TcpConfig.DEFAULT.withBuffers(1 << 16, 1 << 20);
    try (TcpScript s = TcpScript.established(config, 65535, "mss 1460,wscale 7")) {
      s.app.readEagerly = false;
      int next = 1;
      for (int step = 0; step < 1000 && s.info().rcvWndBytes() > 1460; step++) {
        s.inject(". " + next + ":" + (next + 1460) + "(1460) ack 1 win 512");
        next += 1460;
      }
      for (int step = 0; step < 20_000; step++) {
        int length = Math.min(31, s.info().rcvWndBytes() - 1);
        if (length > 0) {
          s.inject(". " + next + ":" + (next + length) + "(" + length + ") ack 1 win 512");
          next += length;
        }
        s.drain();
      }
      int limit = (1 << 20) + (1 << 17) + 64;
      assertTrue(s.info().unreadBytes() <= limit, s.info()::toString);
    }
  }
}
