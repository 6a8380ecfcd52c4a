package io.tunstack.tools;

import io.tunstack.http.HttpServer;
import io.tunstack.http.routes.TunstackRoutes;
import io.tunstack.net.Sockets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the daemon serves: the HTTP server with the routes that README.md lists. */
final class WebSite implements Daemon.Application {
  private final int port;

  /** Set on the engine thread, by {@link #start}. */
  private HttpServer server;

  WebSite(int port) {
    this.port = port;
  }

  @Override
  public void start(Sockets sockets) {
    long begun = sockets.clock().nanos();
    server =
        HttpServer.of(
            TunstackRoutes.router(
                new TunstackRoutes.Status(
                    () -> counters(sockets),
                    sockets::connections,
                    () -> sockets.clock().nanos() - begun)));
    server.listen(sockets, port);
  }

  private Map<String, Long> counters(Sockets sockets) {
    Map<String, Long> all = new LinkedHashMap<>(sockets.counters());
    all.putAll(server.counterSnapshot());
    return all;
  }

  @Override
  public void drain() {
    server.close();
  }
}
