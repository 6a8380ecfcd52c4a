package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.net.TcpSocket;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.ConnectionOptions;
import io.tunstack.tcp.KeepAlive;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What options do on the wire. */
class OptionsTest {
  private static final TcpConfig PLAIN = TcpScript.PATIENT.withExtensions(false, false, false);

  /** A connection in ESTABLISHED whose listener was told something first. */
  private static TcpScript accepted(
      TcpConfig config, UnaryOperator<ConnectionOptions> change, String synOptions) {
    TcpScript s = new TcpScript(config, 1500);
    s.listener.setOptions(change.apply(s.listener.options()));
    s.inject("S 0:0(0) win 65535 <" + synOptions + ">");
    return s;
  }

  private static void change(TcpScript s, UnaryOperator<ConnectionOptions> change) {
    s.app.socket.setOptions(change.apply(s.app.socket.options()));
    s.settle();
  }

  // ---- segment size ------------------------------------------------------------------------

  @Test
  void shouldOfferAndKeepToTheSegmentSize_ofTheListener() {
    try (TcpScript s = accepted(PLAIN, o -> o.withMaxSegment(500), "mss 1460")) {
      s.expect("S. 0:0(0) ack 1 <mss 500>");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.write(1200);
      s.expect(". 1:501(500) ack 1").expect(". 501:1001(500) ack 1");
      s.expect("P. 1001:1201(200) ack 1");
      s.expectNothing();
    }
  }

  @Test
  void shouldKeepToThePeersSegmentSize_whenThatIsLess() {
    try (TcpScript s = accepted(PLAIN, o -> o.withMaxSegment(500), "mss 300")) {
      s.expect("S. 0:0(0) ack 1 <mss 500>");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.write(300);
      s.expect("P. 1:301(300) ack 1");
    }
  }

  @Test
  void shouldOfferTheSegmentSize_whenConnecting() {
    try (TcpScript s = new TcpScript(PLAIN, 1500)) {
      s.peerPort = 8080;
      s.app.socket =
          s.sockets.connect(
              new InetSocketAddress("10.77.0.2", 0),
              new InetSocketAddress(new IpAddress(TcpScript.PEER).toInetAddress(), 8080),
              s.sockets.options().withMaxSegment(700),
              s.app);
      s.localPort = s.app.socket.localAddress().getPort();
      s.expect("S 0:0(0) <mss 700>");
    }
  }

  @Test
  void shouldSendSmallerSegments_fromTheChangeOn() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      change(s, o -> o.withMaxSegment(1000));
      s.write(2000);
      s.expect(". 1:1001(1000) ack 1").expect("P. 1001:2001(1000) ack 1");
      assertEquals(1000, s.info().smssBytes());
      change(s, o -> o.withMaxSegment(1400));
      assertEquals(1000, s.info().smssBytes(), "the peer's buffers were told otherwise");
    }
  }

  // ---- linger ------------------------------------------------------------------------------

  @Test
  void shouldResetAtOnce_whenThereIsNoTimeToLinger() {
    try (TcpScript s = TcpScript.established()) {
      change(s, o -> o.withLinger(Optional.of(Duration.ZERO)));
      s.write(100).expect("P. 1:101(100) ack 1");
      s.closeSocket();
      s.expect("R. 101:101(0) ack 1");
      s.expectState(TcpState.CLOSED);
      assertEquals(1, s.counterOf(SendReason.RST_LINGER));
      assertEquals(CloseReason.ABORTED, s.app.closed);
    }
  }

  @Test
  void shouldReset_whenTheTimeToLingerIsOver() {
    try (TcpScript s = TcpScript.established()) {
      change(s, o -> o.withLinger(Optional.of(Duration.ofMillis(150))));
      s.write(100).expect("P. 1:101(100) ack 1");
      s.closeSocket().expect("F. 101:101(0) ack 1");
      s.inject(". 1:1(0) ack 101 win 65535");
      s.afterMillis(149).expectNothing().expectState(TcpState.FIN_WAIT_1);
      s.afterMillis(2).expect("R. 102:102(0) ack 1");
      assertEquals(1, s.counterOf(SendReason.RST_LINGER));
    }
  }

  @Test
  void shouldNotReset_whenAllIsAcknowledgedInTime() {
    try (TcpScript s = TcpScript.established()) {
      change(s, o -> o.withLinger(Optional.of(Duration.ofMillis(150))));
      s.closeSocket().expect("F. 1:1(0) ack 1");
      s.inject(". 1:1(0) ack 2 win 65535");
      s.afterMillis(500).expectNothing().expectState(TcpState.FIN_WAIT_2);
      s.inject("F. 1:1(0) ack 2 win 65535").expect(". 2:2(0) ack 2");
      s.expectState(TcpState.TIME_WAIT);
    }
  }

  // ---- buffers -----------------------------------------------------------------------------

  @Test
  void shouldOfferTheWindowAndTheScale_ofTheListener() {
    try (TcpScript s =
        accepted(
            TcpConfig.DEFAULT.withExtensions(false, true, false),
            o -> o.withBuffers(10_000, 4 << 20),
            "mss 1460,wscale 0")) {
      s.expect("S. 0:0(0) ack 1 win 65535 <mss 1460,wscale 7>");
      s.inject(". 1:1(0) ack 1 win 65535");
      assertEquals(10_000, s.app.socket.writable());
      // What a SYN can offer is little of such a buffer, so the rest is offered with the first
      // text.
      s.inject("P. 1:1461(1460) ack 1 win 65535").expect(". 1:1(0) ack 1461 win 32768");
    }
  }

  @Test
  void shouldKeepToTheScaleOfItsSyn_whenTheBufferChangesBeforeTheAnswer() {
    try (TcpScript s = TcpScript.connecting(TcpConfig.DEFAULT.withBuffers(10_000, 1 << 20))) {
      s.expect("S 0:0(0) win 65535 <mss 1460,sackOK,TS,wscale 5>");
      s.app.socket.setOptions(s.app.socket.options().withBuffers(10_000, 4 << 20));
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460,wscale 0>");
      assertEquals(5, s.info().rcvWndShift());
      s.drain();
    }
  }

  /** The window after the peer has sent, and the application read, ever more a round trip. */
  private static int windowAfterReading(TcpScript s) {
    int at = 1;
    for (int round = 1; round <= 8; round++) {
      for (int i = 0; i < 8 * round && s.info().rcvWndBytes() >= 1460; i++) {
        s.inject(". " + at + ":" + (at + 1460) + "(1460) ack 1 win 65535");
        at += 1460;
      }
      s.afterMillis(20).drain();
    }
    return s.info().rcvWndBytes();
  }

  @Test
  void shouldGrow_onlyWhenTheApplicationLeavesTheBufferToTheStack() {
    TcpConfig scaling = TcpConfig.DEFAULT.withExtensions(false, true, false);
    TcpConfig small = scaling.toBuilder().receiveBufferBytes(60_000).build();
    TcpConfig growing = small.toBuilder().maxReceiveBufferBytes(1 << 20).build();
    try (TcpScript s = accepted(growing, o -> o, "mss 1460,wscale 0")) {
      s.inject(". 1:1(0) ack 1 win 65535").drain();
      int grown = windowAfterReading(s);
      assertTrue(grown > 90_000, "window " + grown);
      change(s, o -> o.withNoDelay(true));
      s.inject("P. 250000:250010(10) ack 1 win 65535").drain();
      assertTrue(s.info().rcvWndBytes() >= grown, "another option is no reason to shrink");
    }
    try (TcpScript s = accepted(growing, o -> o.withBuffers(10_000, 61_000), "mss 1460,wscale 0")) {
      s.inject(". 1:1(0) ack 1 win 65535").drain();
      int kept = windowAfterReading(s);
      assertTrue(kept <= 65_535, "window " + kept);
    }
  }

  @Test
  void shouldTellThePeer_whenTheBufferGrows() {
    try (TcpScript s = TcpScript.established(PLAIN.withBuffers(10_000, 4000))) {
      s.app.readEagerly = false;
      s.inject(". 1:1501(1500) ack 1 win 65535").inject("P. 1501:3001(1500) ack 1 win 65535");
      s.expect(". 1:1(0) ack 3001 win 1000");
      change(s, o -> o.withBuffers(10_000, 20_000));
      s.expect(". 1:1(0) ack 3001 win 17000");
    }
  }

  @Test
  void shouldNotTakeBackWhatWasOffered_whenTheBufferShrinks() {
    try (TcpScript s = TcpScript.established(PLAIN.withBuffers(10_000, 20_000))) {
      change(s, o -> o.withBuffers(10_000, 5_000));
      s.expectNothing();
      s.inject("P. 1:1461(1460) ack 1 win 65535").inject("P. 1461:2921(1460) ack 1 win 65535");
      s.expect(". 1:1(0) ack 2921 win 17080");
      s.app.readEagerly = false;
      for (int at = 2921; at < 14_000; at += 1460) {
        s.inject("P. " + at + ":" + (at + 1460) + "(1460) ack 1 win 65535");
      }
      List<ScriptSegment> acks = s.drain();
      assertTrue(acks.stream().allMatch(ack -> ack.ack() + ack.win() == 20_001), acks::toString);
      s.readAll().drain();
      assertEquals(5400, s.info().rcvWndBytes(), "still the old edge");
      s.inject(". 14601:16061(1460) ack 1 win 65535").inject(". 16061:17521(1460) ack 1 win 65535");
      s.expect(". 1:1(0) ack 17521 win 2480");
      s.readAll().expect(". 1:1(0) ack 17521 win 5000");
    }
  }

  @Test
  void shouldBeWritableAgain_whenTheSendBufferGrows() {
    try (TcpScript s = TcpScript.established(PLAIN.withBuffers(2000, 20_000))) {
      s.write(5000);
      s.drain();
      assertEquals(2000, s.app.written);
      assertEquals(0, s.app.socket.writable());
      change(s, o -> o.withBuffers(10_000, 20_000));
      assertEquals(8000, s.app.socket.writable());
      assertEquals(List.of("connected", "writable"), s.app.events);
      change(s, o -> o.withBuffers(1500, 20_000));
      assertEquals(0, s.app.socket.writable());
      assertEquals(2000, s.app.socket.unacknowledged() + s.app.socket.unsent());
    }
  }

  // ---- the rest ----------------------------------------------------------------------------

  @Test
  void shouldProbeAcceptedConnections_whenTheListenerSaysSo() {
    KeepAlive soon = new KeepAlive(Duration.ofSeconds(5), Duration.ofSeconds(1), 2);
    try (TcpScript s = accepted(PLAIN, o -> o.withKeepAlive(Optional.of(soon)), "mss 1460")) {
      s.expect("S. 0:0(0) ack 1");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.after(Duration.ofMillis(4900)).expectNothing();
      s.after(Duration.ofMillis(200)).expect(". 0:0(0) ack 1");
      s.after(Duration.ofSeconds(3)).drain();
      assertEquals(CloseReason.TIMED_OUT, s.app.closed);
    }
  }

  @Test
  void shouldMarkFromTheSynOn_whenTheListenerSaysSo() {
    try (TcpScript s = accepted(PLAIN, o -> o.withDscp(46), "mss 1460")) {
      assertEquals(46 << 2, s.link.sent.element()[1] & 0xff);
      s.drain();
    }
  }

  @Test
  void shouldKeepTheWindow_whenCongestionControlIsChosenAnew() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      int before = s.info().cwndBytes();
      change(s, o -> o.withCongestionControl("NewReno"));
      assertEquals(before, s.info().cwndBytes());
      assertEquals("newreno", s.info().congestionControl());
    }
  }

  @Test
  void shouldStartWithTheWindowThatTheStackIsSetTo() {
    TcpConfig three = PLAIN.toBuilder().initialWindowSegments(3).build();
    try (TcpScript s = TcpScript.established(three)) {
      s.write(20_000);
      assertEquals(3, s.drain().size());
    }
  }

  @Test
  void shouldDoNothing_whenTheConnectionHasEnded() {
    try (TcpScript s = TcpScript.established(PLAIN)) {
      TcpSocket socket = s.app.socket;
      s.inject("R 1:1(0)");
      KeepAlive soon = new KeepAlive(Duration.ofSeconds(5), Duration.ofSeconds(1), 2);
      socket.setOptions(
          socket.options().withKeepAlive(Optional.of(soon)).withNoDelay(true).withMaxSegment(100));
      s.after(Duration.ofSeconds(60)).expectNothing();
    }
  }
}
