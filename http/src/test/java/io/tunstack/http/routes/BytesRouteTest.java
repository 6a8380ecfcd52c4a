package io.tunstack.http.routes;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesRouteTest {
  private final ServerHarness harness = new ServerHarness();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 250, 251, 252, 65_535, 65_536, 1_000_003})
  void shouldGiveThatManyBytes_theIthOfWhichIsIModulo251(int count) {
    ParsedResponse response = harness.answers(get("/bytes?n=" + count)).get(0);

    assertEquals(String.valueOf(count), response.field("Content-Length"));
    assertEquals(count, response.body().length);
    for (int i = 0; i < count; i++) {
      assertEquals(i % 251, response.body()[i] & 0xff, "byte " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?n",
        "?n=",
        "?n=-1",
        "?n=+1",
        "?n=1e6",
        "?n=0x10",
        "?n=1099511627777",
        "?n=99999999999999999999",
        "?m=1",
        "?n=%D9%A1",
      })
  void shouldSayWhatToType_whenTheNumberIsNone(String query) {
    ParsedResponse response = harness.answers(get("/bytes" + query)).get(0);

    assertEquals(400, response.status());
    assertTrue(response.text().contains("/bytes?n=1000000"));
  }

  @Test
  void shouldPromiseATebibyte_whenAskedForItsHead() {
    String request = "HEAD /bytes?n=1099511627776 HTTP/1.1\r\nHost: h\r\n\r\n";

    assertEquals("1099511627776", harness.answers(request).get(0).field("Content-Length"));
  }
}
