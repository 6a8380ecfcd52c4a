package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextHandlerTest {
  private static ServerHarness harness(HttpHandler handler) {
    return new ServerHarness(HttpRouter.builder().get("/a", handler).build());
  }

  private static List<String> bodies(ServerHarness harness, String stream) {
    return harness.answers(stream).stream().map(ParsedResponse::text).toList();
  }

  @Test
  void shouldAskForTheTextAnew_whenRequestsArePipelined() {
    List<String> texts = new ArrayList<>(List.of("a longer text\n", "", "b\n", "\u20ac\n", "c\n"));
    ServerHarness harness = harness(HttpHandler.text(200, () -> texts.remove(0)));

    assertEquals(
        List.of("a longer text\n", "", "b\n", "\u20ac\n", "c\n"),
        bodies(harness, ServerHarness.get("/a").repeat(5)));
  }

  @Test
  void shouldSendATextOfAnyLength() {
    List<String> texts = new ArrayList<>();
    for (int length : new int[] {255, 256, 257, 100_000, 3}) {
      texts.add("x".repeat(length));
    }
    List<String> wanted = List.copyOf(texts);
    ServerHarness harness = harness(HttpHandler.text(200, () -> texts.remove(0)));

    assertEquals(wanted, bodies(harness, ServerHarness.get("/a").repeat(5)));
  }

  @Test
  void shouldLeaveTheTextOut_whenTheMethodIsHead() {
    ServerHarness harness = harness(HttpHandler.text(404, () -> "gone\n"));

    ParsedResponse answer = harness.answers("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n").get(0);

    assertEquals(404, answer.status());
    assertEquals("5", answer.field("Content-Length"));
    assertEquals(0, answer.body().length);
  }

  @Test
  void shouldThrowTheBodyAway_whenThereIsOne() {
    ServerHarness harness = harness(HttpHandler.text(200, () -> "hello\n"));
    String withBody = "GET /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";

    assertEquals(
        List.of("hello\n", "hello\n"), bodies(harness, withBody + ServerHarness.get("/a")));
  }

  @Test
  void shouldFailThisRequestOnly_whenTheTextCannotBeMade() {
    List<String> texts = new ArrayList<>(List.of("a\n"));
    ServerHarness harness = harness(HttpHandler.text(200, () -> texts.remove(0)));

    assertEquals(List.of(200, 500), harness.statuses(ServerHarness.get("/a").repeat(3)));
    texts.add("b\n");
    assertEquals(List.of("b\n"), bodies(harness, ServerHarness.get("/a")));
  }

  @Test
  void shouldFail_whenTheStatusHasNoBodyOrIsNone() {
    assertThrows(IllegalArgumentException.class, () -> HttpHandler.text(100, () -> "a"));
    ServerHarness harness = harness(HttpHandler.text(204, () -> "a"));

    assertEquals(List.of(500), harness.statuses(ServerHarness.get("/a")));
  }

  @Test
  void shouldHarmNobody_whenAHandlerKeepsItsExchange() {
    List<HttpExchange> kept = new ArrayList<>();
    HttpHandler keeper =
        exchange -> {
          kept.forEach(HttpExchange::wake);
          kept.forEach(old -> old.fail(new IllegalStateException("late")));
          kept.add(exchange);
          exchange.respond(200, "number " + kept.size() + "\n");
        };
    ServerHarness harness = harness(keeper);

    assertEquals(
        List.of("number 1\n", "number 2\n", "number 3\n"),
        bodies(harness, ServerHarness.get("/a").repeat(3)));
    assertThrows(IllegalStateException.class, () -> kept.get(0).respond(200, "again"));
    assertEquals("a request that is over", kept.get(0).request().toString());
  }
}
