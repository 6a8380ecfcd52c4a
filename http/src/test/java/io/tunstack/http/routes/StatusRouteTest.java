package io.tunstack.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunstack.http.ParsedResponse;
import io.tunstack.http.ServerHarness;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IpAddress;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusRouteTest {
  private static final TcpInfo INFO =
      new TcpInfo(
          new FourTuple(IpAddress.parse("10.77.0.2"), 80, IpAddress.parse("10.77.0.1"), 40_000),
          TcpState.FIN_WAIT_2,
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          8,
          9,
          10,
          0,
          0,
          11,
          12,
          1500,
          true,
          7,
          7,
          false,
          true,
          "newreno",
          "open",
          false);

  private static JsonNode ask(int connections) throws IOException {
    ServerHarness harness =
        new ServerHarness(
            TunstackRoutes.router(
                new TunstackRoutes.Status(
                    () -> Map.of("TcpInSegs", 7L),
                    () -> Map.of("SlabsInUse", 3L),
                    asking -> asking.accept(Collections.nCopies(connections, INFO)),
                    () -> 99L),
                ServerHarness.AT_ONCE));
    ParsedResponse response = harness.answers(ServerHarness.get("/status")).get(0);
    assertEquals("application/json", response.field("Content-Type"));
    return new JsonMapper().readTree(response.body());
  }

  @Test
  void shouldShowCountersAndConnections() throws IOException {
    JsonNode status = ask(1);

    assertEquals(99, status.get("uptimeNanos").asLong());
    assertEquals(7, status.get("counters").get("TcpInSegs").asLong());
    assertEquals(3, status.get("gauges").get("SlabsInUse").asLong());
    JsonNode connection = status.get("connections").get(0);
    assertEquals("10.77.0.2:80", connection.get("local").asText());
    assertEquals("10.77.0.1:40000", connection.get("remote").asText());
    assertEquals("FIN_WAIT_2", connection.get("state").asText());
    assertEquals(4, connection.get("cwndBytes").asInt());
    assertEquals(INFO.getClass().getRecordComponents().length + 1, connection.size());
  }

  @Test
  void shouldOnlyCountConnections_whenThereAreTooManyToList() throws IOException {
    JsonNode status = ask(5_000);

    assertEquals(5_000, status.get("connectionCount").asInt());
    assertEquals(StatusRoute.MAX_LISTED, status.get("connections").size());
  }
}
