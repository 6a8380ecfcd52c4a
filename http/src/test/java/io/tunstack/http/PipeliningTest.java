package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static io.tunstack.http.ServerHarness.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that do not wait for the answers to those before them (RFC 9112 §9.3.2). */
class PipeliningTest {
  private final ServerHarness harness = new ServerHarness();

  @Test
  void shouldAnswerInOrder_whenRequestsShareASegment() {
    String stream =
        get("/hello")
            + "HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n"
            + get("/nowhere")
            + "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    assertEquals(List.of(200, 200, 404, 200), harness.statuses(stream));
  }

  @Test
  void shouldIgnoreWhatFollows_whenARequestSaysClose() {
    String last = "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    FakeSocket socket = harness.send(last + get("/hello"));

    List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());
    assertEquals(1, responses.size());
    assertEquals("close", responses.get(0).field("Connection"));
    assertTrue(socket.finSent());
    assertEquals(1, harness.count(HttpCounter.REQUESTS));
  }

  @Test
  void shouldWriteOnce_whenManySmallRequestsArriveTogether() {
    FakeSocket socket = harness.send(get("/hello").repeat(50));

    assertEquals(50, ParsedResponse.all(socket.outputBytes()).size());
    assertEquals(1, socket.writes);
  }

  @Test
  void shouldWriteHeadAndBodyTogether_whenTheResponseIsSmall() {
    assertEquals(1, harness.send(get("/hello")).writes);
  }

  @Test
  void shouldNotBeginTheNext_whenTheClientDoesNotReadTheFirst() {
    FakeSocket socket = harness.connect(10_000);
    socket.peerReads = false;

    socket.deliver(get("/bytes?n=1000000") + get("/hello").repeat(10));

    assertEquals(1, harness.count(HttpCounter.REQUESTS));
    socket.peerReads = true;
    socket.peerTakes(10_000);
    assertEquals(11, harness.count(HttpCounter.REQUESTS));
    List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());
    assertEquals(11, responses.size());
    assertEquals(1_000_000, responses.get(0).body().length);
    assertEquals("hello\n", responses.get(10).text());
  }

  @Test
  void shouldLeaveRequestsInTheReceiveBuffer_whenTheClientOnlySends() {
    FakeSocket socket = harness.connect(10_000);
    socket.peerReads = false;
    socket.deliver(get("/bytes?n=1000000"));

    for (int i = 0; i < 1_000; i++) {
      socket.deliver(get("/hello"));
    }

    assertTrue(socket.available() > 900 * get("/hello").length(), "unread " + socket.available());
    assertFalse(socket.finSent());
  }

  @Test
  void shouldStayInStep_whenBodiesLieBetweenRequests() {
    String chunked =
        "POST /sink HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n";

    List<ParsedResponse> answers =
        harness.answers(post("/sink", "12345") + chunked + post("/hello", "xyz") + get("/hello"));

    assertEquals("{\"bytes\":5}\n", answers.get(0).text());
    assertEquals("{\"bytes\":5}\n", answers.get(1).text());
    assertEquals(405, answers.get(2).status());
    assertEquals("hello\n", answers.get(3).text());
  }
}
