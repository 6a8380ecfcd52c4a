package io.tunstack.http.routes;

import static io.tunstack.http.ServerHarness.post;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

class SinkRouteTest {
  private static final String SHA_256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String SHA_256_OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final ServerHarness harness = new ServerHarness();

  @Test
  void shouldCount() {
    ParsedResponse response = harness.answers(post("/sink", "x".repeat(70_000))).get(0);

    assertEquals("{\"bytes\":70000}\n", response.text());
    assertEquals("application/json", response.field("Content-Type"));
  }

  @Test
  void shouldDigest_whenAskedTo() {
    List<ParsedResponse> answers = harness.answers(post("/digest", "abc") + post("/digest", ""));

    assertEquals("{\"bytes\":3,\"sha256\":\"" + SHA_256_OF_ABC + "\"}\n", answers.get(0).text());
    assertEquals(
        "{\"bytes\":0,\"sha256\":\"" + SHA_256_OF_NOTHING + "\"}\n", answers.get(1).text());
  }

  @Test
  void shouldTakePutToo_andNothingElse() {
    String put = "PUT /sink HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx";

    assertEquals(List.of(200, 405), harness.statuses(put + ServerHarness.get("/sink")));
  }
}
