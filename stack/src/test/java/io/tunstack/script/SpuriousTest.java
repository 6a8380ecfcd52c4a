package io.tunstack.script;

import static io.tunstack.script.SackRecoveryTest.ack;
import static io.tunstack.script.SackRecoveryTest.sack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import org.junit.jupiter.api.Test;

/** Retransmissions that turn out to have been needless (RFC 2883, 3522, 4015, 5682). */
class SpuriousTest {
  private static final int MSS = 1000;

  private static TcpScript tenInFlight(String options, String last) {
    TcpScript s = SackRecoveryTest.measured(options, last);
    s.write(MSS);
    s.drain();
    s.afterMillis(100);
    s.inject(ack(1) + last);
    s.write(10 * MSS);
    assertEquals(10, s.drain().size());
    return s;
  }

  @Test
  @Requirement({"EXT-025", "CC-023"})
  void shouldTakeBackATimeOut_whenTheAcknowledgmentsWereOnlyLate() {
    try (TcpScript s = tenInFlight("mss 1000", "")) {
      s.write(10 * MSS);
      s.drain();
      int cwnd = s.info().cwndBytes();
      long rto = s.info().rtoNanos();
      s.after(java.time.Duration.ofNanos(rto));
      assertEquals(1, s.drain().size());
      assertEquals(MSS, s.info().cwndBytes());
      s.inject(ack(2));
      assertEquals(11_001, s.drain().get(0).seq(), "new data, not a retransmission");
      s.inject(ack(3));
      assertEquals(1, s.counter(Counter.TCP_SPURIOUS_RTOS));
      assertEquals(1, s.counter(Counter.TCP_LOSS_UNDO));
      assertTrue(s.info().cwndBytes() >= cwnd, s.info()::toString);
      assertEquals(Integer.MAX_VALUE, s.info().ssthreshBytes());
      s.inject(ack(4));
      assertTrue(s.info().rtoNanos() > rto, "it has learned");
      assertEquals(1, s.info().retransmits());
    }
  }

  @Test
  @Requirement("EXT-025")
  void shouldGoOnSendingAgain_whenTheSecondAcknowledgmentIsADuplicate() {
    try (TcpScript s = tenInFlight("mss 1000", "")) {
      s.write(10 * MSS);
      s.drain();
      s.after(java.time.Duration.ofNanos(s.info().rtoNanos()));
      s.drain();
      s.inject(ack(2));
      assertEquals(2, s.drain().size());
      s.inject(ack(2));
      assertEquals(2_001, s.drain().get(0).seq());
      assertEquals(0, s.counter(Counter.TCP_SPURIOUS_RTOS));
      assertEquals(5 * MSS, s.info().ssthreshBytes());
    }
  }

  @Test
  void shouldTakeBackATimeOut_whenTheEchoIsOlderThanTheRetransmission() {
    String last = " <TS val 100 ecr 0>";
    try (TcpScript s = SackRecoveryTest.measured("mss 1012,TS val 100 ecr 0", last)) {
      s.write(2 * MSS);
      long ts = tsVal(s);
      int cwnd = s.info().cwndBytes();
      s.afterMillis(1_000);
      s.drain();
      s.inject(ack(1) + " <TS val 101 ecr " + ts + ">");
      assertEquals(1, s.counter(Counter.TCP_SPURIOUS_RTOS));
      assertTrue(s.info().cwndBytes() >= cwnd, s.info()::toString);
    }
  }

  private static long tsVal(TcpScript s) {
    String option =
        s.drain().get(0).options().stream().filter(o -> o.startsWith("TS")).findFirst().get();
    return Long.parseLong(option.split(" ")[2]);
  }

  @Test
  @Requirement("CC-023")
  void shouldTakeBackARecovery_whenDSacksAccountForEveryRetransmission() {
    try (TcpScript s = tenInFlight("mss 1000,sackOK", "")) {
      s.afterMillis(100);
      int cwnd = s.info().cwndBytes();
      s.inject(sack(1, 2, 5));
      s.afterMillis(26);
      assertEquals(1, s.drain().size());
      assertTrue(s.info().cwndBytes() < cwnd);
      s.afterMillis(10);
      s.inject(ack(5));
      s.afterMillis(90);
      s.inject(ack(5) + " <sack 1001:2001>");
      assertEquals(1, s.counter(Counter.TCP_DSACK_UNDO));
      assertEquals(1, s.counter(Counter.TCP_DSACK_RECV));
      assertEquals(cwnd, s.info().cwndBytes());
      assertEquals(Integer.MAX_VALUE, s.info().ssthreshBytes());
    }
  }

  @Test
  void shouldWidenTheReorderingWindow_whenADSackTellsOfAnEarlyRetransmission() {
    try (TcpScript s = tenInFlight("mss 1000,sackOK", "")) {
      s.afterMillis(100);
      s.inject(sack(1, 2, 5));
      s.afterMillis(26);
      assertEquals(1_001, s.drain().get(0).seq());
      s.inject(ack(5));
      s.inject(ack(5) + " <sack 1001:2001>");
      s.write(10 * MSS);
      s.drain();
      s.afterMillis(100);
      s.inject(ack(11));
      s.inject(sack(11, 12, 13));
      s.drain();
      s.afterMillis(49);
      s.expectNothing();
      s.afterMillis(2);
      assertEquals(11_001, s.drain().get(0).seq());
    }
  }

  @Test
  void shouldNotBeFooledByADSack_ofWhatWasNeverSentAgain() {
    try (TcpScript s = tenInFlight("mss 1000,sackOK", "")) {
      s.afterMillis(100);
      s.inject(sack(1, 2, 5));
      s.afterMillis(26);
      s.drain();
      int cwnd = s.info().cwndBytes();
      s.inject(ack(1) + " <sack 90000:91000>");
      s.inject(ack(1) + " <sack -9000:-8000>");
      assertEquals(0, s.counter(Counter.TCP_DSACK_UNDO));
      assertEquals(1, s.counter(Counter.TCP_DSACK_IGNORED_OLD));
      assertEquals(cwnd, s.info().cwndBytes());
    }
  }
}
