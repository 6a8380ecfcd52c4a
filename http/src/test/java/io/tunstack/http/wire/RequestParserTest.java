package io.tunstack.http.wire;

import static io.tunstack.http.wire.Heads.LIMITS;
import static io.tunstack.http.wire.Heads.octets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RequestParserTest {
  private static final String HEAD = "\r\nPUT /a?b HTTP/1.1\r\nHost: h\r\nX: \t y z \t\r\n\r\n";

  private final RequestParser parser = new RequestParser(LIMITS);

  @Test
  void shouldGiveEverythingOut_whenTheHeadIsComplete() throws BadMessageException {
    byte[] octets = octets("junk" + HEAD + "body");

    assertTrue(parser.parse(octets, 4, octets.length));

    assertEquals(HEAD.length(), parser.length());
    RequestHead head = parser.head(octets, 4);
    assertEquals(HttpMethod.PUT, head.method());
    assertEquals("/a?b", head.target().raw());
    assertEquals(2, head.fieldCount());
    assertEquals("X", head.fieldName(1));
    assertEquals("y z", head.fieldValue(1));
  }

  @Test
  void shouldGoOn_whenTheBytesMoveToAnotherArray() throws BadMessageException {
    byte[] whole = octets(HEAD);
    for (int length = 1; length < whole.length; length++) {
      byte[] moved = new byte[length + 3];
      System.arraycopy(whole, 0, moved, 3, length);
      assertFalse(parser.parse(moved, 3, 3 + length), "at " + length);
    }

    assertTrue(parser.parse(whole, 0, whole.length));
    assertEquals("y z", parser.head(whole, 0).field("x").orElseThrow());
  }

  @Test
  void shouldTellWhetherARequestHasBegun() throws BadMessageException {
    byte[] octets = octets("\r\nG");

    assertFalse(parser.hasBegun());
    parser.parse(octets, 0, 2);
    assertFalse(parser.hasBegun());
    parser.parse(octets, 0, 3);
    assertTrue(parser.hasBegun());
  }

  @Test
  void shouldBeginAnew_whenReset() throws BadMessageException {
    byte[] octets = octets(HEAD);
    parser.parse(octets, 0, octets.length);

    parser.reset();

    assertFalse(parser.hasBegun());
    assertTrue(parser.parse(octets, 0, octets.length));
    assertEquals(2, parser.head(octets, 0).fieldCount());
  }

  @Test
  void shouldHoldToItsLimitsExactly() {
    String line = "GET /" + "x".repeat(LIMITS.requestLineBytes() - 14) + " HTTP/1.1";
    assertEquals(LIMITS.requestLineBytes(), line.length());

    assertEquals(0, Heads.refusal(line, "Host: h"));
    assertEquals(414, Heads.refusal(line.replace("/x", "/xx"), "Host: h"));
    String[] fields = new String[LIMITS.fields() + 1];
    fields[0] = "GET / HTTP/1.1";
    for (int i = 1; i < fields.length; i++) {
      fields[i] = i == 1 ? "Host: h" : "X: y";
    }
    assertEquals(0, Heads.refusal(fields));
    assertEquals(431, Heads.refusal(String.join("\r\n", fields), "One: more"));
  }

  @Test
  void shouldRefuseBeforeTheLineEnds_whenItIsTooLong() {
    byte[] octets = octets("GET /" + "x".repeat(LIMITS.requestLineBytes()));

    BadMessageException e =
        assertThrows(BadMessageException.class, () -> parser.parse(octets, 0, octets.length));

    assertEquals(414, e.status());
  }
}
