package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeadLimitsTest {
  @Test
  void shouldRefuseLessThanTheRfcAsksFor() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new HeadLimits(7_999, 1, 1, 1, 0));

    assertTrue(e.getMessage().contains("8000"));
    assertEquals(8_000, new HeadLimits(8_000, 1, 1, 1, 0).requestLineBytes());
    assertThrows(IllegalArgumentException.class, () -> new HeadLimits(8_000, 0, 1, 1, 0));
  }
}
