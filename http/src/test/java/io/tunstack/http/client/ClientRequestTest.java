package io.tunstack.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.http.BodyProducer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRequestTest {
  private static final HttpUrl URL = HttpUrl.parse("http://10.77.0.2:8080/a?b");
  private static final BodyProducer NOTHING = target -> BodyProducer.END;

  @Test
  void shouldHaveTheHostAndNothingElse() {
    assertEquals(
        "GET /a?b HTTP/1.1\r\nHost: 10.77.0.2:8080\r\n\r\n",
        new String(ClientRequest.get(URL).head(), ISO_8859_1));
  }

  @Test
  void shouldHaveOneHost_whenAnotherIsGiven() {
    ClientRequest request =
        ClientRequest.builder("GET", URL)
            .header("hOST", "example.com")
            .header("Accept", " */* ")
            .header("X", "")
            .build();

    assertEquals(
        List.of("GET /a?b HTTP/1.1", "Host: example.com", "Accept: */*", "X: "), request.lines());
  }

  @Test
  void shouldSayHowLongTheBodyIs() {
    assertEquals("Content-Length: 3", last(post().body(new byte[3])));
    assertEquals("Content-Length: 7", last(post().body(NOTHING, 7)));
    assertEquals("Transfer-Encoding: chunked", last(post().chunkedBody(NOTHING)));
    assertEquals("Content-Length: 3", last(post().chunkedBody(NOTHING).body(new byte[3])));
    assertEquals("Content-Length: 0", last(post()));
    assertEquals("Host: 10.77.0.2:8080", last(ClientRequest.builder("DELETE", URL)));
  }

  private static ClientRequest.Builder post() {
    return ClientRequest.builder("POST", URL);
  }

  private static String last(ClientRequest.Builder builder) {
    List<String> lines = builder.build().lines();
    return lines.get(lines.size() - 1);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length, 5",
    "transfer-encoding, chunked",
    "Connection, close",
    "TE, trailers",
    "Upgrade, x",
    "'A b', c",
    "'', c",
    "'A:', c",
    "A, 'b\r\nC: d'",
    "A, 'b\u0000'",
    "A, '\u20ac'",
    "Host, 'h\nX: y'",
  })
  void shouldRefuseAField_whenItCouldBreakTheMessage(String name, String value) {
    assertThrows(IllegalArgumentException.class, () -> post().header(name, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /x HTTP/1.1\r\nX:", "G T", "CONNECT"})
  void shouldRefuseAMethod_whenItIsNotOneForHere(String method) {
    assertThrows(IllegalArgumentException.class, () -> ClientRequest.builder(method, URL));
  }

  @Test
  void shouldRefuseANegativeLength() {
    assertThrows(IllegalArgumentException.class, () -> post().body(NOTHING, -1));
  }

  @ParameterizedTest
  @CsvSource({"GET, true", "PUT, true", "POST, false", "PATCH, false", "PURGE, false"})
  void shouldKnowWhatMayBeRepeated(String method, boolean repeatable) {
    ClientRequest.Builder builder = ClientRequest.builder(method, URL).body(new byte[2]);

    assertEquals(repeatable, builder.build().mayBeRepeated());
    assertEquals(false, builder.body(NOTHING, 2).build().mayBeRepeated());
  }
}
