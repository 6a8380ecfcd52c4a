package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestHeadTest {
  @Test
  void shouldFindFieldsInAnyCase_andJoinThoseOfOneName() throws BadMessageException {
    RequestHead head =
        Heads.parse("GET / HTTP/1.1", "Host: h", "aCCept: a", "X: y", "Accept: b , c", "Empty:");

    assertEquals(Optional.of("a, b , c"), head.field("ACCEPT"));
    assertEquals(Optional.of(""), head.field("empty"));
    assertEquals(Optional.empty(), head.field("Accep"));
    assertEquals("aCCept", head.fieldName(1));
  }

  @Test
  void shouldKnowItsBody() throws BadMessageException {
    RequestHead none = Heads.parse("GET / HTTP/1.1", "Host: h");
    RequestHead empty = Heads.parse("PUT / HTTP/1.1", "Host: h", "Content-Length: 0");
    RequestHead some = Heads.parse("PUT / HTTP/1.1", "Host: h", "content-length: 00012");
    RequestHead chunked = Heads.parse("PUT / HTTP/1.1", "Host: h", "Transfer-Encoding: CHUNKED");

    assertEquals(-1, none.contentLength());
    assertFalse(none.hasBody() || empty.hasBody());
    assertEquals(12, some.contentLength());
    assertTrue(some.hasBody() && chunked.hasBody() && chunked.isChunked());
    assertFalse(some.isChunked());
  }

  @Test
  void shouldExpectToContinue_onlyWithABodyToWaitFor() throws BadMessageException {
    assertTrue(
        Heads.parse("PUT / HTTP/1.1", "Host: h", "Expect: 100-CONTINUE", "Content-Length: 1")
            .expectsContinue());
    assertFalse(Heads.parse("PUT / HTTP/1.1", "Host: h", "Expect: 100-continue").expectsContinue());
    assertFalse(Heads.parse("PUT / HTTP/1.0", "Expect: x", "Content-Length: 1").expectsContinue());
  }
}
