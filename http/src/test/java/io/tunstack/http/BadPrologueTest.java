package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** First lines that are not what they should be (RFC 9112 §2.2, §3). */
class BadPrologueTest {
  private final ServerHarness harness = new ServerHarness();

  private void refuses(int status, String stream) {
    FakeSocket socket = harness.send(stream);
    List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());
    assertEquals(List.of(status), responses.stream().map(ParsedResponse::status).toList(), stream);
    assertEquals("close", responses.get(0).field("Connection"));
    assertTrue(socket.finSent());
    assertEquals(0, harness.count(HttpCounter.REQUESTS), stream);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | GET /hello",
        "400 | GET  /hello HTTP/1.1",
        "400 | GET /hello  HTTP/1.1",
        "400 | GET /a b HTTP/1.1",
        "400 | GET /hello HTTP/1.1 junk",
        "400 | GET /hello XTTP/1.1",
        "400 | GET /hello http/1.1",
        "400 | GET /hello HTTP/1.10",
        "400 | GET /hello HTTP/11",
        "505 | GET /hello HTTP/9.9",
        "505 | GET /hello HTTP/2.0",
        "505 | GET /hello HTTP/0.9",
        "501 | FOOBAR /hello HTTP/1.1",
        "501 | get /hello HTTP/1.1",
        "400 | G(T /hello HTTP/1.1",
        "400 | GET hello HTTP/1.1",
        "400 | GET * HTTP/1.1",
        "400 | GET h:80 HTTP/1.1",
        "501 | CONNECT h:80 HTTP/1.1",
        "400 | GET ftp://h/hello HTTP/1.1",
        "400 | GET http:///hello HTTP/1.1",
        "400 | GET http://u@h/hello HTTP/1.1",
        "400 | GET /hello#f HTTP/1.1",
        "400 | GET /%zz HTTP/1.1",
        "400 | GET /%0 HTTP/1.1",
        "400 | GET /%00 HTTP/1.1",
        "400 | GET /?q=%00 HTTP/1.1",
        "400 | GET /%0d%0aX:y HTTP/1.1",
        "400 | GET /%ff HTTP/1.1",
        "400 | GET /../etc/passwd HTTP/1.1",
        "400 | GET /a/.. HTTP/1.1",
        "400 | GET /./hello HTTP/1.1",
        "400 | GET /%2e%2e/etc/passwd HTTP/1.1",
        "400 | GET /..%2fetc HTTP/1.1",
        "400 | GET /..%5cetc HTTP/1.1",
      })
  void shouldRefuse_whenTheRequestLineIs(int status, String line) {
    refuses(status, line + "\r\nHost: h\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /hello HTTP/1.1\nHost: h\n\n",
        "GET /hello HTTP/1.1\r\nHost: h\n\r\n",
        "\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /hello HTTP/1.1\r\rHost: h\r\n\r\n",
        "GET /he\rllo HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\u0000 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET\t/hello HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\u00e9 HTTP/1.1\r\nHost: h\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
        " GET /hello HTTP/1.1\r\nHost: h\r\n\r\n",
      })
  void shouldRefuse_whenOctetsAreOutOfPlace(String stream) {
    refuses(400, stream);
  }

  @Test
  void shouldAnswerGarbageAtOnce_whenItCannotBecomeARequest() {
    refuses(400, "\u0016");
    refuses(400, "GET /hello HTTP/1.1 junk\r\n");
  }

  @Test
  void shouldForgiveEmptyLines_whenTheyAreFew() {
    assertEquals(List.of(200), harness.statuses("\r\n\r\n" + get("/hello")));
    assertEquals(List.of(400), harness.statuses("\r\n".repeat(100) + get("/hello")));
  }

  @Test
  void shouldAnswer_whenTheMinorVersionIsHigher() {
    assertEquals(List.of(200), harness.statuses("GET /hello HTTP/1.2\r\nHost: h\r\n\r\n"));
  }

  @Test
  void shouldAnswer_whenTheTargetIsAbsolute() {
    String absolute = "GET http://other:80/hello HTTP/1.1\r\nHost: h\r\n\r\n";
    String bare = "GET HTTP://other?x HTTP/1.1\r\nHost: h\r\n\r\n";
    String v6 = "GET http://[::1]:80/hello HTTP/1.1\r\nHost: h\r\n\r\n";

    assertEquals(List.of(200, 200, 200), harness.statuses(absolute + bare + v6));
  }

  @Test
  void shouldDescribeItself_whenOptionsAsks() {
    List<ParsedResponse> answers =
        harness.answers(
            "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\nOPTIONS /sink HTTP/1.1\r\nHost: h\r\n\r\n");

    assertEquals(204, answers.get(0).status());
    assertEquals(204, answers.get(1).status());
    assertEquals("POST, PUT, OPTIONS", answers.get(1).field("Allow"));
  }

  @Test
  void shouldBear8000OctetsOfTargetAndRefuse70000() {
    assertEquals(List.of(200), harness.statuses(get("/hello?" + "x".repeat(8_000))));
    refusesOnly(414, get("/hello?" + "x".repeat(70_000)));
  }

  private void refusesOnly(int status, String stream) {
    assertEquals(List.of(status), harness.statuses(stream));
  }
}
