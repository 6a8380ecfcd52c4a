package io.tunstack.http.routes;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.FakeSocket;
import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import io.tunstack.http.SlowResponses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunstackRoutesTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/status"})
  void shouldLeaveSlowPagesToAWorker(String page) {
    Deque<Runnable> workers = new ArrayDeque<>();
    Deque<Runnable> engine = new ArrayDeque<>();
    ServerHarness harness =
        new ServerHarness(ServerHarness.routes(SlowResponses.of(workers::add, engine::add)));

    FakeSocket socket = harness.send(get(page));

    assertEquals("", socket.output(), "the engine thread has only left it to a worker");
    workers.remove().run();
    assertEquals("", socket.output(), "a worker does not touch the connection");
    engine.remove().run();
    assertEquals(200, ParsedResponse.all(socket.outputBytes()).get(0).status());
  }

  private final ServerHarness harness = new ServerHarness();

  @Test
  void shouldSayHello() {
    ParsedResponse response = harness.answers(get("/hello")).get(0);

    assertEquals("hello\n", response.text());
    assertEquals("text/plain; charset=utf-8", response.field("Content-Type"));
    assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", response.field("Date"));
  }

  @Test
  void shouldHaveEveryRouteThatThePageNames() {
    Matcher names =
        Pattern.compile("<code>(/[a-z]*)").matcher(harness.answers(get("/")).get(0).text());
    int found = 0;
    while (names.find()) {
      int status =
          harness.statuses("OPTIONS " + names.group(1) + " HTTP/1.1\r\nHost: h\r\n\r\n").get(0);
      assertEquals(204, status, names.group(1));
      found++;
    }
    assertEquals(7, found);
  }

  @Test
  void shouldSayWhereToLook_whenThereIsNothing() {
    ParsedResponse response = harness.answers(get("/nowhere")).get(0);

    assertEquals(404, response.status());
    assertTrue(response.text().contains("Try /"));
  }
}
