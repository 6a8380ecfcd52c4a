package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.link.LinkException;
import io.tunstack.time.VirtualClock;
import org.junit.jupiter.api.Test;

final class PingedLinkTest {
  @Test
  void shouldBringAPing_andGoAwayWhenTold() {
    PingedLink link = new PingedLink();
    assertFalse(link.isAnswered());
    assertDoesNotThrow(() -> link.await(1));

    try (Stack stack = Stack.builder(link, new VirtualClock()).address("10.77.0.2/24").build()) {
      stack.poll(0);
    }

    assertTrue(link.isAnswered());
    assertDoesNotThrow(() -> link.await(1));
    link.goAway();
    assertThrows(LinkException.class, () -> link.await(1));
  }
}
