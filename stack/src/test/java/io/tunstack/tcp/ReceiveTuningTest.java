package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A receive buffer that grows with what is read in a round trip. */
class ReceiveTuningTest {
  private static final long MILLI = 1_000_000L;
  private static final int START = 64 * 1024;
  private static final int LIMIT = 1 << 20;

  private final ReceiveTuning tuning = new ReceiveTuning();

  /** Reads so much in each of so many round trips of 10 ms; answers the capacity then. */
  private int read(int perRoundTrip, int roundTrips, boolean timestamps) {
    int capacity = START;
    int seq = -1000;
    long now = 1000 * MILLI;
    for (int i = 0; i < roundTrips; i++) {
      if (timestamps) {
        tuning.echoed(i + 1, 10 * MILLI);
      } else {
        tuning.received(seq, perRoundTrip, now);
      }
      capacity = tuning.adjust(capacity, LIMIT, seq, now);
      seq += perRoundTrip;
      now += 10 * MILLI;
    }
    return capacity;
  }

  @Test
  void shouldGrowBeyondTwiceWhatIsRead() {
    int capacity = read(100_000, 5, true);
    assertTrue(capacity >= 200_000 && capacity <= LIMIT, "capacity " + capacity);
  }

  @Test
  void shouldMeasureByTheWindow_whenThereAreNoTimestamps() {
    assertTrue(read(100_000, 5, false) >= 200_000);
  }

  @Test
  void shouldStay_whenLittleIsRead() {
    assertEquals(START, read(1000, 100, true));
  }

  @Test
  void shouldNotExceedTheLimit_norOverflow() {
    assertEquals(LIMIT, read(900_000, 5, true));
    ReceiveTuning huge = new ReceiveTuning();
    huge.echoed(1, MILLI);
    huge.adjust(START, TcpConfig.MAX_BUFFER_BYTES, 0, 1000 * MILLI);
    assertEquals(
        TcpConfig.MAX_BUFFER_BYTES,
        huge.adjust(START, TcpConfig.MAX_BUFFER_BYTES, Integer.MAX_VALUE / 2, 1001 * MILLI));
  }

  @Test
  void shouldBelieveAShorterRoundTripAtOnce_andALongerOneSlowly() {
    tuning.echoed(1, 100 * MILLI);
    tuning.echoed(2, 10 * MILLI);
    tuning.echoed(3, 90 * MILLI);
    int capacity = tuning.adjust(START, LIMIT, 0, 1000 * MILLI);
    capacity = tuning.adjust(capacity, LIMIT, 300_000, 1019 * MILLI);
    assertEquals(START, capacity, "8/8 of 10 and 1/8 of 80 more is 20 ms");
    assertTrue(tuning.adjust(capacity, LIMIT, 300_000, 1020 * MILLI) > START);
  }

  @Test
  void shouldNotTakeAnEchoTwice_norOneFromTheFuture() {
    tuning.echoed(1, 10 * MILLI);
    tuning.echoed(1, 5000 * MILLI);
    tuning.echoed(2, -1);
    tuning.adjust(START, LIMIT, 0, 1000 * MILLI);
    assertTrue(tuning.adjust(START, LIMIT, 300_000, 1010 * MILLI) > START);
  }
}
