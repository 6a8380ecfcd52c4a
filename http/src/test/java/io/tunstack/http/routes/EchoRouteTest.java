package io.tunstack.http.routes;

import static io.tunstack.http.ServerHarness.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.FakeSocket;
import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import org.junit.jupiter.api.Test;

class EchoRouteTest {
  private final ServerHarness harness = new ServerHarness();

  @Test
  void shouldFrameTheAnswerAsTheQuestion() {
    String chunked =
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

    ParsedResponse counted = harness.answers(post("/echo", "abc")).get(0);
    ParsedResponse inChunks = harness.answers(chunked).get(0);

    assertEquals("length", counted.framing());
    assertEquals("abc", counted.text());
    assertEquals("chunked", inChunks.framing());
    assertEquals("abcde", inChunks.text());
  }

  @Test
  void shouldAnswerWhileTheBodyStillComes() {
    FakeSocket socket =
        harness.send("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
    assertTrue(socket.output().endsWith("\r\n\r\nabc"));

    socket.deliver("def");

    assertTrue(socket.output().endsWith("\r\n\r\nabcdef"));
  }

  @Test
  void shouldAnswerEmpty_whenTheBodyIs() {
    assertEquals("0", harness.answers(post("/echo", "")).get(0).field("Content-Length"));
  }

  @Test
  void shouldNotLetABrowserTakeItForAPage() {
    String request =
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<b>";

    ParsedResponse response = harness.answers(request).get(0);

    assertEquals("application/octet-stream", response.field("Content-Type"));
    assertEquals("nosniff", response.field("X-Content-Type-Options"));
  }

  @Test
  void shouldEchoToAnOldClient() {
    FakeSocket socket = harness.send("POST /echo HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc");

    assertEquals("abc", ParsedResponse.all(socket.outputBytes()).get(0).text());
    assertTrue(socket.finSent());
  }
}
