package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.http.client.ClientRequest;
import io.tunstack.http.client.HttpUrl;
import io.tunstack.http.wire.ResponseHead;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TalkTest {
  private static final ResponseHead HEAD =
      new ResponseHead(1, 200, "OK", List.of(new ResponseHead.Field("A", "b")));

  private final StringWriter err = new StringWriter();

  private void tell(boolean verbose) {
    Talk talk = new Talk(new PrintWriter(err, true), verbose);
    talk.news("Connected");
    talk.sent(ClientRequest.get(HttpUrl.parse("http://h/x")));
    talk.received(HEAD);
  }

  @Test
  void shouldTellEverything_whenVerbose() {
    tell(true);

    assertEquals(
        List.of(
            "* Connected",
            "> GET /x HTTP/1.1",
            "> Host: h",
            "> ",
            "< HTTP/1.1 200 OK",
            "< A: b",
            "< "),
        err.toString().lines().toList());
  }

  @Test
  void shouldTellNothing_otherwise() {
    tell(false);

    assertEquals("", err.toString());
  }

  @Test
  void shouldWriteAHeadAsItCame() {
    assertEquals("HTTP/1.1 200 OK\r\nA: b\r\n", Talk.text(HEAD));
    assertEquals("HTTP/1.0 404\r\n", Talk.text(new ResponseHead(0, 404, "", List.of())));
  }
}
