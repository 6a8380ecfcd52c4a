package io.tunstack.http.routes;

import io.tunstack.http.HttpExchange;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import io.tunstack.http.SlowResponses;
import io.tunstack.tcp.TcpInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * {@code /}: one page, complete in itself, that says what this is and shows the visitor the
 * connection that the page came over. It is put together on a worker: formatting numbers loads a
 * lot when it is done first.
 */
final class IndexRoute implements HttpHandler {
  /** The page has no script and loads nothing, and the browser is told to hold it to that. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private static final String PLACE_FOR_ROWS = "<!--rows-->";
  private static final double NANOS_PER_MILLI = 1e6;

  private final SlowResponses slow;
  private final String beforeRows;
  private final String afterRows;

  IndexRoute(SlowResponses slow) {
    this.slow = slow;
    String page = page();
    int at = page.indexOf(PLACE_FOR_ROWS);
    this.beforeRows = page.substring(0, at);
    this.afterRows = page.substring(at + PLACE_FOR_ROWS.length());
  }

  private static String page() {
    try (InputStream in = IndexRoute.class.getResourceAsStream("index.html")) {
      if (in == null) {
        throw new IllegalStateException("index.html is missing from the jar; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("index.html cannot be read from the jar", e);
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    TcpInfo info = exchange.tcpInfo();
    String asked = exchange.request().toString();
    String agent = exchange.request().header("User-Agent").orElse("");
    slow.respond(exchange, () -> response(info, asked, agent));
  }

  private HttpResponse response(TcpInfo info, String asked, String agent) {
    return HttpResponse.status(200)
        .header("Cache-Control", "no-store")
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .body("text/html; charset=utf-8", beforeRows + rows(info, asked, agent) + afterRows)
        .build();
  }

  private static String rows(TcpInfo info, String asked, String agent) {
    StringBuilder rows = new StringBuilder(2048);
    row(rows, "You", info.tuple().remote() + ":" + info.tuple().remotePort(), "");
    row(rows, "This stack", info.tuple().local() + ":" + info.tuple().localPort(), "");
    row(rows, "State", info.state().name().replace('_', '-'), "RFC 9293 §3.3.2");
    row(rows, "srtt", roundTrip(info.srttNanos()), "smoothed round-trip time");
    row(rows, "rttvar", roundTrip(info.rttvarNanos()), "its variation");
    row(rows, "RTO", millis(info.rtoNanos()), "retransmission time-out");
    row(rows, "cwnd", bytes(info.cwndBytes()), "congestion window");
    row(rows, "ssthresh", threshold(info.ssthreshBytes()), "slow start ends here");
    row(rows, "Your window", bytes(info.sndWndBytes()), "what you let this stack send");
    row(rows, "Our window", bytes(info.rcvWndBytes()), "what you may send");
    row(rows, "SMSS", bytes(info.smssBytes()), "largest segment");
    row(rows, "Retransmits", String.valueOf(info.retransmits()), "so far");
    row(rows, "Options", options(info), "agreed in the handshake");
    row(rows, "You asked", asked, shortened(agent));
    return rows.toString();
  }

  private static String shortened(String agent) {
    return agent.length() > 120 ? agent.substring(0, 120) + "…" : agent;
  }

  private static String options(TcpInfo info) {
    String all =
        (info.windowScaling() ? "window scaling, " : "")
            + (info.timestamps() ? "timestamps, " : "")
            + (info.sackPermitted() ? "SACK, " : "");
    return all.isEmpty() ? "none" : all.substring(0, all.length() - 2);
  }

  private static String roundTrip(long nanos) {
    return nanos == 0 ? "not measured yet" : millis(nanos);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos / NANOS_PER_MILLI);
  }

  private static String bytes(int count) {
    return String.format(Locale.ROOT, "%,d bytes", count);
  }

  private static String threshold(int count) {
    return count == Integer.MAX_VALUE ? "no loss yet" : bytes(count);
  }

  private static void row(StringBuilder rows, String name, String value, String note) {
    rows.append("<tr><th scope=\"row\">");
    escape(rows, name);
    rows.append("</th><td><span class=\"value\">");
    escape(rows, value);
    rows.append("</span>");
    if (!note.isEmpty()) {
      rows.append(" <span class=\"note\">");
      escape(rows, note);
      rows.append("</span>");
    }
    rows.append("</td></tr>\n");
  }

  /** Everything is escaped, whoever wrote it. */
  private static void escape(StringBuilder rows, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> rows.append("&amp;");
        case '<' -> rows.append("&lt;");
        case '>' -> rows.append("&gt;");
        case '"' -> rows.append("&quot;");
        case '\'' -> rows.append("&#39;");
        default -> rows.append(c);
      }
    }
  }
}
