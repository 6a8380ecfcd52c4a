package io.tunstack.http.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.http.HttpExchange;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import io.tunstack.http.HttpRouter;
import io.tunstack.http.ServerHarness;
import io.tunstack.http.wire.HttpMethod;
import org.junit.jupiter.api.Test;

/** The example of the README, compiled and run. */
class VisitorCountTest {
  // README: begin
  /** {@code GET /visitors} tells how many there were; {@code DELETE} starts again. */
  static final class VisitorCount implements HttpHandler {
    private long visitors;

    @Override
    public void handle(HttpExchange exchange) {
      if (exchange.request().method() == HttpMethod.DELETE) {
        visitors = 0;
        exchange.respond(HttpResponse.status(204).build());
        return;
      }
      visitors++;
      String name = exchange.request().queryParameter("name").orElse("stranger");
      exchange.respond(HttpResponse.text(200, name + ", you are number " + visitors + "\n"));
    }
  }

  static HttpRouter router() {
    HttpHandler visitors = new VisitorCount();
    return HttpRouter.builder()
        .get("/visitors", visitors)
        .route(HttpMethod.DELETE, "/visitors", visitors)
        .build();
  }

  // README: end

  @Test
  void shouldCountVisitors() {
    ServerHarness harness = new ServerHarness(router());
    String delete = "DELETE /visitors HTTP/1.1\r\nHost: h\r\n\r\n";
    String get = ServerHarness.get("/visitors?name=Ada");

    var answers = harness.answers(get + get + delete + get);

    assertEquals("Ada, you are number 2\n", answers.get(1).text());
    assertEquals(204, answers.get(2).status());
    assertEquals("Ada, you are number 1\n", answers.get(3).text());
  }
}
