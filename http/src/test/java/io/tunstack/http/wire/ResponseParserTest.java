package io.tunstack.http.wire;

import static io.tunstack.http.wire.Heads.LIMITS;
import static io.tunstack.http.wire.Heads.octets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.wire.ResponseHead.Field;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {
  private final ResponseParser parser = new ResponseParser(LIMITS);

  private int parse(String text) throws BadMessageException {
    byte[] octets = octets(text);
    return parser.parse(octets, 0, octets.length);
  }

  @Test
  void shouldGiveEverythingOut_whenTheHeadIsComplete() throws BadMessageException {
    String head =
        "HTTP/1.1 404 Not  Found\r\nA:\t b c \t\r\nX-\u00e4: no\r\n".replace("\u00e4", "a");

    assertEquals(head.length() + 2, parse(head + "\r\nbody"));

    assertTrue(parser.isDone());
    assertEquals(1, parser.head().minorVersion());
    assertEquals(404, parser.head().status());
    assertEquals("Not  Found", parser.head().reason());
    assertEquals(List.of(new Field("A", "b c"), new Field("X-a", "no")), parser.head().fields());
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.0 200 OK, 0, 200, OK",
    "HTTP/1.1 200, 1, 200, ''",
    "'HTTP/1.1 200 ', 1, 200, ''",
    "HTTP/1.9 599 x, 1, 599, x",
    "HTTP/1.1 999 Denied, 1, 999, Denied",
    "HTTP/1.1 100 \u00e9, 1, 100, \u00e9",
  })
  void shouldReadTheStatusLine(String line, int minor, int status, String reason)
      throws BadMessageException {
    parse(line + "\r\n\r\n");

    assertEquals(new ResponseHead(minor, status, reason, List.of()), parser.head());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 abc OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 099 OK",
        "HTTP/1.1  200 OK",
        "HTTP/1.1 200OK",
        " HTTP/1.1 200 OK",
        "HTTP/2.0 200 OK",
        "HTTP/1.x 200 OK",
        "http/1.1 200 OK",
        "HTTP/1.1\t200 OK",
        "ICY 200 OK",
      })
  void shouldRefuse_whenTheStatusLineIsNone(String line) {
    assertEquals(502, assertThrows(BadMessageException.class, () -> parse(line + "\r\n")).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A : b\r\n",
        ": b\r\n",
        "A\r\n",
        " A: b\r\n",
        "A: b\rc\r\n",
        "A: \u0000\r\n",
        "A: \u007f\r\n",
      })
  void shouldRefuse_whenAFieldIsNone(String lines) {
    assertThrows(BadMessageException.class, () -> parse("HTTP/1.1 200 OK\r\n" + lines + "\r\n"));
  }

  @Test
  void shouldTakeALineFeedAlone_asTheEndOfALine() throws BadMessageException {
    String head = "HTTP/1.1 200 OK\nA: b\nC: d\r\n\n";

    assertEquals(head.length(), parse(head + "body"));

    assertEquals(List.of(new Field("A", "b"), new Field("C", "d")), parser.head().fields());
  }

  @Test
  void shouldJoinFoldedLinesWithASpace() throws BadMessageException {
    parse("HTTP/1.1 200 OK\r\nA: b\r\n \t c\r\n\td \r\nE:\r\n f\r\n\r\n");

    assertEquals(List.of(new Field("A", "b c d"), new Field("E", "f")), parser.head().fields());
  }

  @Test
  void shouldRefuse_whenALimitIsPassed() {
    assertThrows(BadMessageException.class, () -> parse("HTTP/1.1 200 " + "x".repeat(8_000)));
    parser.reset();
    assertThrows(
        BadMessageException.class, () -> parse("HTTP/1.1 200 OK\r\nA: " + "x".repeat(4_000)));
    parser.reset();
    assertThrows(
        BadMessageException.class, () -> parse("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(21)));
    parser.reset();
    assertThrows(
        BadMessageException.class,
        () -> parse("HTTP/1.1 200 OK\r\nA: b\r\n" + " \r\n".repeat(4_001)));
  }

  @Test
  void shouldBeginAnew_whenReset() throws BadMessageException {
    assertFalse(parser.hasBegun());
    parse("HTTP/1.1 100 Continue\r");
    assertTrue(parser.hasBegun());
    assertFalse(parser.hasStatusLine());
    parse("\nA: b\r\n\r\n");
    assertTrue(parser.hasStatusLine());

    parser.reset();

    assertFalse(parser.hasBegun());
    assertFalse(parser.hasStatusLine());
    assertFalse(parser.isDone());
    assertThrows(IllegalStateException.class, parser::head);
    parse("HTTP/1.1 200 OK\r\n\r\n");
    assertEquals(new ResponseHead(1, 200, "OK", List.of()), parser.head());
  }
}
