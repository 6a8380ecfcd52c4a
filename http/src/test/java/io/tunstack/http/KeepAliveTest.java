package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a connection lasts (RFC 9112 §9.3, §9.6). */
class KeepAliveTest {
  private final ServerHarness harness = new ServerHarness();

  @Test
  void shouldGoOn_whenHttp11SaysNothing() {
    FakeSocket socket = harness.connect();

    for (int i = 1; i <= 20; i++) {
      socket.deliver(get("/hello"));
      assertEquals(i, ParsedResponse.all(socket.outputBytes()).size());
    }

    assertFalse(socket.finSent());
    assertNull(ParsedResponse.all(socket.outputBytes()).get(0).field("Connection"));
  }

  @Test
  void shouldClose_whenCloseIsOneOfManyOptionsInAnyCase() {
    FakeSocket socket =
        harness.send("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: foo , CLOSE\r\n\r\n");

    assertTrue(socket.finSent());
  }

  @Test
  void shouldCloseAndNotChunk_whenHttp10SaysNothing() {
    FakeSocket socket = harness.send("GET /hello HTTP/1.0\r\n\r\n");

    ParsedResponse response = ParsedResponse.all(socket.outputBytes()).get(0);
    assertEquals("close", response.field("Connection"));
    assertEquals("length", response.framing());
    assertTrue(socket.finSent());
  }

  @Test
  void shouldGoOnAndSaySo_whenHttp10AsksForIt() {
    String request = "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

    FakeSocket socket = harness.send(request + request);

    List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());
    assertEquals(2, responses.size());
    assertEquals("keep-alive", responses.get(0).field("Connection"));
    assertFalse(socket.finSent());
  }

  @Test
  void shouldEndWithTheConnection_whenHttp10GetsABodyOfUnknownLength() {
    HttpRouter router =
        HttpRouter.builder().get("/", exchange -> exchange.respond(counting(3))).build();
    ServerHarness own = new ServerHarness(router);

    FakeSocket old = own.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    FakeSocket young = own.send(get("/"));

    ParsedResponse response = ParsedResponse.all(old.outputBytes()).get(0);
    assertEquals("close", response.framing());
    assertEquals("xxx", response.text());
    assertTrue(old.finSent());
    assertEquals("chunked", ParsedResponse.all(young.outputBytes()).get(0).framing());
    assertEquals("xxx", ParsedResponse.all(young.outputBytes()).get(0).text());
  }

  private static HttpResponse counting(int bytes) {
    int[] left = {bytes};
    BodyProducer producer =
        target -> {
          if (left[0] == 0) {
            return BodyProducer.END;
          }
          left[0]--;
          target.put((byte) 'x');
          return 1;
        };
    return HttpResponse.status(200).stream("text/plain", producer).build();
  }

  @Test
  void shouldSendTheWholeResponseThenFin_whenTheClientHalfClosesBehindItsRequest() {
    FakeSocket socket = harness.connect(5_000);
    socket.peerReads = false;
    socket.deliver(get("/bytes?n=100000"));
    socket.peerFin();

    assertFalse(socket.finSent());
    socket.peerReads = true;
    socket.peerTakes(5_000);

    assertEquals(100_000, ParsedResponse.all(socket.outputBytes()).get(0).body().length);
    assertTrue(socket.finSent());
    assertFalse(socket.wasAborted());
    assertEquals(0, harness.server.openConnections());
  }

  @Test
  void shouldJustEnd_whenTheClientResetsInTheMiddleOfAResponse() {
    FakeSocket socket = harness.connect(5_000);
    socket.peerReads = false;
    socket.deliver(get("/bytes?n=100000"));

    socket.peerReset();

    assertEquals(0, harness.server.openConnections());
    assertEquals(1, harness.count(HttpCounter.INCOMPLETE));
    assertFalse(harness.alarms.anyArmed());
  }

  @Test
  void shouldCloseWithoutAnAnswer_whenFinComesInTheMiddleOfARequest() {
    for (String part : List.of("GET /hel", "GET /hello HTTP/1.1\r\nHost: h\r\n")) {
      FakeSocket socket = harness.send(part);
      socket.peerFin();

      assertEquals("", socket.output());
      assertTrue(socket.finSent());
    }
    assertEquals(0, harness.count(HttpCounter.REQUESTS));
    assertEquals(0, harness.server.openConnections());
  }

  @Test
  void shouldNotAnswerWithSuccess_whenFinComesInTheMiddleOfABody() {
    FakeSocket socket =
        harness.send("POST /sink HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    socket.peerFin();

    assertEquals("", socket.output());
    assertTrue(socket.finSent());
    assertEquals(1, harness.count(HttpCounter.INCOMPLETE));
  }

  @Test
  void shouldReset_whenFinComesInTheMiddleOfAnEcho() {
    FakeSocket socket =
        harness.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    socket.peerFin();

    assertTrue(socket.wasAborted());
    assertEquals(0, harness.server.openConnections());
  }

  @Test
  void shouldGiveHeadTheSameFieldsAsGet_andStayInStep() {
    List<ParsedResponse> answers =
        harness.answers("HEAD /bytes?n=77 HTTP/1.1\r\nHost: h\r\n\r\n" + get("/bytes?n=77"));

    assertEquals("77", answers.get(0).field("Content-Length"));
    assertEquals("77", answers.get(1).field("Content-Length"));
    assertEquals(answers.get(1).field("Content-Type"), answers.get(0).field("Content-Type"));
    assertEquals(77, answers.get(1).body().length);
  }

  @Test
  void shouldStayInStep_whenAResponseHasNoBody() {
    List<ParsedResponse> answers = harness.answers(get("/favicon.ico") + get("/hello"));

    assertEquals(204, answers.get(0).status());
    assertEquals("none", answers.get(0).framing());
    assertEquals("hello\n", answers.get(1).text());
  }

  @Test
  void shouldIgnoreUpgrade_whenItIsNotSupported() {
    String request =
        "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n";

    assertEquals(List.of(200), harness.statuses(request));
  }
}
