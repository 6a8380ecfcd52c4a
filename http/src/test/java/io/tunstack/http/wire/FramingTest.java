package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | X: y | true",
        "1 | Connection: close | false",
        "1 | Connection: a,, Close ,b | false",
        "1 | Connection: keep-alive, close | false",
        "1 | Connection: closed | true",
        "0 | X: y | false",
        "0 | Connection: Keep-Alive | true",
        "0 | Connection: keep-alive, close | false",
      })
  void shouldTellWhetherTheConnectionGoesOn(int minor, String field, boolean keepAlive)
      throws BadMessageException {
    RequestHead head = Heads.parse("GET / HTTP/1." + minor, "Host: h", field);

    assertEquals(keepAlive, head.keepAlive());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 9223372036854775807",
        "413 | 9223372036854775808",
        "413 | 99999999999999999999999",
        "400 | 5,5",
        "400 | 0x10",
        "400 | 1e3",
      })
  void shouldJudgeContentLength(int refusal, String value) {
    assertEquals(refusal, Heads.refusal("PUT / HTTP/1.1", "Host: h", "Content-Length: " + value));
  }

  @Test
  void shouldLookAtTheFramingOfEveryField_whateverItsPlace() {
    assertEquals(
        400,
        Heads.refusal(
            "PUT / HTTP/1.1", "Transfer-Encoding: chunked", "Host: h", "content-LENGTH: 3"));
    assertEquals(
        501, Heads.refusal("PUT / HTTP/1.1", "Host: h", "Transfer-Encoding: gzip", "TE: trailers"));
  }
}
