package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RedTest {
  private static final long LIMIT = 120_000;
  private static final int PACKETS = 20_000;

  private final Red red =
      new Red(Bottleneck.tailDrop(8_000_000, LIMIT).with(QueueDiscipline.RED, false));
  private long index;

  private Parcel parcel() {
    return new Parcel(new byte[1000], Fate.DELIVER, false, 0, 5, index++);
  }

  /** The share that is signalled while the queue stands, once the average has caught up. */
  private double share(long queueBytes) {
    int signalled = 0;
    for (int i = 0; i < 2 * PACKETS; i++) {
      signalled += red.signalsArrival(parcel(), queueBytes, 0) && i >= PACKETS ? 1 : 0;
    }
    return (double) signalled / PACKETS;
  }

  @Test
  void shouldSignalTheMore_theLongerTheQueueIs() {
    assertEquals(0, share(LIMIT / 6 - 1000));
    // Half-way between the thresholds: half the probability, spread evenly, which doubles it.
    assertEquals(0.095, share(LIMIT / 3), 0.01);
    double high = share(LIMIT * 3 / 4);
    assertTrue(high > 0.5 && high < 1, "share " + high);
    assertEquals(1, share(LIMIT), 0.001);
  }

  @Test
  void shouldLookAtTheAverage_notAtABurst() {
    for (int i = 0; i < 50; i++) {
      assertEquals(false, red.signalsArrival(parcel(), LIMIT, 0));
    }
  }

  @Test
  void shouldForget_whenTheQueueWasEmptyForLong() {
    assertTrue(share(LIMIT) > 0);
    red.signalsDeparture(parcel(), 0, 0);
    // 1000 bytes take a millisecond; five thousand of them are many memories.
    assertEquals(false, red.signalsArrival(parcel(), 0, 5_000_000_000L));
    assertEquals(false, red.signalsArrival(parcel(), LIMIT, 5_000_000_000L));
  }
}
