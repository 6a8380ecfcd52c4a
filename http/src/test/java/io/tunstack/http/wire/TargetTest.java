package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  private static Target target(HttpMethod method, String text) throws BadMessageException {
    byte[] octets = Heads.octets(text);
    return Target.parse(method, octets, 0, octets.length);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /, ''",
    "/a/b, /a/b, ''",
    "/a?b=c?d, /a, b=c?d",
    "/a%2Fb%20c, '/a/b c', ''",
    "/%c3%a9?%c3, /é, %c3",
    "/a.b/..c/...?..=/../, /a.b/..c/..., ..=/../",
    "http://h, /, ''",
    "http://h?q, /, q",
    "HTTP://[::1]:8080/x?y, /x, y",
    "/{a}|b^c~, /{a}|b^c~, ''",
  })
  void shouldTakeApart(String raw, String path, String query) throws BadMessageException {
    Target target = target(HttpMethod.GET, raw);

    assertEquals(raw, target.raw());
    assertEquals(path, target.path());
    assertEquals(query, target.query());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/.",
        "/a/../b",
        "/%2e%2e/",
        "/.%2E",
        "/a%2f..%2fb",
        "/a/..%2f",
        "http://h/..",
        "/%5c",
        "/a\\b",
        "/%0a",
        "/%7f",
        "/%",
        "/%4",
        "/%4g",
        "/?%",
        "/%c3%28",
        "/\"",
        "/<",
        "a",
        "?",
        "*x",
        "http://",
        "http:///",
        "http://h:x/",
        "https://h/",
        "//..",
      })
  void shouldRefuse(String raw) {
    int status = 0;
    try {
      target(HttpMethod.GET, raw);
    } catch (BadMessageException e) {
      status = e.status();
    }
    assertEquals(400, status);
  }

  @Test
  void shouldKnowTheAsterisk_whenTheMethodIsOptions() throws BadMessageException {
    assertEquals("*", target(HttpMethod.OPTIONS, "*").path());
  }
}
