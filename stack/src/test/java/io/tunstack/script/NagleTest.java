package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** Nagle's algorithm (RFC 9293 §3.7.4), on and off. */
class NagleTest {
  @Test
  @Requirement("TCP-101")
  void shouldCollectSmallWrites_untilTheFirstIsAcknowledged() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1);
      s.expect("P. 1:2(1) ack 1");
      for (int i = 0; i < 20; i++) {
        s.write(1);
      }
      s.expectNothing();
      assertEquals(20, s.info().unsentBytes());
      s.inject(". 1:1(0) ack 2 win 65535");
      s.expect("P. 2:22(20) ack 1");
    }
  }

  @Test
  void shouldSendAFullSegment_asSoonAsThereIsOne() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1);
      s.expect("P. 1:2(1) ack 1");
      s.write(1000);
      s.expectNothing();
      s.write(1000);
      s.expect(". 2:1462(1460) ack 1");
      s.expectNothing();
      assertEquals(540, s.info().unsentBytes());
    }
  }

  @Test
  @Requirement("TCP-063")
  void shouldSendSmallWritesAtOnce_whenItIsOff() {
    try (TcpScript s = TcpScript.established()) {
      s.noDelay(true);
      for (int i = 0; i < 5; i++) {
        s.write(1);
        s.expect("P. " + (1 + i) + ":" + (2 + i) + "(1) ack 1");
      }
      assertEquals(5, s.info().unackedBytes());
    }
  }

  @Test
  void shouldSendWhatWaits_whenItIsSwitchedOff() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1);
      s.expect("P. 1:2(1) ack 1");
      s.write(10);
      s.expectNothing();
      s.noDelay(true);
      s.expect("P. 2:12(10) ack 1");
    }
  }

  @Test
  void shouldNotHoldTheLastPieceBeforeAFin() {
    try (TcpScript s = TcpScript.established()) {
      s.write(1);
      s.expect("P. 1:2(1) ack 1");
      s.write(10);
      s.expectNothing();
      s.closeOutput();
      s.expect("FP. 2:12(10) ack 1");
    }
  }

  @Test
  @Requirement("TCP-052")
  void shouldSendPushOnlyOnTheLastSegment() {
    try (TcpScript s = TcpScript.established()) {
      s.write(4380);
      s.expect(". 1:1461(1460) ack 1");
      s.expect(". 1461:2921(1460) ack 1");
      s.expect("P. 2921:4381(1460) ack 1");
    }
  }

  @Test
  void shouldNotHoldTheTail_whereOnlyFullSegmentsAreInFlight() {
    try (TcpScript s = TcpScript.established()) {
      s.write(3000);
      s.expect(". 1:1461(1460) ack 1").expect(". 1461:2921(1460) ack 1");
      s.expect("P. 2921:3001(80) ack 1");
      s.write(1540);
      s.expect(". 3001:4461(1460) ack 1");
      s.expectNothing();
      s.inject(". 1:1(0) ack 2921 win 65535");
      s.expectNothing();
      s.inject(". 1:1(0) ack 3001 win 65535");
      s.expect("P. 4461:4541(80) ack 1");
    }
  }
}
