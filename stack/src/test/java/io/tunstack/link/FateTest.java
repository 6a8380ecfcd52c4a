package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FateTest {
  @Test
  void shouldNameWhatHappens() {
    assertEquals(0, Fate.DROP.copies());
    assertEquals(1, Fate.DELIVER.copies());
    assertEquals(2, Fate.DUPLICATE.copies());
    assertEquals(new Fate(1, 5, Fate.INTACT), Fate.delayed(5));
    assertEquals(new Fate(1, 0, 9), Fate.corrupted(9));
  }

  @Test
  void shouldRefuse_whenAValueIsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new Fate(-1, 0, Fate.INTACT));
    assertThrows(
        IllegalArgumentException.class, () -> new Fate(Fate.MAX_COPIES + 1, 0, Fate.INTACT));
    assertThrows(IllegalArgumentException.class, () -> Fate.delayed(-1));
    assertThrows(IllegalArgumentException.class, () -> Fate.corrupted(-2));
  }
}
