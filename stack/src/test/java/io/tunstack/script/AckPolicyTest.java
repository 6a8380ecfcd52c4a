package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.TcpConfig;
import org.junit.jupiter.api.Test;

/** When an acknowledgment leaves: at once, with the second segment, with data, or after 40 ms. */
class AckPolicyTest {
  @Test
  @Requirement({"TCP-064", "TCP-102"})
  void shouldDelayTheAckOfOneSmallSegment_by40Millis() {
    try (TcpScript s = TcpScript.established(TcpScript.PATIENT)) {
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.afterMillis(39);
      s.expectNothing();
      s.afterMillis(1);
      s.expect(". 1:1(0) ack 11");
      assertEquals(1, s.counter(Counter.TCP_DELAYED_ACKS));
      s.afterMillis(1000);
      s.expectNothing();
    }
  }

  @Test
  @Requirement("TCP-031")
  void shouldAcknowledgeEverySecondFullSegment() {
    try (TcpScript s = TcpScript.established(TcpScript.PATIENT)) {
      int acks = 0;
      for (int i = 0; i < 20; i++) {
        s.inject(". " + (1 + i * 1460) + ":" + (1461 + i * 1460) + "(1460) ack 1 win 65535");
        acks += s.drain().size();
        s.afterMillis(4);
        acks += s.drain().size();
      }
      assertEquals(10, acks);
      s.expectReceived(20 * 1460);
    }
  }

  @Test
  @Requirement("TCP-065")
  void shouldAcknowledgeABatchOnce() {
    try (TcpScript s = TcpScript.established()) {
      String[] lines = new String[10];
      for (int i = 0; i < 10; i++) {
        lines[i] = ". " + (1 + i * 1460) + ":" + (1461 + i * 1460) + "(1460) ack 1 win 65535";
      }
      s.injectBatch(lines);
      s.expect(". 1:1(0) ack 14601");
      s.expectNothing();
    }
  }

  @Test
  void shouldLetDataCarryTheAck() {
    try (TcpScript s = TcpScript.established()) {
      s.app.does.put("readable", socket -> socket.write(java.nio.ByteBuffer.allocate(5)));
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect("P. 1:6(5) ack 11");
      s.afterMillis(40);
      s.expectNothing();
      assertEquals(0, s.counter(Counter.TCP_DELAYED_ACKS));
    }
  }

  @Test
  @Requirement("TCP-049")
  void shouldAcknowledgeAtOnce_whatIsOutOfOrderAndWhatFillsAGap() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 101:201(100) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.inject(". 1:51(50) ack 1 win 65535");
      s.expect(". 1:1(0) ack 51");
      s.inject(". 51:101(50) ack 1 win 65535");
      s.expect(". 1:1(0) ack 201");
      assertEquals(3, s.stack.counters().get(SendReason.ACK_OUT_OF_ORDER));
    }
  }

  @Test
  void shouldAcknowledgeEveryOutOfOrderSegmentOfABatch_oneByOne() {
    try (TcpScript s = TcpScript.established()) {
      s.injectBatch(
          ". 101:201(100) ack 1 win 65535",
          ". 201:301(100) ack 1 win 65535",
          ". 301:401(100) ack 1 win 65535");
      assertEquals(3, s.drain().size());
    }
  }

  @Test
  void shouldNotAnswerAPureAck() {
    try (TcpScript s = TcpScript.established()) {
      for (int i = 0; i < 10; i++) {
        s.inject(". 1:1(0) ack 1 win " + (65535 - i));
      }
      s.afterMillis(1000);
      s.expectNothing();
    }
  }

  @Test
  @Requirement("TCP-090")
  void shouldAnswerKeepAliveProbes_withAndWithoutAByte() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 1:101(100) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 101");
      s.inject(". 100:100(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 101");
      s.inject(". 100:101(1) ack 1 win 65535");
      s.expect(". 1:1(0) ack 101");
      s.expectReceived(100);
    }
  }

  @Test
  void shouldAnswerTwoKeepAliveProbes_ofAFreshConnection() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 0:0(0) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
      s.inject(". 0:1(1) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1");
    }
  }

  @Test
  void shouldKeepToTheConfiguredDelay() {
    TcpConfig slow =
        TcpScript.PATIENT.toBuilder().delayedAck(java.time.Duration.ofMillis(200)).build();
    try (TcpScript s = TcpScript.established(slow)) {
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.afterMillis(100);
      s.inject("P. 11:12(1) ack 1 win 65535");
      s.afterMillis(99);
      s.expectNothing();
      s.afterMillis(1);
      s.expect(". 1:1(0) ack 12");
    }
  }

  @Test
  void shouldAcknowledgeTheFirstSixteenAtOnce() {
    try (TcpScript s = TcpScript.established()) {
      for (int i = 0; i < 16; i++) {
        s.inject("P. " + (1 + i * 10) + ":" + (11 + i * 10) + "(10) ack 1 win 65535");
        s.expect(". 1:1(0) ack " + (11 + i * 10));
      }
      s.inject("P. 161:171(10) ack 1 win 65535");
      s.afterMillis(39);
      s.expectNothing();
      s.afterMillis(1);
      s.expect(". 1:1(0) ack 171");
    }
  }

  @Test
  void shouldWaitForTheAnswer_onceTheApplicationGivesAny() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 11");
      s.afterMillis(39);
      s.write(5);
      s.expect("P. 1:6(5) ack 11");
      s.inject("P. 11:21(10) ack 6 win 65535");
      s.expectNothing();
    }
  }

  @Test
  void shouldNotTakeForAnAnswer_whatComesMuchLater() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 11");
      s.afterMillis(40);
      s.write(5);
      s.expect("P. 1:6(5) ack 11");
      s.inject("P. 11:21(10) ack 6 win 65535");
      s.expect(". 6:6(0) ack 21");
    }
  }

  @Test
  void shouldAcknowledgeAtOnceAgain_afterSilenceOrWhatWasSentTwice() {
    try (TcpScript s = TcpScript.established()) {
      for (int i = 0; i < 17; i++) {
        s.inject("P. " + (1 + i * 10) + ":" + (11 + i * 10) + "(10) ack 1 win 65535");
      }
      s.afterMillis(40);
      s.drain();
      s.afterMillis(161);
      s.inject("P. 171:181(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 181");
    }
    try (TcpScript s =
        TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,sackOK,TS val 100 ecr 0")) {
      s.app.does.put("readable", socket -> socket.write(java.nio.ByteBuffer.allocate(5)));
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 100 ecr 0>");
      s.expect("P. 1:6(5) ack 11");
      s.app.does.clear();
      s.inject("P. 11:21(10) ack 6 win 65535 <TS val 100 ecr 0>");
      s.expectNothing();
      s.inject("P. 11:21(10) ack 6 win 65535 <TS val 100 ecr 0>");
      s.expect(". 6:6(0) ack 21");
      s.inject("P. 21:31(10) ack 6 win 65535 <TS val 100 ecr 0>");
      s.expect(". 6:6(0) ack 31");
    }
  }
}
