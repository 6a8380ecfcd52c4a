package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that ask before they send a body (RFC 9110 §10.1.1). */
class ExpectContinueTest {
  private final ServerHarness harness = new ServerHarness();

  private static String expecting(String path, int length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static List<Integer> statuses(FakeSocket socket) {
    return ParsedResponse.all(socket.outputBytes()).stream().map(ParsedResponse::status).toList();
  }

  @Test
  void shouldSay100_whenTheHandlerWantsTheBody() {
    FakeSocket socket = harness.send(expecting("/sink", 3));
    assertEquals("HTTP/1.1 100 Continue\r\n\r\n", socket.output());

    socket.deliver("abc" + get("/hello"));

    assertEquals(List.of(100, 200, 200), statuses(socket));
    assertFalse(socket.finSent());
  }

  @Test
  void shouldSay100First_whenTheResponseBeginsBeforeTheBody() {
    FakeSocket socket = harness.send(expecting("/echo", 3));
    assertTrue(socket.output().startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));

    socket.deliver("abc");

    assertEquals("abc", ParsedResponse.all(socket.outputBytes()).get(1).text());
  }

  @Test
  void shouldAnswerFinallyAndClose_whenNobodyWantsTheBody() {
    for (String path : List.of("/nowhere", "/hello")) {
      FakeSocket socket = harness.send(expecting(path, 3));

      List<ParsedResponse> responses = ParsedResponse.all(socket.outputBytes());
      assertEquals(1, responses.size());
      assertTrue(responses.get(0).status() >= 400);
      assertEquals("close", responses.get(0).field("Connection"));
      assertTrue(socket.finSent());
    }
  }

  @Test
  void shouldAnswerFinally_whenTheBodyWouldBeTooLong() {
    FakeSocket socket =
        harness.send(
            "POST /sink HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                + "Content-Length: 1099511627776\r\n\r\n");

    assertEquals(List.of(413), statuses(socket));
  }

  @Test
  void shouldNotSay100_whenThereIsNoBodyOrTheClientIsOld() {
    String old = "POST /sink HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx";

    assertEquals(List.of(200), statuses(harness.send(expecting("/sink", 0))));
    assertEquals(List.of(200), statuses(harness.send(old)));
  }
}
