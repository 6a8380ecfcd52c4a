package io.tunstack.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexRouteTest {
  private final ServerHarness harness = new ServerHarness();

  private ParsedResponse page(String target, String agent) {
    return harness
        .answers("GET " + target + " HTTP/1.1\r\nHost: h\r\nUser-Agent: " + agent + "\r\n\r\n")
        .get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ">10.77.0.1:40000<",
        ">10.77.0.2:80<",
        ">ESTABLISHED<",
        ">1.500 ms<",
        ">14,600 bytes<",
        ">no loss yet<",
        ">window scaling, timestamps<",
        ">GET /<",
        ">200.000 ms<",
      })
  void shouldShowTheVisitorsConnection(String shown) {
    String text = page("/", "curl").text();

    assertTrue(text.contains(shown), text);
  }

  @Test
  void shouldEscapeWhatTheVisitorSent() {
    String text = page("/?'&x", "<script>alert(\"1\")</script>" + "\u00e9".repeat(300)).text();

    assertFalse(text.contains("<script"));
    assertTrue(text.contains("&lt;script&gt;alert(&quot;1&quot;)"));
    assertTrue(text.contains(">GET /?&#39;&amp;x<"));
    assertFalse(text.contains("\u00e9".repeat(121)), "a long agent is cut");
  }

  @Test
  void shouldLoadNothingAndRunNothing() {
    ParsedResponse response = page("/", "x");

    assertEquals("text/html; charset=utf-8", response.field("Content-Type"));
    assertTrue(response.field("Content-Security-Policy").startsWith("default-src 'none'"));
    assertFalse(response.text().contains(" src="));
    assertFalse(response.text().contains("<script"));
    assertFalse(response.text().contains("@import"));
    assertTrue(response.text().contains("prefers-color-scheme: dark"));
    assertTrue(response.text().endsWith("</html>\n"));
  }
}
