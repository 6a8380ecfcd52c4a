package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SlowResponsesTest {
  private final Deque<Runnable> workers = new ArrayDeque<>();
  private final Deque<Runnable> engine = new ArrayDeque<>();
  private final SlowResponses slow = SlowResponses.of(workers::add, engine::add);

  private ServerHarness with(SlowResponses responses, Supplier<HttpResponse> response) {
    return new ServerHarness(
        HttpRouter.builder()
            .get("/", exchange -> responses.respond(exchange, response))
            .get("/ok", HttpHandler.of(request -> HttpResponse.text(200, "ok")))
            .build());
  }

  private static List<Integer> statuses(FakeSocket socket) {
    return ParsedResponse.all(socket.outputBytes()).stream().map(ParsedResponse::status).toList();
  }

  @Test
  void shouldAnswerOnTheEngineThread_whenAWorkerIsReady() {
    ServerHarness harness = with(slow, () -> HttpResponse.text(201, "slow"));

    FakeSocket socket = harness.send(get("/") + get("/ok"));
    assertEquals("", socket.output());
    workers.remove().run();
    assertEquals("", socket.output());
    engine.remove().run();

    assertEquals(List.of(201, 200), statuses(socket));
    assertEquals(0, harness.count(HttpCounter.HANDLER_FAILURES));
  }

  @Test
  void shouldFailOnTheEngineThread_whenAWorkerThrows() {
    for (Supplier<HttpResponse> broken :
        List.<Supplier<HttpResponse>>of(
            () -> {
              throw new IllegalStateException("of the test's own making");
            },
            () -> {
              throw new NoClassDefFoundError("of the test's own making");
            })) {
      ServerHarness harness = with(slow, broken);

      FakeSocket socket = harness.send(get("/") + get("/ok"));
      workers.remove().run();
      assertEquals(0, harness.count(HttpCounter.HANDLER_FAILURES));
      engine.remove().run();

      assertEquals(List.of(500), statuses(socket));
      assertFalse(socket.output().contains("making"), "insides stay inside");
      assertTrue(socket.finSent());
      assertEquals(1, harness.count(HttpCounter.HANDLER_FAILURES));
      assertEquals(List.of(200), harness.statuses(get("/ok")));
    }
  }

  @Test
  void shouldAnswer503_whenNoWorkerTakesIt() {
    SlowResponses busy =
        SlowResponses.of(
            task -> {
              throw new RejectedExecutionException("of the test's own making");
            },
            engine::add);

    assertEquals(
        List.of(503, 200),
        statuses(with(busy, () -> HttpResponse.text(200, "")).send(get("/") + get("/ok"))));
  }

  @Test
  void shouldDropWhatComesOfIt_whenTheClientHasGone() {
    ServerHarness harness =
        with(
            slow,
            () -> {
              throw new IllegalStateException("of the test's own making");
            });
    ServerHarness working = with(slow, () -> HttpResponse.text(200, "slow"));
    for (ServerHarness each : List.of(harness, working)) {
      FakeSocket socket = each.send(get("/"));

      socket.peerReset();
      workers.remove().run();
      engine.remove().run();

      assertEquals("", socket.output());
      assertEquals(0, each.count(HttpCounter.HANDLER_FAILURES));
      assertEquals(0, each.server.openConnections());
    }
  }
}
