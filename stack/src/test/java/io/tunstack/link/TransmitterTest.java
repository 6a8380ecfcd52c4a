package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TransmitterTest {
  /** One byte each microsecond. */
  private static final long RATE = 8_000_000;

  private static final int BYTES = 1000;
  private static final long TIME = 1_000_000;

  private final LineCounts counts = new LineCounts();
  private final Transmitter transmitter = new Transmitter(counts);

  private static Parcel parcel(long arrived) {
    byte[] packet = new byte[BYTES];
    packet[0] = 0x45;
    packet[1] = 2;
    return new Parcel(packet, Fate.DELIVER, false, arrived, 1, arrived);
  }

  @Test
  void shouldTakeNoTime_whenThereIsNoLimit() {
    Parcel parcel = parcel(5);
    assertTrue(transmitter.enqueue(parcel));
    assertSame(parcel, transmitter.transmit(5));
    assertEquals(5, parcel.departs);
    assertEquals(Link.NEVER, transmitter.nextDeparture());
  }

  @Test
  void shouldTakeTurns_asOfWhenTheyWere() {
    transmitter.setBottleneck(Bottleneck.tailDrop(RATE, 10 * BYTES));
    for (int i = 0; i < 3; i++) {
      transmitter.enqueue(parcel(0));
    }
    assertEquals(TIME, transmitter.nextDeparture());
    // Asked only much later, it answers with the times at which it should have happened.
    for (int i = 1; i <= 3; i++) {
      assertEquals(i * TIME, transmitter.transmit(100 * TIME).departs);
    }
    assertNull(transmitter.transmit(100 * TIME));
    transmitter.enqueue(parcel(100 * TIME));
    assertEquals(101 * TIME, transmitter.transmit(100 * TIME).departs);
  }

  @Test
  void shouldTakeALargePacket_whenItNeedNotWait() {
    transmitter.setBottleneck(Bottleneck.tailDrop(RATE, 1));
    assertTrue(transmitter.enqueue(parcel(0)));
    assertNotNull(transmitter.transmit(0));
    assertFalse(transmitter.enqueue(parcel(TIME - 1)));
    assertTrue(transmitter.enqueue(parcel(TIME)));
    assertEquals(1, counts.queueDropped);
  }

  @Test
  void shouldKeepWhatWaits_whenTheRateChanges() {
    transmitter.setBottleneck(Bottleneck.tailDrop(RATE, 10 * BYTES));
    transmitter.enqueue(parcel(0));
    transmitter.transmit(0);
    transmitter.enqueue(parcel(0));
    transmitter.setBottleneck(Bottleneck.tailDrop(2 * RATE, 10 * BYTES));
    assertEquals(TIME + TIME / 2, transmitter.transmit(TIME).departs);
  }

  @Test
  void shouldMarkInsteadOfDropping_whenThatIsAllowed() {
    assertEquals(0, crowd(true).earlyDropped);
    assertTrue(counts.marked > 3, "marked " + counts.marked);
  }

  @Test
  void shouldDrop_whenMarkingIsNotAllowed() {
    assertTrue(crowd(false).earlyDropped > 3, "dropped " + counts.earlyDropped);
    assertEquals(0, counts.marked);
  }

  /** Twice as much as fits, for a second, through CoDel. */
  private LineCounts crowd(boolean ecn) {
    transmitter.setBottleneck(Bottleneck.tailDrop(RATE, 1 << 20).with(QueueDiscipline.CODEL, ecn));
    for (long now = 0; now < 1000 * TIME; now += TIME / 2) {
      while (transmitter.transmit(now) != null) {
        // They are gone.
      }
      transmitter.enqueue(parcel(now));
    }
    return counts;
  }

  @Test
  void shouldForgetEverything_whenCleared() {
    transmitter.setBottleneck(Bottleneck.tailDrop(RATE, 10 * BYTES));
    transmitter.enqueue(parcel(0));
    transmitter.transmit(0);
    transmitter.enqueue(parcel(0));
    transmitter.clear();
    assertEquals(0, transmitter.queuedBytes());
    assertEquals(0, transmitter.queuedPackets());
    transmitter.enqueue(parcel(1));
    assertEquals(1 + TIME, transmitter.transmit(1).departs);
  }
}
