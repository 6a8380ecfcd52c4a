package io.tunstack.script;

import static io.tunstack.script.SackRecoveryTest.ack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.tcp.EcnMode;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.wire.TcpView;
import org.junit.jupiter.api.Test;

/** Explicit congestion notification (RFC 3168). */
@Requirement("EXT-023")
class EcnTest {
  private static final TcpConfig ALWAYS = TcpConfig.DEFAULT.toBuilder().ecn(EcnMode.ALWAYS).build();
  private static final TcpConfig OFF = TcpConfig.DEFAULT.toBuilder().ecn(EcnMode.OFF).build();

  /** A connection whose peer has asked for ECN. */
  private static TcpScript agreed() {
    return agreed(new TcpScript());
  }

  private static TcpScript agreed(TcpScript s) {
    s.inject("SEW 0:0(0) win 65535 <mss 1000,sackOK>");
    s.expect("SE. 0:0(0) ack 1");
    s.inject(". 1:1(0) ack 1 win 65535");
    return s;
  }

  @Test
  void shouldAgree_whenAsked_andMarkNewDataOnly() {
    try (TcpScript s = agreed()) {
      s.write(2000);
      assertEquals(0b10, s.typeOfService());
      s.drain();
      s.inject(". 1:101(100) ack 1 win 65535");
      s.inject(". 201:301(100) ack 1 win 65535");
      assertEquals(0, s.typeOfService(), "an acknowledgment");
      s.drain();
      s.afterMillis(1_000);
      assertEquals(0, s.typeOfService(), "a retransmission");
    }
  }

  @Test
  @Requirement("EXT-017")
  void shouldNotAgree_whenNotAsked_orAskedWrongly_orSwitchedOff() {
    for (String syn : new String[] {"S", "SE", "SW"}) {
      try (TcpScript s = new TcpScript()) {
        s.inject(syn + " 0:0(0) win 65535 <mss 1000>");
        s.expect("S. 0:0(0) ack 1");
      }
    }
    try (TcpScript s = new TcpScript(OFF, 1500)) {
      s.inject("SEW 0:0(0) win 65535 <mss 1000>");
      s.expect("S. 0:0(0) ack 1");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.write(100);
      assertEquals(0, s.typeOfService());
    }
  }

  @Test
  void shouldAsk_onlyWhenToldTo_andNotInASecondSyn() {
    try (TcpScript s = TcpScript.connecting(ALWAYS)) {
      assertEquals(0, s.typeOfService());
      s.expect("SEW 0:0(0)");
      s.afterMillis(1_000);
      s.expect("S 0:0(0)");
      s.inject("SE. 0:0(0) ack 1 win 65535 <mss 1000>");
      s.expect(". 1:1(0) ack 1");
      s.write(100);
      assertEquals(0b10, s.typeOfService());
    }
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0)");
    }
  }

  @Test
  void shouldNotBeFooledByASynAckThatMirrorsBothFlags() {
    try (TcpScript s = TcpScript.connecting(ALWAYS)) {
      s.drain();
      s.inject("SEW. 0:0(0) ack 1 win 65535 <mss 1000>");
      s.drain();
      s.write(100);
      assertEquals(0, s.typeOfService());
    }
  }

  @Test
  @Requirement("EXT-015")
  void shouldEchoAMark_atOnceAndUntilThePeerHasSlowedDown() {
    try (TcpScript s = agreed()) {
      s.injectMarked(". 1:101(100) ack 1 win 65535");
      s.expect("E. 1:1(0) ack 101");
      s.inject(". 101:201(100) ack 1 win 65535");
      s.afterMillis(40);
      s.expect("E. 1:1(0) ack 201");
      s.inject("W. 201:301(100) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 301");
    }
  }

  @Test
  @Requirement("EXT-016")
  void shouldReduceTheWindowOnce_andSaySo() {
    try (TcpScript s = agreed()) {
      s.write(10_000);
      assertEquals(10, s.drain().size());
      s.write(30_000);
      s.inject("E" + ack(1));
      int ssthresh = s.info().ssthreshBytes();
      assertEquals(7_000, ssthresh, "of ten segments in flight (RFC 9438 §4.6)");
      for (int i = 2; i <= 9; i++) {
        s.inject("E" + ack(i));
      }
      assertEquals(ssthresh, s.info().ssthreshBytes(), "once a round trip");
      assertEquals(ssthresh, s.info().cwndBytes(), 1000);
      assertEquals(0, s.info().retransmits());
      assertTrue((s.drain().get(0).flagBits() & TcpView.CWR) != 0);
    }
  }

  @Test
  @Requirement("EXT-016")
  void shouldReduceWhatWasInUse_asForALoss_byTheAlgorithmsOwnShare() {
    TcpConfig reno = TcpConfig.DEFAULT.toBuilder().congestionControl("newreno").build();
    try (TcpScript s = agreed(new TcpScript(reno, 1500))) {
      s.write(10_000);
      s.drain();
      s.inject("E" + ack(1));
      assertEquals(5_000, s.info().ssthreshBytes(), "half (RFC 3168 §6.1.2, RFC 5681 §3.1)");
    }
    try (TcpScript s = agreed()) {
      s.write(4_000);
      s.drain();
      s.inject("E" + ack(1));
      assertEquals(2_800, s.info().ssthreshBytes(), "ten were allowed, but four in flight");
    }
    try (TcpScript s = agreed()) {
      s.write(1_000);
      s.drain();
      s.inject("E" + ack(1));
      assertEquals(2_000, s.info().ssthreshBytes(), "never below two segments");
    }
  }

  @Test
  @Requirement("EXT-016")
  void shouldReduceOnceMore_whenALaterWindowIsMarkedToo() {
    try (TcpScript s = agreed()) {
      s.write(10_000);
      s.drain();
      s.write(30_000);
      s.inject("E" + ack(1));
      int once = s.info().ssthreshBytes();
      s.inject(ack(10));
      s.drain();
      s.inject("E" + ack(12));
      assertTrue(s.info().ssthreshBytes() < once, s.info()::toString);
    }
  }

  @Test
  @Requirement("EXT-017")
  void shouldNotEchoAMark_whenNothingWasAgreed() {
    try (TcpScript s = TcpScript.established()) {
      s.injectMarked(". 1:101(100) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 101");
    }
  }

  @Test
  @Requirement("EXT-017")
  void shouldIgnoreAnEcho_whenNothingWasAgreed() {
    try (TcpScript s = TcpScript.established()) {
      s.write(10_000);
      s.drain();
      s.inject("E. 1:1(0) ack 1461 win 65535");
      assertEquals(Integer.MAX_VALUE, s.info().ssthreshBytes());
    }
  }
}
