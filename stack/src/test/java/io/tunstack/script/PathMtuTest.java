package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.wire.Ipv4View;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Path-MTU discovery (RFC 1191) with and without routers that tell. */
class PathMtuTest {
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @Test
  @Requirement("PMTU-001")
  void shouldSetDontFragment_onEverySegment() {
    try (TcpScript s = TcpScript.established()) {
      s.write(4000);
      s.inject("F. 1:1(0) ack 4001 win 65535");
      s.closeSocket();
      assertTrue(s.link.sent.size() >= 4, "text and acknowledgments");
      for (byte[] packet : s.link.sent) {
        assertTrue(dontFragment(packet));
      }
    }
  }

  private static boolean dontFragment(byte[] packet) {
    ByteBuf buffer = Unpooled.wrappedBuffer(packet);
    return Ipv4View.dontFragment(buffer, 0) && Ipv4View.identification(buffer, 0) == 0;
  }

  @Test
  @Requirement("PMTU-001")
  void shouldCutAnew_whenARouterSaysTooBig() {
    try (TcpScript s = TcpScript.established()) {
      s.write(4380);
      s.expect(". 1:1461(1460) ack 1");
      s.expect(". 1461:2921(1460) ack 1");
      s.expect("P. 2921:4381(1460) ack 1");
      s.injectTooBig(1000, 1, 1500);
      s.expect(". 1:961(960) ack 1");
      s.expect(". 961:1921(960) ack 1");
      s.expect(". 1921:2881(960) ack 1");
      s.expect(". 2881:3841(960) ack 1");
      s.expect("P. 3841:4381(540) ack 1");
      s.expectNothing();
      assertEquals(5, s.counterOf(SendReason.RETRANSMIT_PATH_MTU));
      assertEquals(0, s.counter(Counter.TCP_TIMEOUTS));
      assertEquals(1, s.counter(Counter.IP_PATH_MTU_REDUCED));
      s.inject(". 1:1(0) ack 4381 win 65535");
      s.write(1000);
      s.expect(". 4381:5341(960) ack 1");
      s.inject(". 1:1(0) ack 5341 win 65535");
      s.expect("P. 5341:5381(40) ack 1");
    }
  }

  @Test
  void shouldGoOnCutting_whenTheNextLinkIsNarrowerStill() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1460);
      s.expect("P. 1:1461(1460) ack 1");
      s.injectTooBig(1000, 1, 1500);
      s.expect(". 1:961(960) ack 1");
      s.expect("P. 961:1461(500) ack 1");
      s.injectTooBig(800, 1, 1000);
      s.expect(". 1:761(760) ack 1");
      s.expect("P. 761:1461(700) ack 1");
      s.expectNothing();
    }
  }

  @Test
  void shouldCutOnce_whenEverySegmentInFlightIsComplainedAbout() {
    try (TcpScript s = TcpScript.established()) {
      s.write(4380);
      s.drain();
      s.injectTooBig(1000, 1, 1500);
      assertEquals(5, s.drain().size());
      s.injectTooBig(1000, 1461, 1500);
      s.injectTooBig(1000, 2921, 1500);
      s.expectNothing();
    }
  }

  @Test
  void shouldKeepTheCongestionWindow_becauseNothingWasCongested() {
    try (TcpScript s = TcpScript.established()) {
      s.write(4000);
      s.drain();
      int before = s.info().cwndBytes();
      s.injectTooBig(1000, 1, 1500);
      assertEquals(before, s.info().cwndBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 68, 551})
  @Requirement("PMTU-002")
  void shouldNotGoBelowTheFloor_butLetRoutersCut(int mtu) {
    try (TcpScript s = TcpScript.established()) {
      s.write(1460);
      s.drain();
      s.injectTooBig(mtu, 1, 1500);
      assertTrue(!dontFragment(s.link.sent.peek()), "may be cut");
      s.expect(". 1:513(512) ack 1");
      s.expect(". 513:1025(512) ack 1");
      s.expect("P. 1025:1461(436) ack 1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1500, 1501, 65_535})
  @Requirement("PMTU-002")
  void shouldIgnoreASizeThatIsNoSmaller(int mtu) {
    try (TcpScript s = TcpScript.established()) {
      s.write(1460);
      s.drain();
      s.injectTooBig(mtu, 1, 1500);
      s.expectNothing();
      assertEquals(1460, s.info().smssBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 4001, 100_000, Integer.MIN_VALUE})
  @Requirement("PMTU-003")
  void shouldIgnoreWhoQuotesWhatIsNotInFlight(int seq) {
    try (TcpScript s = TcpScript.established()) {
      s.write(4000);
      s.drain();
      s.injectTooBig(1000, seq, 1500);
      s.expectNothing();
      assertEquals(1460, s.info().smssBytes());
      assertEquals(1, s.drops(DropReason.ICMP_IGNORED));
    }
  }

  @Test
  @Requirement("PMTU-004")
  void shouldTakeAPlateau_whenAnOldRouterTellsNoSize() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1460);
      s.drain();
      s.injectTooBig(0, 1, 1500);
      s.expect(". 1:1453(1452) ack 1");
      s.expect("P. 1453:1461(8) ack 1");
    }
  }

  @Test
  @Requirement("PMTU-005")
  void shouldTryLargerSegmentsAgain_afterTenMinutes() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1460);
      s.drain();
      s.injectTooBig(1000, 1, 1500);
      s.inject(". 1:1(0) ack 1461 win 65535");
      s.drain();
      s.after(TEN_MINUTES.minusSeconds(1));
      s.write(960);
      s.expect("P. 1461:2421(960) ack 1");
      s.inject(". 1:1(0) ack 2421 win 65535");
      s.after(Duration.ofSeconds(2));
      s.write(1460);
      s.expect("P. 2421:3881(1460) ack 1");
    }
  }

  @Test
  void shouldTellOtherConnectionsToTheSameHost() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1460);
      s.drain();
      s.injectTooBig(1000, 1, 1500);
      s.drain();
      s.peerPort = 40_001;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      // In the numbering of the first connection.
      int other = s.drain().get(0).seq();
      s.inject(". 1:1(0) ack " + (other + 1) + " win 65535");
      assertEquals(960, s.info().smssBytes());
    }
  }

  @Test
  @Requirement({"PMTU-006", "PMTU-008"})
  void shouldSendSmaller_whenThePathSwallowsFullSegments() {
    try (TcpScript s = TcpScript.established()) {
      s.write(2920);
      s.drain();
      s.afterMillis(200);
      s.expect(". 1:1461(1460) ack 1");
      s.afterMillis(400);
      s.expect(". 1:1461(1460) ack 1");
      s.afterMillis(800);
      s.expect(". 1:1161(1160) ack 1");
      assertEquals(1, s.counter(Counter.TCP_BLACK_HOLE));
      s.inject(". 1:1(0) ack 1161 win 65535");
      s.expect(". 1161:2321(1160) ack 1");
      s.expect("P. 2321:2921(600) ack 1");
      s.inject(". 1:1(0) ack 2921 win 65535");
      s.write(1160);
      s.expect("P. 2921:4081(1160) ack 1");
    }
  }

  @Test
  @Requirement("PMTU-007")
  void shouldAnnounceTheLinksSize_andSendThePaths() {
    try (TcpScript s = new TcpScript(TcpConfig.DEFAULT, 1280)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1 <mss 1240>");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.write(1240);
      s.expect("P. 1:1241(1240) ack 1");
    }
  }
}
