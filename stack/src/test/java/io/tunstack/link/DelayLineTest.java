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
    for (int i = 0; i < DelayLine.MAX_HELD; i++) {
      assertTrue(line.offer(packet(i), 0));
    }
    assertFalse(line.offer(packet(0), 0));
    assertEquals(1, line.overflowed());
    line.clear();
    assertEquals(0, line.underWay());
    assertTrue(line.offer(packet(0), 0));
  }
}
