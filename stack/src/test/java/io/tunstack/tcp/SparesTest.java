package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class SparesTest {
  private int made;
  private final Spares<int[]> spares = new Spares<>(() -> new int[] {made++}, 2);

  @Test
  void shouldHandOutWhatCameBackLast() {
    int[] first = spares.take();
    int[] second = spares.take();
    assertNotSame(first, second);
    spares.give(first);
    spares.give(second);
    assertSame(second, spares.take());
    assertSame(first, spares.take());
    assertEquals(2, made);
  }

  @Test
  void shouldKeepNoMoreThanItMay() {
    for (int i = 0; i < 3; i++) {
      spares.give(new int[] {-i});
    }
    assertEquals(-1, spares.take()[0]);
    assertEquals(0, spares.take()[0]);
    assertEquals(0, spares.take()[0], "the first that is made");
    assertEquals(1, made);
  }
}
