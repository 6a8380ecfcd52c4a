package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Heads and bodies on whose end two readers could disagree: refused, and nothing after them read.
 */
class SmugglingTest {
  private final ServerHarness harness = new ServerHarness();

  /** Escapes stand for octets that a source file had better not contain. */
  private static String octets(String text) {
    return text.replace("\\t", "\t")
        .replace("\\v", "\u000b")
        .replace("\\0", "\0")
        .replace("\\r", "\r");
  }

  private void refuses(int status, String stream) {
    FakeSocket socket = harness.send(stream + get("/hello"));
    List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());
    assertEquals(List.of(status), responses.stream().map(ParsedResponse::status).toList(), stream);
    assertTrue(socket.finSent(), stream);
    assertFalse(socket.output().contains("hello\n"), stream);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | Content-Length: 6~Transfer-Encoding: chunked",
        "400 | Transfer-Encoding: chunked~Content-Length: 6",
        "400 | Content-Length: 5~Content-Length: 6",
        "400 | Content-Length: 5~Content-Length: 5",
        "400 | Content-Length: 5, 5",
        "400 | Content-Length: -1",
        "400 | Content-Length: +3",
        "400 | Content-Length: 3x",
        "400 | Content-Length: 0x3",
        "400 | Content-Length: 3 4",
        "400 | Content-Length:",
        "413 | Content-Length: 12345678901234567890123",
        "501 | Transfer-Encoding: gzip",
        "501 | Transfer-Encoding: xchunked",
        "501 | Transfer-Encoding: identity",
        "501 | Transfer-Encoding: gzip, chunked",
        "400 | Transfer-Encoding: chunked, gzip",
        "400 | Transfer-Encoding: chunked, chunked",
        "400 | Transfer-Encoding: chunked~Transfer-Encoding: chunked",
        "400 | Transfer-Encoding: chunked;q=1",
        "400 | Transfer-Encoding: chunked ;q=1",
        "400 | Transfer-Encoding: chunked,",
        "400 | Transfer-Encoding:",
        "400 | Transfer-Encoding: \\vchunked",
        "400 | Transfer-Encoding : chunked",
        "400 | Transfer-Encoding\\t: chunked",
        "400 | Content-Length : 5",
        "400 | X: a\\0b",
        "400 | X\\0: a",
        "400 | X: a\\rb",
        "400 | X: a~ folded",
        "400 | X: a~\\tfolded",
        "400 | : empty",
        "400 | no colon",
        "400 | a b: c",
        "417 | Expect: foo",
      })
  void shouldRefuse_whenTheFieldsAre(int status, String fields) {
    refuses(
        status,
        "POST /sink HTTP/1.1\r\nHost: h\r\n"
            + octets(fields == null ? "" : fields).replace("~", "\r\n")
            + "\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host: a\r\nHost: a\r\n",
        "Host: a b\r\n",
        "Host: a/b\r\n",
        "Host: a:b\r\n",
        "Host: a@b\r\n",
        "Host: [::1\r\n",
        "Host: [x]\r\n",
        "Host : a\r\n",
        " Host: a\r\n",
      })
  void shouldRefuse_whenTheHostIs(String host) {
    refuses(400, "GET /hello HTTP/1.1\r\n" + host + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hOsT: a", "Host:a:80", "HOST: 10.77.0.2", "Host: [2001:db8::1]:80", "Host:"})
  void shouldAnswer_whenTheHostIs(String host) {
    assertEquals(List.of(200), harness.statuses("GET /hello HTTP/1.1\r\n" + host + "\r\n\r\n"));
  }

  @Test
  void shouldRefuse_whenHttp10IsChunked() {
    refuses(400, "POST /sink HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nabc\r\n",
        "-1\r\n",
        "+3\r\nabc\r\n",
        "0x3\r\nabc\r\n",
        " 3\r\nabc\r\n",
        "3 \r\nabc\r\n",
        "\r\nabc\r\n",
        "4\r\nabc\r\n0\r\n\r\n",
        "2\r\nabc\r\n",
        "3\nabc\r\n",
        "3\r\nabc\n0\r\n\r\n",
        "3\r\nabcX",
        "3;x\nabc\r\n",
        "3;\u0000\r\nabc\r\n",
        "12345678901234567\r\n",
        "ffffffffffffffff\r\n",
        "0\r\nbad trailer\r\n\r\n",
        "0\r\n folded: x\r\n\r\n",
        "0\r\nX : y\r\n\r\n",
        "0\nX",
      })
  void shouldRefuse_whenAChunkedBodyIs(String body) {
    refuses(400, "POST /sink HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
  }

  @Test
  void shouldLimitExtensionsAndTrailers() {
    String head = "POST /sink HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    String extended = "1;" + "e".repeat(10_000) + "\r\nx\r\n";

    refuses(400, head + extended.repeat(2));
    refuses(431, head + "0\r\n" + "T: t\r\n".repeat(10_000) + "\r\n");
  }

  @Test
  void shouldLimitTheHeaderSection() {
    String line = "GET /hello HTTP/1.1\r\nHost: h\r\n";

    refuses(431, line + "X: " + "x".repeat(70_000) + "\r\n\r\n");
    refuses(431, line + "X: y\r\n".repeat(20_000) + "\r\n");
    refuses(431, line + "X:\r\n".repeat(300) + "\r\n");
    assertEquals(List.of(200), harness.statuses(line + "X: " + "x".repeat(30_000) + "\r\n\r\n"));
  }

  @Test
  void shouldRefuseAtOnce_whenTheBodyWillBeTooLong() {
    for (String path : List.of("/echo", "/sink", "/digest", "/hello")) {
      refuses(413, "PUT " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1099511627776\r\n\r\n");
    }
  }

  @Test
  void shouldCombineNothing_whenListFieldsRepeat() {
    String request = "GET /hello HTTP/1.1\r\nHost: h\r\nAccept: a\r\nAccept: b\r\n\r\n";

    assertEquals(List.of(200), harness.statuses(request));
  }
}
