package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BadMessageExceptionTest {
  @Test
  void shouldCarryNoStackTrace_becauseStrangersCauseIt() {
    BadMessageException e = new BadMessageException(431, "too much");

    assertEquals(431, e.status());
    assertEquals("too much", e.getMessage());
    assertEquals(0, e.getStackTrace().length);
  }
}
