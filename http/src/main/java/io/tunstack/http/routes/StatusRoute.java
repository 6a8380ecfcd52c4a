package io.tunstack.http.routes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunstack.http.HttpExchange;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import io.tunstack.http.SlowResponses;
import io.tunstack.tcp.TcpInfo;
import java.util.List;
import java.util.Map;

/**
 * {@code /status}: what the stack counts and who is connected, as JSON. The engine thread only
 * takes the snapshot: the first use of what makes JSON takes longer than many a peer waits.
 */
final class StatusRoute implements HttpHandler {
  /** Connections listed; more are only counted: nobody reads so many, and they become megabytes. */
  static final int MAX_LISTED = 1_000;

  private final TunstackRoutes.Status status;
  private final SlowResponses slow;

  StatusRoute(TunstackRoutes.Status status, SlowResponses slow) {
    this.status = status;
    this.slow = slow;
  }

  @Override
  public void handle(HttpExchange exchange) {
    status.connections().accept(connections -> respond(exchange, connections));
  }

  private void respond(HttpExchange exchange, List<TcpInfo> connections) {
    long uptimeNanos = status.uptimeNanos().get();
    Map<String, Long> gauges = status.gauges().get();
    Map<String, Long> counters = status.counters().get();
    slow.respond(exchange, () -> response(uptimeNanos, connections, gauges, counters));
  }

  private static HttpResponse response(
      long uptimeNanos,
      List<TcpInfo> connections,
      Map<String, Long> gauges,
      Map<String, Long> counters) {
    Document document =
        new Document(
            uptimeNanos,
            connections.size(),
            connections.stream().limit(MAX_LISTED).map(Connection::of).toList(),
            gauges,
            counters);
    try {
      return HttpResponse.status(200)
          .header("Cache-Control", "no-store")
          .body("application/json", Mapper.JSON.writeValueAsBytes(document))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of numbers and strings become JSON", e);
    }
  }

  /** Made when it is asked for first: it takes longer than the rest of the server's start. */
  private static final class Mapper {
    static final JsonMapper JSON =
        JsonMapper.builder().addMixIn(TcpInfo.class, WithoutTuple.class).build();
  }

  /** The whole answer. */
  record Document(
      long uptimeNanos,
      int connectionCount,
      List<Connection> connections,
      Map<String, Long> gauges,
      Map<String, Long> counters) {}

  /** {@link TcpInfo} with its addresses in words. */
  record Connection(String local, String remote, @JsonUnwrapped TcpInfo info) {

    static Connection of(TcpInfo info) {
      return new Connection(
          info.tuple().local() + ":" + info.tuple().localPort(),
          info.tuple().remote() + ":" + info.tuple().remotePort(),
          info);
    }
  }

  /** Leaves out what {@link Connection} says in words. */
  @JsonIgnoreProperties("tuple")
  private interface WithoutTuple {}
}
