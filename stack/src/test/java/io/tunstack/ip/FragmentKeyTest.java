package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FragmentKeyTest {
  @Test
  void shouldDiffer_whenAnyPartDoes() {
    FragmentKey key = new FragmentKey(1, 2, 3, 4);
    assertEquals(key, new FragmentKey(1, 2, 3, 4));
    assertEquals(0, key.compareTo(new FragmentKey(1, 2, 3, 4)));
    for (FragmentKey other :
        List.of(
            new FragmentKey(9, 2, 3, 4),
            new FragmentKey(1, 9, 3, 4),
            new FragmentKey(1, 2, 9, 4),
            new FragmentKey(1, 2, 3, 9))) {
      assertNotEquals(key, other);
      assertEquals(-1, Integer.signum(key.compareTo(other)));
      assertEquals(1, Integer.signum(other.compareTo(key)));
    }
  }
}
