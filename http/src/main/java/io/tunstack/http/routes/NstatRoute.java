package io.tunstack.http.routes;

import io.tunstack.http.HttpExchange;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import java.util.Map;

/**
 * {@code /nstat}: what the stack counts, in the columns that {@code nstat -az} prints for a kernel,
 * so that what reads one reads the other.
 */
final class NstatRoute implements HttpHandler {
  private static final String HEADER = "#tunstack\n";

  /** Where {@code nstat} has the second column. */
  private static final int NAME_WIDTH = 32;

  private final TunstackRoutes.Status status;

  NstatRoute(TunstackRoutes.Status status) {
    this.status = status;
  }

  @Override
  public void handle(HttpExchange exchange) {
    exchange.respond(
        HttpResponse.status(200)
            .header("Cache-Control", "no-store")
            .body("text/plain; charset=utf-8", table(status.counters().get()))
            .build());
  }

  static String table(Map<String, Long> counters) {
    StringBuilder text = new StringBuilder(HEADER);
    counters.forEach(
        (name, count) -> {
          text.append(name);
          text.append(" ".repeat(Math.max(1, NAME_WIDTH - name.length())));
          text.append(count).append('\n');
        });
    return text.toString();
  }
}
