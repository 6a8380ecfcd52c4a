package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.http.wire.HttpMethod;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRouterTest {
  private static final HttpHandler OK = HttpHandler.of(request -> HttpResponse.text(200, "ok"));

  private final HttpRouter.Builder builder =
      HttpRouter.builder()
          .get("/a", OK)
          .route(HttpMethod.DELETE, "/a", OK)
          .route(HttpMethod.PUT, "/small", 3, OK)
          .get("/sp ace", OK);

  private ParsedResponse answer(String request) {
    return new ServerHarness(builder.build()).answers(request).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /a, 200, ",
    "HEAD /a, 200, ",
    "DELETE /a, 200, ",
    "GET /a?q, 200, ",
    "GET /%61, 200, ",
    "GET /sp%20ace, 200, ",
    "POST /a, 405, 'GET, HEAD, DELETE, OPTIONS'",
    "TRACE /a, 405, 'GET, HEAD, DELETE, OPTIONS'",
    "OPTIONS /a, 204, 'GET, HEAD, DELETE, OPTIONS'",
    "GET /small, 405, 'PUT, OPTIONS'",
    "GET /A, 404, ",
    "GET /a/, 404, ",
    "OPTIONS /b, 404, ",
    "OPTIONS *, 204, 'GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH'",
  })
  void shouldFind(String request, int status, String allow) {
    ParsedResponse response = answer(request + " HTTP/1.1\r\nHost: h\r\n\r\n");

    assertEquals(status, response.status());
    assertEquals(allow, response.field("Allow"));
  }

  @Test
  void shouldLimitBodiesByRoute() {
    String chunked =
        "PUT /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n";

    assertEquals(
        413, answer("PUT /small HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n").status());
    assertEquals(
        200, answer("PUT /small HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc").status());
    assertEquals(200, answer(chunked + "1\r\nc\r\n0\r\n\r\n").status());
  }

  @Test
  void shouldRefuseAChunkedBody_whenItGrowsBeyondTheLimit() {
    HttpRouter router =
        HttpRouter.builder()
            .route(
                HttpMethod.PUT,
                "/small",
                3,
                exchange -> exchange.readBody(new Swallowing(exchange)))
            .build();
    String chunked =
        "PUT /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\n";

    assertEquals(List.of(413), new ServerHarness(router).statuses(chunked));
  }

  private record Swallowing(HttpExchange exchange) implements BodyConsumer {
    @Override
    public void onData(ByteBuffer data) {
      data.position(data.limit());
    }

    @Override
    public void onEnd() {
      exchange.respond(HttpResponse.text(200, "swallowed"));
    }
  }

  @Test
  void shouldRefuseRoutesThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> builder.get("a", OK));
    assertThrows(IllegalArgumentException.class, () -> builder.get("/a", OK));
    assertThrows(IllegalArgumentException.class, () -> builder.route(HttpMethod.CONNECT, "/c", OK));
  }

  @Test
  void shouldNotChange_whenItsBuilderGoesOn() {
    HttpRouter router = builder.build();
    builder.get("/later", OK).route(HttpMethod.PUT, "/a", OK);

    ServerHarness harness = new ServerHarness(router);

    assertEquals(
        List.of(404, 405),
        harness.statuses(ServerHarness.get("/later") + "PUT /a HTTP/1.1\r\nHost: h\r\n\r\n"));
  }
}
