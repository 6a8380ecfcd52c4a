package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.wire.ResponseHead.Field;
import io.tunstack.http.wire.ResponseHead.Framing;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
  /** Fields as {@code name: value}, joined by semicolons. */
  private static ResponseHead head(int minor, int status, String fields) {
    List<Field> list =
        Arrays.stream(fields.split(";", -1))
            .filter(field -> !field.isEmpty())
            .map(field -> field.split(": ", 2))
            .map(pair -> new Field(pair[0].strip(), pair[1]))
            .toList();
    return new ResponseHead(minor, status, "", list);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 200, '', UNTIL_CLOSE",
    "GET, 200, Content-Length: 5, LENGTH",
    "GET, 200, Content-Length: 0, NONE",
    "GET, 200, content-length: 9223372036854775807, LENGTH",
    "GET, 200, Content-Length: 5;Content-Length: 05, LENGTH",
    "GET, 200, Transfer-Encoding: Chunked, CHUNKED",
    "GET, 404, '', UNTIL_CLOSE",
    "GET, 999, '', UNTIL_CLOSE",
    "HEAD, 200, Content-Length: 5, NONE",
    "HEAD, 200, Transfer-Encoding: chunked, NONE",
    "HEAD, 200, '', NONE",
    "head, 200, '', UNTIL_CLOSE",
    "GET, 100, '', NONE",
    "GET, 204, Content-Length: 5, NONE",
    "GET, 304, Content-Length: 5, NONE",
    "CONNECT, 200, Content-Length: 5, NONE",
    "CONNECT, 407, Content-Length: 5, LENGTH",
  })
  void shouldTellHowTheBodyEnds(String method, int status, String fields, Framing framing)
      throws BadMessageException {
    assertEquals(framing, head(1, status, fields).framing(method));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5;Content-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: 5,",
        "Content-Length: ",
        "Content-Length: -1",
        "Content-Length: +1",
        "Content-Length: 0x10",
        "Content-Length: 9223372036854775808",
        "Content-Length: 5;Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked;Transfer-Encoding: chunked",
        "Transfer-Encoding: ",
      })
  void shouldRefuse_whenTheFramingIsNotClear(String fields) {
    BadMessageException refused =
        assertThrows(BadMessageException.class, () -> head(1, 200, fields).framing("GET"));

    assertEquals(502, refused.status());
  }

  @Test
  void shouldRefuse_whenHttp10HasATransferEncoding() {
    assertThrows(
        BadMessageException.class, () -> head(0, 200, "Transfer-Encoding: chunked").framing("GET"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, '', true",
    "1, Connection: keep-alive, true",
    "1, 'Connection: x ,CLOSE', false",
    "1, Connection: x;connection: close, false",
    "1, Connection: closed, true",
    "0, '', false",
    "0, Connection: Keep-Alive, true",
    "0, 'Connection: keep-alive, close', false",
  })
  void shouldTellWhetherTheConnectionGoesOn(int minor, String fields, boolean keepAlive) {
    assertEquals(keepAlive, head(minor, 200, fields).keepAlive());
  }

  @Test
  void shouldJoinFieldsOfOneName() {
    ResponseHead head = head(1, 200, "A: 1;b: x;a: 2");

    assertEquals(Optional.of("1, 2"), head.field("a"));
    assertEquals(Optional.empty(), head.field("c"));
  }

  @Test
  void shouldTellInterimFromFinal() {
    assertTrue(head(1, 199, "").isInterim());
    assertFalse(head(1, 200, "").isInterim());
  }
}
