package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.wire.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRequestTest {
  private static HttpRequest request(String head) {
    List<HttpRequest> requests = new ArrayList<>();
    HttpHandler keep =
        exchange -> {
          requests.add(exchange.request().keep());
          exchange.respond(HttpResponse.status(204).build());
        };
    ServerHarness harness =
        new ServerHarness(
            HttpRouter.builder().get("/a b", keep).route(HttpMethod.POST, "/a b", keep).build());
    harness.send(head);
    return requests.get(0);
  }

  @Test
  void shouldGiveTheHeadOut() {
    HttpRequest request = request("GET /a%20b?q=1 HTTP/1.1\r\nHost: h\r\nx: 1\r\nX: 2\r\n\r\n");

    assertEquals(HttpMethod.GET, request.method());
    assertEquals("/a%20b?q=1", request.target());
    assertEquals("/a b", request.path());
    assertEquals("q=1", request.query());
    assertEquals(Optional.of("1, 2"), request.header("X"));
    assertEquals(OptionalLong.of(0), request.bodyLength());
    assertEquals("GET /a%20b?q=1", request.toString());
  }

  @Test
  void shouldKnowVersionsAndLengths() {
    assertTrue(request("GET /a%20b HTTP/1.0\r\n\r\n").isHttp10());
    assertEquals(
        OptionalLong.of(7),
        request("POST /a%20b HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\n").bodyLength());
    assertEquals(
        OptionalLong.empty(),
        request("POST /a%20b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            .bodyLength());
  }

  @ParameterizedTest
  @CsvSource({
    "n=5, 5",
    "m=1&n=2&n=3, 2",
    "n, ''",
    "n=, ''",
    "nn=1,",
    "=1&&,",
    "%6e=a+b%2B%26, 'a b+&'",
    "n=a=b, a=b",
    "n=%c3%a9, é",
  })
  void shouldFindQueryParameters(String query, String value) {
    HttpRequest request = request("GET /a%20b?" + query + " HTTP/1.1\r\nHost: h\r\n\r\n");

    assertEquals(Optional.ofNullable(value), request.queryParameter("n"));
  }

  @Test
  void shouldBeOver_whenItsExchangeIs() {
    List<HttpRequest> requests = new ArrayList<>();
    HttpHandler remember =
        exchange -> {
          requests.add(exchange.request());
          exchange.respond(HttpResponse.text(200, exchange.request().path()));
        };
    ServerHarness harness =
        new ServerHarness(HttpRouter.builder().get("/a", remember).get("/b", remember).build());

    harness.send(ServerHarness.get("/a") + ServerHarness.get("/b"));

    assertThrows(IllegalStateException.class, requests.get(0)::path);
    assertThrows(IllegalStateException.class, requests.get(0)::keep);
    assertEquals("a request that is over", requests.get(0).toString());
  }

  @Test
  void shouldStayAsItIs_whenItIsKept() {
    List<HttpRequest> requests = new ArrayList<>();
    HttpHandler keep =
        exchange -> {
          requests.add(exchange.request().keep());
          exchange.respond(HttpResponse.text(200, exchange.request().path()));
        };
    ServerHarness harness =
        new ServerHarness(HttpRouter.builder().get("/a", keep).get("/b", keep).build());

    harness.send(
        ServerHarness.get("/a?1").replace("Host", "X: 1\r\nHost") + ServerHarness.get("/b?2"));

    assertEquals("GET /a?1", requests.get(0).toString());
    assertEquals(Optional.of("1"), requests.get(0).header("X"));
    assertEquals("GET /b?2", requests.get(1).toString());
    assertEquals(Optional.empty(), requests.get(1).header("X"));
  }
}
