package io.tunstack.http.routes;

import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import io.tunstack.http.HttpRouter;
import io.tunstack.http.SlowResponses;
import io.tunstack.http.wire.HttpMethod;
import io.tunstack.tcp.TcpInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The routes of the daemon. */
public final class TunstackRoutes {
  /** What {@code /sink} and {@code /digest} take: it costs no memory, but time. */
  static final long MAX_SINK_BYTES = 1L << 38;

  /** What {@code /echo} takes. */
  static final long MAX_ECHO_BYTES = 1L << 34;

  private TunstackRoutes() {}

  /**
   * What {@code /status} and {@code /nstat} show; called on the engine thread, once a request.
   *
   * @param counters names and counts, which only grow
   * @param gauges names and what is held at the moment
   * @param connections shows snapshots to whom it is given, now or later, on the engine thread
   * @param uptimeNanos nanoseconds since the start
   */
  public record Status(
      Supplier<Map<String, Long>> counters,
      Supplier<Map<String, Long>> gauges,
      Consumer<Consumer<List<TcpInfo>>> connections,
      Supplier<Long> uptimeNanos) {}

  /**
   * Makes a router with all routes.
   *
   * @param status what {@code /status} shows
   * @param slow makes the pages that take long
   * @return for {@link io.tunstack.http.HttpServer#of(HttpRouter)}
   */
  public static HttpRouter router(Status status, SlowResponses slow) {
    HttpHandler sink = new SinkRoute(false);
    HttpHandler digest = new SinkRoute(true);
    HttpHandler echo = new EchoRoute();
    return HttpRouter.builder()
        .get("/", new IndexRoute(slow))
        .get("/hello", HttpHandler.text(200, () -> "hello\n"))
        .get("/bytes", new BytesRoute())
        .get("/status", new StatusRoute(status, slow))
        .get("/nstat", new NstatRoute(status))
        .get("/favicon.ico", HttpHandler.of(request -> HttpResponse.status(204).build()))
        .route(HttpMethod.POST, "/sink", MAX_SINK_BYTES, sink)
        .route(HttpMethod.PUT, "/sink", MAX_SINK_BYTES, sink)
        .route(HttpMethod.POST, "/digest", MAX_SINK_BYTES, digest)
        .route(HttpMethod.PUT, "/digest", MAX_SINK_BYTES, digest)
        .route(HttpMethod.POST, "/echo", MAX_ECHO_BYTES, echo)
        .route(HttpMethod.PUT, "/echo", MAX_ECHO_BYTES, echo)
        .build();
  }
}
