package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseTest {
  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: x", "a\nb", "a\rb", "a\u0000b", "\u007f", "\u20ac"})
  void shouldRefuseAValue_whenItCouldBreakTheHead(String value) {
    assertThrows(IllegalArgumentException.class, () -> HttpResponse.status(200).header("X", value));
    assertThrows(
        IllegalArgumentException.class, () -> HttpResponse.status(200).body(value, "body"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a:",
        "a\r\n",
        "\u00e9",
        "Content-Length",
        "transfer-encoding",
        "Connection",
        "DATE",
      })
  void shouldRefuseAName_whenItIsNoneOrTheServers(String name) {
    assertThrows(IllegalArgumentException.class, () -> HttpResponse.status(200).header(name, "x"));
  }

  @Test
  void shouldTakeTabsAndLatin1InValues() {
    HttpResponse response = HttpResponse.status(200).header("X", "a\tb \u00e9").build();

    assertEquals(List.of("X", "a\tb \u00e9"), response.headers());
  }

  @Test
  void shouldLimitTheHead() {
    HttpResponse.Builder builder = HttpResponse.status(200);
    int fields = HttpResponse.MAX_HEADER_CHARS / 6;
    for (int i = 0; i < fields; i++) {
      builder.header("X", "y");
    }

    assertThrows(IllegalArgumentException.class, () -> builder.header("X", "y"));
  }

  @Test
  void shouldRefuseWhatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> HttpResponse.status(100));
    assertThrows(IllegalArgumentException.class, () -> HttpResponse.status(600));
    assertThrows(
        IllegalArgumentException.class,
        () -> HttpResponse.status(200).stream("a/b", -1, target -> 0));
    assertThrows(
        IllegalStateException.class, () -> HttpResponse.status(204).body("a/b", "x").build());
  }

  @Test
  void shouldLeaveTheCallersBufferAlone() {
    ByteBuffer bytes = ByteBuffer.wrap("xabcx".getBytes(StandardCharsets.US_ASCII), 1, 3);
    HttpResponse response = HttpResponse.status(200).body("text/plain", bytes).build();
    ByteBuffer target = ByteBuffer.allocate(2);

    assertEquals(3, response.length());
    assertEquals(2, response.body().produce(target));
    assertEquals(1, response.body().produce(target.clear()));
    assertEquals('c', target.get(0));
    assertEquals(BodyProducer.END, response.body().produce(target));
    assertEquals(3, bytes.remaining());
  }
}
