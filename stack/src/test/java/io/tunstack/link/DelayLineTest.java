package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayLineTest {
  private static final Impairment TEN_NANOS =
      Impairment.NONE.withDelay(Duration.ofNanos(10), Duration.ZERO);

  private final DelayLine line = new DelayLine(TEN_NANOS, 1);

  private static byte[] packet(int mark) {
    return new byte[] {(byte) mark, 0};
  }

  @Test
  void shouldHandOutNothing_beforeItsTime() {
    assertTrue(line.offer(packet(1), 100));
    assertEquals(110, line.nextDue());
    assertNull(line.poll(109));
    assertArrayEquals(packet(1), line.poll(110));
    assertNull(line.poll(110));
    assertEquals(Link.NEVER, line.nextDue());
  }

  @Test
  void shouldKeepTheOrder_whenPacketsAreDueTogether() {
    for (int i = 0; i < 50; i++) {
      line.offer(packet(i), 0);
    }
    for (int i = 0; i < 50; i++) {
      assertArrayEquals(packet(i), line.poll(10));
    }
  }

  @Test
  void shouldDoWhatTheScriptSays_thenWhatTheImpairmentSays() {
    line.setImpairment(TEN_NANOS.withLoss(1));
    line.script(List.of(Fate.delayed(5), Fate.DROP, Fate.DUPLICATE));
    assertTrue(line.offer(packet(1), 0));
    assertFalse(line.offer(packet(2), 0));
    assertTrue(line.offer(packet(3), 0));
    assertFalse(line.offer(packet(4), 0));
    assertEquals(3, line.underWay());
    assertArrayEquals(packet(3), line.poll(20));
    assertArrayEquals(packet(3), line.poll(20));
    assertArrayEquals(packet(1), line.poll(20));
    assertEquals(List.of(4L, 2L, 1L), List.of(line.offered(), line.lost(), line.duplicated()));
  }

  @Test
  void shouldForgetTheOldScript_whenThereIsANewOne() {
    line.script(List.of(Fate.DROP, Fate.DROP));
    line.script(List.of());
    assertTrue(line.offer(packet(1), 0));
  }

  @Test
  void shouldFlipOneBit_countedFromTheFirstAndAround() {
    line.script(List.of(Fate.corrupted(0), Fate.corrupted(15), Fate.corrupted(17)));
    for (int i = 0; i < 3; i++) {
      line.offer(new byte[2], 0);
    }
    assertArrayEquals(new byte[] {(byte) 0x80, 0}, line.poll(10));
    assertArrayEquals(new byte[] {0, 1}, line.poll(10));
    assertArrayEquals(new byte[] {0x40, 0}, line.poll(10));
    assertEquals(3, line.corrupted());
  }

  @Test
  void shouldLoseWhatIsOffered_whileItIsOff() {
    line.offer(packet(1), 0);
    line.script(List.of(Fate.DUPLICATE));
    line.setUp(false);
    assertFalse(line.offer(packet(2), 0));
    line.setUp(true);
    assertTrue(line.offer(packet(3), 0));
    assertEquals(3, line.underWay(), "the first, and the third twice: the script has waited");
  }

  @Test
  void shouldLoseAndCount_whenTooMuchIsUnderWay() {
    long room = 50 * (Parcel.OVERHEAD_BYTES + 2);
    DelayLine small = new DelayLine(LinkProfile.NONE.with(TEN_NANOS), 1, room);
    for (int i = 0; i < 50; i++) {
      assertTrue(small.offer(packet(i), 0));
    }
    assertFalse(small.offer(packet(0), 0));
    assertEquals(1, small.overflowed());
    assertArrayEquals(packet(0), small.poll(10));
    assertTrue(small.offer(packet(0), 10), "what has arrived takes no room");
    small.clear();
    assertEquals(0, small.underWay());
    assertTrue(small.offer(packet(0), 10));
  }

  @Test
  void shouldLetPacketsWait_whenTheBottleneckIsBusy() {
    // 16 bits at 1 Mbit/s take 16 µs.
    line.setProfile(LinkProfile.NONE.with(TEN_NANOS).with(Bottleneck.tailDrop(1_000_000, 4)));
    assertTrue(line.offer(packet(1), 0));
    assertTrue(line.offer(packet(2), 0));
    assertTrue(line.offer(packet(3), 0));
    assertFalse(line.offer(packet(4), 0), "one is under transmission, two wait");
    assertEquals(16_010, line.nextDue());
    assertNull(line.poll(16_009));
    assertArrayEquals(packet(1), line.poll(16_010));
    assertEquals(32_010, line.nextDue());
    assertTrue(line.offer(packet(5), 20_000));
    assertArrayEquals(packet(2), line.poll(100_000));
    assertArrayEquals(packet(3), line.poll(100_000));
    assertArrayEquals(packet(5), line.poll(100_000));
    LineStatistics statistics = line.statistics();
    assertEquals(5, statistics.offered());
    assertEquals(4, statistics.delivered());
    assertEquals(8, statistics.deliveredBytes());
    assertEquals(1, statistics.queueDropped());
    assertEquals(1, statistics.dropped());
    assertEquals(4, statistics.maxQueueBytes());
    assertEquals(32_000, statistics.maxSojournNanos());
    assertEquals((16_000 + 32_000 + 28_000) / 4, statistics.meanSojournNanos());
  }

  @Test
  void shouldSpendTheRateOnALostPacketToo() {
    line.setProfile(LinkProfile.NONE.with(Bottleneck.tailDrop(1_000_000, 100)));
    line.script(List.of(Fate.DROP));
    assertFalse(line.offer(packet(1), 0));
    assertTrue(line.offer(packet(2), 0));
    assertEquals(32_000, line.nextDue());
    assertArrayEquals(packet(2), line.poll(32_000));
    assertEquals(1, line.lost());
  }

  @Test
  void shouldKeepTheOrder_whenJitterMustNotChangeIt() {
    Impairment jitter = Impairment.NONE.withDelay(Duration.ZERO, Duration.ofMillis(1));
    DelayLine inOrder = new DelayLine(LinkProfile.NONE.with(jitter).withInOrder(true), 5);
    DelayLine free = new DelayLine(LinkProfile.NONE.with(jitter), 5);
    boolean overtaken = false;
    for (int i = 0; i < 100; i++) {
      inOrder.offer(packet(i), i);
      free.offer(packet(i), i);
    }
    for (int i = 0; i < 100; i++) {
      assertArrayEquals(packet(i), inOrder.poll(2_000_000));
      overtaken |= free.poll(2_000_000)[0] != i;
    }
    assertTrue(overtaken);
  }

  @Test
  void shouldLoseInRows_whenLossComesInBursts() {
    DelayLine bursty = new DelayLine(LinkProfile.NONE.with(BurstLoss.of(0.02, 0.25)), 9);
    int runs = 0;
    boolean before = true;
    for (int i = 0; i < 20_000; i++) {
      boolean arrives = bursty.offer(packet(i), i);
      runs += !arrives && before ? 1 : 0;
      before = arrives;
      bursty.poll(i);
    }
    long lost = bursty.statistics().lostInBursts();
    assertEquals(0, bursty.lost());
    assertEquals(20_000 * BurstLoss.of(0.02, 0.25).longRunShare(), (double) lost, 200);
    assertEquals(4, (double) lost / runs, 0.4, "packets in a row, on average");
  }

  @Test
  void shouldCountWhatIsHeldBack() {
    line.script(List.of(Fate.delayed(5)));
    line.offer(packet(1), 0);
    line.offer(packet(2), 0);
    assertEquals(1, line.statistics().heldBack());
  }
}
