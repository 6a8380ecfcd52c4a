package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BottleneckTest {
  @Test
  void shouldMultiplyRateAndTime() {
    assertEquals(125_000, Bottleneck.product(20_000_000, Duration.ofMillis(50)));
    assertEquals(375_000_000, Bottleneck.product(10_000_000_000L, Duration.ofMillis(300)));
  }

  @Test
  void shouldChangeTheDisciplineOnly() {
    Bottleneck plain = Bottleneck.tailDrop(8, 9);
    assertEquals(
        new Bottleneck(8, 9, QueueDiscipline.CODEL, true), plain.with(QueueDiscipline.CODEL, true));
  }

  @Test
  void shouldRefuse_whenAValueIsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> Bottleneck.tailDrop(-1, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Bottleneck.tailDrop(Bottleneck.MAX_BITS_PER_SECOND + 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Bottleneck.tailDrop(1, 0));
  }
}
