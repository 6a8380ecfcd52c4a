package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static io.tunstack.http.ServerHarness.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.wire.HttpMethod;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handlers of every temper, and connections that wake each other. */
class HttpServerTest {
  private final List<HttpExchange> held = new ArrayList<>();

  private ServerHarness with(HttpHandler handler) {
    return new ServerHarness(
        HttpRouter.builder()
            .get("/", handler)
            .get("/ok", HttpHandler.of(request -> HttpResponse.text(200, "ok")))
            .route(HttpMethod.POST, "/", handler)
            .build());
  }

  private static ParsedResponse only(FakeSocket socket) {
    List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());
    assertEquals(1, responses.size());
    return responses.get(0);
  }

  @Test
  void shouldAnswer500AndClose_whenAHandlerThrows() {
    ServerHarness harness =
        with(
            exchange -> {
              throw new IllegalStateException("of the test's own making");
            });

    FakeSocket socket = harness.send(get("/") + get("/ok"));

    ParsedResponse response = only(socket);
    assertEquals(500, response.status());
    assertFalse(response.text().contains("making"), "insides stay inside");
    assertTrue(socket.finSent());
    assertEquals(1, harness.count(HttpCounter.HANDLER_FAILURES));
    assertEquals(List.of(200), harness.statuses(get("/ok")));
  }

  @Test
  void shouldAnswer500_whenAConsumerThrows() {
    ServerHarness harness = with(exchange -> exchange.readBody(new Throwing()));

    assertEquals(500, only(harness.send(post("/", "x"))).status());
    assertEquals(500, only(harness.send(get("/"))).status());
  }

  private static final class Throwing implements BodyConsumer {
    @Override
    public void onData(ByteBuffer data) {
      throw new IllegalStateException("of the test's own making");
    }

    @Override
    public void onEnd() {
      throw new IllegalStateException("of the test's own making");
    }
  }

  @Test
  void shouldSendWhatAProducerLends_andNoMoreThanThat() {
    ByteBuffer lent = ByteBuffer.allocateDirect(100_000);
    while (lent.hasRemaining()) {
      lent.put((byte) ('a' + lent.position() % 26));
    }
    lent.flip();
    BodyProducer producer =
        new BodyProducer() {
          @Override
          public int produce(ByteBuffer target) {
            int count = Math.min(target.remaining(), lent.remaining());
            for (int i = 0; i < count; i++) {
              target.put(lent.get());
            }
            return count;
          }

          @Override
          public ByteBuffer lend() {
            return lent;
          }
        };
    ServerHarness harness =
        with(
            exchange ->
                exchange.respond(
                    HttpResponse.status(200).stream("text/plain", 90_000, producer).build()));
    FakeSocket socket = harness.connect(30_000);
    socket.deliver(get("/") + get("/ok"));

    List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());

    assertEquals(2, responses.size());
    byte[] body = responses.get(0).body();
    assertEquals(90_000, body.length);
    for (int i = 0; i < body.length; i++) {
      assertEquals((byte) ('a' + i % 26), body[i]);
    }
    assertEquals(10_000, lent.remaining());
    assertEquals("ok", responses.get(1).text());
  }

  @Test
  void shouldReset_whenAProducerThrowsOrEndsEarly() {
    BodyProducer throwing =
        target -> {
          throw new IllegalStateException("of the test's own making");
        };
    for (BodyProducer producer : List.of(throwing, target -> BodyProducer.END)) {
      ServerHarness harness =
          with(
              exchange ->
                  exchange.respond(
                      HttpResponse.status(200).stream("text/plain", 5, producer).build()));

      FakeSocket socket = harness.send(get("/"));

      assertTrue(socket.wasAborted());
      assertEquals(1, harness.count(HttpCounter.HANDLER_FAILURES));
      assertEquals(0, harness.server.openConnections());
    }
  }

  @Test
  void shouldWait_whenAHandlerAnswersLater() {
    ServerHarness harness = with(held::add);
    FakeSocket socket = harness.send(get("/") + get("/ok"));
    assertEquals("", socket.output());

    held.get(0).respond(HttpResponse.text(200, "late"));
    socket.settle();

    assertEquals(2, ParsedResponse.all(socket.outputBytes()).size());
    assertTrue(socket.output().contains("late"));
  }

  @Test
  void shouldDropTheResponse_whenTheClientHasGone() {
    boolean[] producerClosed = {false};
    BodyProducer producer =
        new BodyProducer() {
          @Override
          public int produce(ByteBuffer target) {
            return END;
          }

          @Override
          public void close() {
            producerClosed[0] = true;
          }
        };
    ServerHarness harness = with(held::add);
    harness.send(get("/")).peerReset();

    held.get(0).respond(HttpResponse.status(200).stream("text/plain", producer).build());
    held.get(0).wake();

    assertTrue(producerClosed[0]);
    assertEquals(0, harness.count(HttpCounter.RESPONSES));
  }

  @Test
  void shouldTellTheConsumer_whenTheClientGoesInTheMiddle() {
    List<String> heard = new ArrayList<>();
    ServerHarness harness = with(exchange -> exchange.readBody(new Hearing(heard)));
    FakeSocket socket = harness.connect();
    socket.deliver("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab");

    socket.peerReset();

    assertEquals(List.of("data", "failure"), heard);
  }

  private record Hearing(List<String> heard) implements BodyConsumer {
    @Override
    public void onData(ByteBuffer data) {
      heard.add("data");
      data.position(data.limit());
    }

    @Override
    public void onEnd() {
      heard.add("end");
    }

    @Override
    public void onFailure() {
      heard.add("failure");
    }
  }

  @Test
  void shouldRefuseASecondResponseAndASecondReader() {
    ServerHarness harness = with(held::add);
    FakeSocket socket = harness.send(get("/"));
    HttpExchange exchange = held.get(0);
    exchange.readBody(new Hearing(new ArrayList<>()));
    exchange.respond(HttpResponse.text(200, "first"));

    assertThrows(
        IllegalStateException.class, () -> exchange.respond(HttpResponse.text(200, "second")));
    assertThrows(
        IllegalStateException.class, () -> exchange.readBody(new Hearing(new ArrayList<>())));
    assertEquals("first", only(socket).text());
  }

  @Test
  void shouldKeepConnectionsApart_whenOneIsWokenInAnothersTurn() {
    ServerHarness harness =
        with(
            exchange -> {
              if (exchange.request().method() == HttpMethod.GET) {
                held.add(exchange);
              } else {
                exchange.respond(HttpResponse.text(200, "x".repeat(1_000)));
                held.get(0).respond(HttpResponse.text(200, "y".repeat(1_000)));
              }
            });
    FakeSocket waiting = harness.send(get("/"));

    FakeSocket waking = harness.send(post("/", ""));

    waiting.settle();
    assertEquals("x".repeat(1_000), only(waking).text());
    assertEquals("y".repeat(1_000), only(waiting).text());
  }

  @Test
  void shouldStopReading_whenAConsumerLeavesBytes() {
    ByteBuffer room = ByteBuffer.allocate(10);
    BodyConsumer consumer =
        new BodyConsumer() {
          @Override
          public void onData(ByteBuffer data) {
            while (data.hasRemaining() && room.hasRemaining()) {
              room.put(data.get());
            }
          }

          @Override
          public void onEnd() {
            held.get(0).respond(HttpResponse.text(200, "all"));
          }
        };
    ServerHarness harness =
        with(
            exchange -> {
              held.add(exchange);
              exchange.readBody(consumer);
            });
    FakeSocket socket = harness.connect();
    socket.deliver("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n\r\n");
    socket.deliver("0123456789abcdefghij");
    socket.deliver("ABCDEFGHIJ");
    assertEquals(20, socket.available(), "what it left stays where it closes the window");
    assertFalse(socket.output().contains("200"));

    for (int i = 0; i < 2; i++) {
      room.clear();
      held.get(0).wake();
    }
    socket.settle();

    assertEquals("ABCDEFGHIJ", new String(room.array(), StandardCharsets.US_ASCII));
    assertEquals("all", only(socket).text());
  }

  @Test
  void shouldAskAgain_whenAProducerHadNothing() {
    int[] left = {0};
    BodyProducer producer =
        target -> {
          if (left[0] == 0) {
            return 0;
          }
          left[0]--;
          target.put((byte) 'p');
          return 1;
        };
    ServerHarness harness =
        with(
            exchange -> {
              held.add(exchange);
              exchange.respond(HttpResponse.status(200).stream("text/plain", 3, producer).build());
            });
    FakeSocket socket = harness.send(get("/"));
    assertTrue(socket.output().endsWith("\r\n\r\n"), "the head does not wait for the body");

    left[0] = 2;
    held.get(0).wake();
    left[0] = 1;
    held.get(0).wake();

    assertEquals("ppp", only(socket).text());
  }

  @Test
  void shouldCountUnderNamesOfItsOwn() {
    ServerHarness harness = with(held::add);
    harness.send(get("/ok"));

    assertEquals(1L, harness.server.counterSnapshot().get("HttpRequests"));
    assertEquals(HttpCounter.values().length, harness.server.counterSnapshot().size());
  }
}
