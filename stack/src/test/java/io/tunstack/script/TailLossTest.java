package io.tunstack.script;

import static io.tunstack.script.SackRecoveryTest.ack;
import static io.tunstack.script.SackRecoveryTest.measured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.TcpConfig;
import org.junit.jupiter.api.Test;

/** Tail loss probes (RFC 8985 §7). */
class TailLossTest {
  private static final int MSS = 1000;

  @Test
  @Requirement("CC-019")
  void shouldProbeWithTheLastSegment_afterTwoRoundTripsAndALittle() {
    try (TcpScript s = measured()) {
      s.write(5 * MSS);
      assertEquals(5, s.drain().size());
      s.afterMillis(209);
      s.expectNothing();
      s.afterMillis(2);
      s.expect("P. 5001:6001(1000) ack 1");
      s.expectNothing();
      assertEquals(1, s.counter(Counter.TCP_LOSS_PROBES));
      assertEquals(1, s.counterOf(SendReason.LOSS_PROBE));
      assertEquals(0, s.counter(Counter.TCP_TIMEOUTS));
    }
  }

  @Test
  @Requirement("CC-019")
  void shouldProbeWithinAHundredMilliseconds_onAFastPath() {
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1000,sackOK")) {
      s.write(5 * MSS);
      s.drain();
      s.inject(ack(4));
      s.afterMillis(59);
      s.expectNothing();
      s.afterMillis(2);
      s.expect("P. 4001:5001(1000) ack 1");
    }
  }

  @Test
  void shouldProbeWithNewData_whenThereIsSome() {
    try (TcpScript s = measured()) {
      s.write(30 * MSS);
      int flight = s.drain().size();
      s.afterMillis(211);
      assertEquals(1 + (1 + flight) * MSS, s.drain().get(0).seq());
      assertEquals(0, s.info().retransmits());
    }
  }

  @Test
  void shouldRecoverTheWholeTail_whenTheProbeIsSacked() {
    try (TcpScript s = measured()) {
      s.write(5 * MSS);
      s.drain();
      s.afterMillis(211);
      s.drain();
      s.afterMillis(100);
      s.inject(ack(2) + " <sack 5001:6001>");
      s.afterMillis(26);
      assertEquals(2001, s.drain().get(0).seq());
      s.afterMillis(100);
      s.inject(ack(6));
      assertEquals(0, s.counter(Counter.TCP_TIMEOUTS));
      assertEquals(1, s.counter(Counter.TCP_SACK_RECOVERY));
    }
  }

  @Test
  void shouldReduceTheWindow_whenTheProbeHasRepairedTheOnlyLoss() {
    try (TcpScript s = measured()) {
      s.write(5 * MSS);
      s.drain();
      s.inject(ack(5));
      s.afterMillis(400);
      s.expect("P. 5001:6001(1000) ack 1");
      s.inject(ack(6));
      assertEquals(0, s.counter(Counter.TCP_LOSS_PROBE_RECOVERY));
      s.write(2 * MSS);
      s.drain();
      s.inject(ack(7));
      assertEquals(1, s.counter(Counter.TCP_LOSS_PROBE_RECOVERY));
      assertTrue(s.info().ssthreshBytes() < Integer.MAX_VALUE);
    }
  }

  @Test
  void shouldNotReduceTheWindow_whenADSackTellsThatNothingWasLost() {
    try (TcpScript s = measured()) {
      s.write(5 * MSS);
      s.drain();
      s.inject(ack(5));
      s.afterMillis(400);
      s.drain();
      s.inject(ack(6));
      s.inject(ack(6) + " <sack 5001:6001>");
      s.write(2 * MSS);
      s.drain();
      s.inject(ack(7));
      assertEquals(0, s.counter(Counter.TCP_LOSS_PROBE_RECOVERY));
      assertEquals(Integer.MAX_VALUE, s.info().ssthreshBytes());
    }
  }

  @Test
  void shouldNotProbe_withoutSack() {
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1000")) {
      s.write(5 * MSS);
      s.drain();
      s.inject(ack(4));
      s.afterMillis(199);
      s.expectNothing();
      s.afterMillis(1);
      s.expect("P. 4001:5001(1000) ack 1");
      assertEquals(1, s.counter(Counter.TCP_TIMEOUTS));
    }
  }

  @Test
  void shouldProbeOnce_thenTimeOut() {
    try (TcpScript s = measured()) {
      s.write(2 * MSS);
      s.drain();
      s.afterMillis(211);
      assertEquals(1, s.drain().size());
      s.afterMillis(1_000);
      assertTrue(s.counter(Counter.TCP_TIMEOUTS) >= 1);
      assertEquals(1, s.counter(Counter.TCP_LOSS_PROBES));
    }
  }
}
