package io.tunstack.http.routes;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TunstackRoutesTest {
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
