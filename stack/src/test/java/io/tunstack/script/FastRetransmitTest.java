package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.stats.Counter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three duplicate acknowledgments: RFC 5681 §3.2 and RFC 6582. */
class FastRetransmitTest {
  private static final String DUPLICATE = ". 1:1(0) ack 1 win 65535";

  /** Ten segments are out and the first is lost. */
  private static TcpScript tenSegmentsOut() {
    TcpScript s = TcpScript.established();
    s.write(14600);
    assertEquals(10, s.drain().size());
    return s;
  }

  @Test
  @Tag("CC-003")
  void shouldResendTheFirstSegmentOfTheFirstFlight_onTheThirdDuplicate() {
    try (TcpScript s = tenSegmentsOut()) {
      s.inject(DUPLICATE).inject(DUPLICATE);
      s.expectNothing();
      s.inject(DUPLICATE);
      s.expect(". 1:1461(1460) ack 1");
      s.expectNothing();
      assertEquals(1, s.counter(Counter.TCP_FAST_RETRANS));
      assertEquals(7300, s.info().ssthreshBytes());
    }
  }

  @Test
  @Tag("CC-004")
  void shouldResendTheNextHole_onAPartialAcknowledgment() {
    try (TcpScript s = tenSegmentsOut()) {
      s.inject(DUPLICATE).inject(DUPLICATE).inject(DUPLICATE);
      s.expect(". 1:1461(1460) ack 1");
      s.inject(". 1:1(0) ack 4381 win 65535");
      s.expect(". 4381:5841(1460) ack 1");
    }
  }

  @Test
  void shouldNotTakeWindowUpdatesOrTextForDuplicates() {
    try (TcpScript s = tenSegmentsOut()) {
      s.inject(". 1:1(0) ack 1 win 60000");
      s.inject(". 1:1(0) ack 1 win 61000");
      s.inject(". 1:1(0) ack 1 win 62000");
      s.inject("P. 1:11(10) ack 1 win 62000");
      s.inject("P. 11:21(10) ack 1 win 62000");
      s.inject("P. 21:31(10) ack 1 win 62000");
      assertEquals(0, s.counter(Counter.TCP_FAST_RETRANS));
    }
  }

  @Test
  void shouldLeaveRecoveryWithTheWindowAtSsthresh_whenEverythingIsAcknowledged() {
    try (TcpScript s = tenSegmentsOut()) {
      s.inject(DUPLICATE).inject(DUPLICATE).inject(DUPLICATE);
      s.drain();
      s.inject(". 1:1(0) ack 14601 win 65535");
      assertEquals(0, s.info().unackedBytes());
      assertEquals(2920, s.info().cwndBytes(), "no more than one segment beyond what is in flight");
      s.afterMillis(5000);
      s.expectNothing();
    }
  }
}
