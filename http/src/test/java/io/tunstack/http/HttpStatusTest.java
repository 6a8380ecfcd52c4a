package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpStatusTest {
  @ParameterizedTest
  @ValueSource(ints = {200, 204, 400, 404, 405, 408, 413, 414, 417, 431, 500, 501, 505})
  void shouldHaveWordsForEveryStatusThatTheServerGivesItself(int status) {
    assertFalse(HttpStatus.reason(status).isEmpty());
  }

  @Test
  void shouldHaveNoWordsForOthers() {
    assertEquals("", HttpStatus.reason(299));
  }

  @Test
  void shouldKnowWhichHaveNoBody() {
    assertTrue(HttpStatus.hasNoBody(204) && HttpStatus.hasNoBody(304));
    assertFalse(HttpStatus.hasNoBody(200) || HttpStatus.hasNoBody(205));
  }
}
