package io.tunstack.script;

import static io.tunstack.script.SackRecoveryTest.sack;
import static io.tunstack.script.SackRecoveryTest.tenInFlight;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.stats.Counter;
import org.junit.jupiter.api.Test;

/** Which SACK blocks are believed (RFC 2018 §5, RFC 2883 §4). */
class SackReaderTest {
  @Test
  void shouldTakeBlocksThatLieInFlight() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 3, 4, 6, 8));
      assertEquals(3000, s.info().sackedBytes());
      assertEquals(0, s.counter(Counter.TCP_SACK_DISCARD));
    }
  }

  @Test
  void shouldDiscardBlocks_thatCannotBeTrue() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 12, 14));
      s.inject(sack(1, 9, 12));
      s.inject(sack(1, 8, 8));
      s.inject(sack(1, 8, 6));
      assertEquals(0, s.info().sackedBytes());
      assertEquals(4, s.counter(Counter.TCP_SACK_DISCARD));
    }
  }

  @Test
  void shouldCountADuplicateBelowTheAcknowledgment_andWithinABlock() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(3, 1, 2));
      assertEquals(1, s.counter(Counter.TCP_DSACK_RECV));
      s.inject(sack(3, 5, 6, 5, 8));
      assertEquals(1, s.counter(Counter.TCP_DSACK_OFO_RECV));
      assertEquals(3000, s.info().sackedBytes());
    }
  }
}
