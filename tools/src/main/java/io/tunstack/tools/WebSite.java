package io.tunstack.tools;

import io.tunstack.http.HttpServer;
import io.tunstack.http.routes.TunstackRoutes;
import io.tunstack.net.Sockets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the daemon serves: the HTTP server with the routes that README.md lists. */
final class WebSite implements Daemon.Application {
  private static final String OFFLOAD_FALLBACKS = "TunOffloadFallbacks";

  private final int port;
  private final boolean offloadFellBack;

  /** Set on the engine thread, by {@link #start}. */
  private HttpServer server;

  /** {@code offloadFellBack}: offload was asked for and the kernel did not have it. */
  WebSite(int port, boolean offloadFellBack) {
    this.port = port;
    this.offloadFellBack = offloadFellBack;
  }

  @Override
  public void start(Sockets sockets) {
    long begun = sockets.clock().nanos();
    server =
        HttpServer.of(
            TunstackRoutes.router(
                new TunstackRoutes.Status(
                    () -> counters(sockets),
                    () -> gauges(sockets),
                    sockets::connections,
                    () -> sockets.clock().nanos() - begun)));
    server.listen(sockets, port);
  }

  private Map<String, Long> counters(Sockets sockets) {
    Map<String, Long> all = new LinkedHashMap<>(sockets.counters());
    all.putAll(server.counterSnapshot());
    all.put(OFFLOAD_FALLBACKS, offloadFellBack ? 1L : 0L);
    return all;
  }

  private Map<String, Long> gauges(Sockets sockets) {
    Map<String, Long> all = new LinkedHashMap<>(sockets.gauges());
    all.put("HttpConnections", (long) server.openConnections());
    return all;
  }

  @Override
  public void drain() {
    server.close();
  }
}
