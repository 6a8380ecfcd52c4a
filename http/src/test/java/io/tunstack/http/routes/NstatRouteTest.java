package io.tunstack.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NstatRouteTest {
  @Test
  void shouldPrintNstatsColumns() {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("IpInReceives", 7L);
    counters.put("TcpExtTCPAbortOnMemory", Long.MAX_VALUE);
    counters.put("Drop.A_NAME_THAT_IS_LONGER_THAN_THE_COLUMN", 0L);
    ServerHarness harness =
        new ServerHarness(
            TunstackRoutes.router(
                new TunstackRoutes.Status(() -> counters, Map::of, asking -> {}, () -> 99L),
                ServerHarness.AT_ONCE));
    ParsedResponse response = harness.answers(ServerHarness.get("/nstat")).get(0);
    assertEquals("text/plain; charset=utf-8", response.field("Content-Type"));
    assertEquals("no-store", response.field("Cache-Control"));
    assertEquals(
        """
        #tunstack
        IpInReceives                    7
        TcpExtTCPAbortOnMemory          9223372036854775807
        Drop.A_NAME_THAT_IS_LONGER_THAN_THE_COLUMN 0
        """,
        response.text());
    assertTrue(
        NstatRoute.table(Map.of()).startsWith("#"), "a comment, for who reads nstat's files");
  }
}
