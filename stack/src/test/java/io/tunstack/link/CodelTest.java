package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodelTest {
  private static final long MILLI = 1_000_000;
  private static final int PACKET = 1000;
  private static final long LONG_QUEUE = 50_000;

  private final Codel codel = new Codel();

  private boolean signalsOne(long now, long sojourn, long queueBytes) {
    Parcel parcel = new Parcel(new byte[PACKET], Fate.DELIVER, false, now - sojourn, 0, 0);
    return codel.signalsDeparture(parcel, queueBytes, now);
  }

  /** When packets are signalled, of one each millisecond, as milliseconds. */
  private List<Long> signals(long from, long to, long sojourn) {
    List<Long> when = new ArrayList<>();
    for (long ms = from; ms < to; ms++) {
      if (signalsOne(ms * MILLI, sojourn, LONG_QUEUE)) {
        when.add(ms);
      }
    }
    return when;
  }

  @Test
  void shouldLeaveABurstAlone() {
    assertEquals(List.of(), signals(0, 100, 20 * MILLI));
    assertFalse(signalsOne(100 * MILLI, 4 * MILLI, LONG_QUEUE));
    assertEquals(List.of(), signals(101, 201, 20 * MILLI), "it begins to count anew");
  }

  @Test
  void shouldSignalEverFaster_whenTheQueueStands() {
    // After an interval, then after interval/√1, and each interval/√count behind the last.
    assertEquals(List.of(100L, 200L, 271L, 329L, 379L), signals(0, 400, 20 * MILLI));
  }

  @Test
  void shouldStop_whenTheQueueIsShortAgain() {
    signals(0, 300, 20 * MILLI);
    assertFalse(signalsOne(300 * MILLI, MILLI, LONG_QUEUE));
    assertEquals(List.of(), signals(301, 401, 20 * MILLI));
  }

  @Test
  void shouldTakeUpItsPaceAgain_whenTheQueueIsLongAgainSoon() {
    signals(0, 400, 20 * MILLI);
    assertFalse(signalsOne(400 * MILLI, MILLI, LONG_QUEUE));
    List<Long> again = signals(401, 601, 20 * MILLI);
    assertEquals(501L, again.get(0));
    assertTrue(again.get(1) < 560, again::toString);
  }

  @Test
  void shouldLeaveALastPacketAlone() {
    for (long ms = 0; ms < 1000; ms++) {
      assertFalse(signalsOne(ms * MILLI, 50 * MILLI, PACKET));
    }
  }
}
