package io.tunstack.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.client.HttpUrl.InvalidUrlException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://10.77.0.1, 10.77.0.1, 80, /",
    "http://10.77.0.1/, 10.77.0.1, 80, /",
    "HTTP://Example.COM:8080/A, example.com, 8080, /A",
    "10.77.0.1:81/x, 10.77.0.1, 81, /x",
    "http://h:/x, h, 80, /x",
    "http://h?q, h, 80, /?q",
    "http://h?a=http://b/../c, h, 80, /?a=http://b/../c",
    "h/?u=ftp://x, h, 80, /?u=ftp://x",
    "http://h/a#b?c, h, 80, /a",
    "http://h#b, h, 80, /",
    "http://h/a/./b/../c, h, 80, /a/c",
    "http://h/../../a, h, 80, /a",
    "http://h/a/.., h, 80, /",
    "http://h/a/b/., h, 80, /a/b/",
    "http://h//a//b, h, 80, //a//b",
    "http://h/%7e%2F, h, 80, /%7e%2F",
    "http://h/\u00e4\"<>^`{}, h, 80, /%C3%A4%22%3C%3E%5E%60%7B%7D",
    "http://h\\a\\b, h, 80, /a/b",
    "http://[::1]:8080/x, [::1], 8080, /x",
  })
  void shouldReadIt(String text, String host, int port, String target) {
    assertEquals(new HttpUrl(host, port, target), HttpUrl.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://",
        "http:///x",
        "http://:80/",
        "http://h:0/",
        "http://h:65536/",
        "http://h:x/",
        "http://h:-1/",
        "http://h:999999999999/",
        "http://h h/",
        "http://h/a b",
        "http://h/\r\nX: y",
        "http://h/\u0000",
        "http://user:pass@h/",
        "http://[::1/",
        "http://h%41/",
        "http://h\u00e4/",
        "ht!tp://h/",
        "://h/",
        "mailto:somebody",
      })
  void shouldRefuseIt_whenMalformed(String text) {
    InvalidUrlException refused =
        assertThrows(InvalidUrlException.class, () -> HttpUrl.parse(text));

    assertFalse(refused.isOtherScheme(), refused::getMessage);
    assertTrue(refused.getMessage().startsWith("not a URL: "), refused::getMessage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://h/", "ftp://h/", "file:///etc/passwd", "git+ssh://h/"})
  void shouldSayThatTheProtocolIsNotSpokenHere(String text) {
    InvalidUrlException refused =
        assertThrows(InvalidUrlException.class, () -> HttpUrl.parse(text));

    assertTrue(refused.isOtherScheme());
    assertTrue(refused.getMessage().contains("http://"), refused::getMessage);
  }

  @Test
  void shouldRefusePartsThatBreakOut() {
    assertThrows(InvalidUrlException.class, () -> new HttpUrl("h\r\nX: y", 80, "/"));
    assertThrows(InvalidUrlException.class, () -> new HttpUrl("h", 80, "/ HTTP/1.1\r\n"));
    assertThrows(InvalidUrlException.class, () -> new HttpUrl("h", 80, "x"));
    assertThrows(InvalidUrlException.class, () -> new HttpUrl("h", 0, "/"));
  }

  @Test
  void shouldTellTheAuthority() {
    assertEquals("h", HttpUrl.parse("http://h:80/").authority());
    assertEquals("h:8080", HttpUrl.parse("http://h:8080/").authority());
  }

  @Test
  void shouldKnowWhereToConnectTo_whenTheHostIsAnAddress() {
    assertEquals(
        Optional.of(OriginRig.address("10.77.0.2", 8080)),
        HttpUrl.parse("http://10.77.0.2:8080/").literalAddress());
    assertEquals(Optional.empty(), HttpUrl.parse("http://10.77.0.256/").literalAddress());
    assertEquals(Optional.empty(), HttpUrl.parse("http://name/").literalAddress());
  }
}
