package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpMethodTest {
  @ParameterizedTest
  @EnumSource(HttpMethod.class)
  void shouldFindEveryMethodByItsOctets(HttpMethod method) {
    byte[] octets = Heads.octets("x" + method + "x");

    assertEquals(method, HttpMethod.find(octets, 1, octets.length - 1));
    assertNull(HttpMethod.find(octets, 1, octets.length));
  }

  @Test
  void shouldTellCasesApart() {
    assertNull(HttpMethod.find(Heads.octets("get"), 0, 3));
  }
}
