package io.tunstack.http;

import io.tunstack.http.wire.HttpDate;
import io.tunstack.http.wire.RequestParser;
import io.tunstack.net.Alarm;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpListener;
import io.tunstack.net.TcpSocket;
import io.tunstack.time.SystemClock;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * An HTTP/1.1 server on one stack (RFC 9110, RFC 9112). Everything happens on the engine thread,
 * and nothing in it blocks; see the package for the story.
 *
 * <pre>{@code
 * HttpRouter router = HttpRouter.builder()
 *     .get("/hello", HttpHandler.of(request -> HttpResponse.text(200, "hello\n")))
 *     .build();
 * HttpServer server = HttpServer.of(router);
 * server.listen(Sockets.on(stack), 80);
 * }</pre>
 */
public final class HttpServer {
  /**
   * The buffers that connections share. A read of this size is worth its call, and everything that
   * is staged together fits one large segment.
   */
  private static final int BUFFER_BYTES = 65_536;

  /** Most connections parse, and most exchanges end, within a turn: few are out at a time. */
  private static final int MAX_FREE = 256;

  private final HttpRouter router;
  private final HttpLimits limits;
  private final LongSupplier wallMillis;
  private final HttpCounters counters = new HttpCounters();
  private final HttpDate date = new HttpDate();
  private final byte[] inputBuffer = new byte[BUFFER_BYTES];
  private final ByteBuffer stage = ByteBuffer.allocate(BUFFER_BYTES);
  private final Set<HttpConnection> connections = new LinkedHashSet<>();
  private final List<TcpListener> listeners = new ArrayList<>();

  /** Parsers and works that no connection needs at the moment. */
  private final ArrayDeque<RequestParser> freeParsers = new ArrayDeque<>();

  private final ArrayDeque<ExchangeWork> freeWorks = new ArrayDeque<>();

  /** Connections that were woken during another's turn. */
  private final ArrayDeque<HttpConnection> waiting = new ArrayDeque<>();

  /** Whose turn it is: it has the shared buffers; null between turns. */
  private HttpConnection current;

  private boolean closed;

  private HttpServer(HttpRouter router, HttpLimits limits, LongSupplier wallMillis) {
    this.router = router;
    this.limits = limits;
    this.wallMillis = wallMillis;
  }

  /**
   * Makes a server with {@link HttpLimits#DEFAULT}.
   *
   * @param router who answers what
   * @return not listening yet
   */
  public static HttpServer of(HttpRouter router) {
    return of(router, HttpLimits.DEFAULT, SystemClock::wallMillis);
  }

  /**
   * Makes a server.
   *
   * @param router who answers what
   * @param limits what it bears
   * @param wallMillis the wall clock for Date, milliseconds since 1970-01-01T00:00Z
   * @return not listening yet
   */
  public static HttpServer of(HttpRouter router, HttpLimits limits, LongSupplier wallMillis) {
    return new HttpServer(router, limits, wallMillis);
  }

  /**
   * Accepts connections on a port, on the engine thread from then on.
   *
   * @param sockets of the stack that this server belongs to, always the same
   * @param port 1 to 65,535
   * @return the listener; {@link #close} closes it too
   * @throws IllegalArgumentException if the port is out of range or taken
   */
  public TcpListener listen(Sockets sockets, int port) {
    TcpListener listener = sockets.listen(port, socket -> accept(socket, sockets::alarm));
    listeners.add(listener);
    return listener;
  }

  /** Serves a connection, wherever it and its alarms come from. */
  TcpHandler accept(TcpSocket socket, Function<Runnable, Alarm> alarms) {
    counters.increment(HttpCounter.CONNECTIONS);
    HttpConnection connection = new HttpConnection(this, socket, alarms);
    connections.add(connection);
    return connection;
  }

  /**
   * Goes down in order: no new connections, FIN to those between two requests, and to the others
   * after the response in work. Engine thread only.
   */
  public void close() {
    closed = true;
    listeners.forEach(TcpListener::close);
    List.copyOf(connections).forEach(HttpConnection::drain);
  }

  /**
   * Tells how many connections are being served.
   *
   * @return connections that have not ended; 0 some time after {@link #close}
   */
  public int openConnections() {
    return connections.size();
  }

  /**
   * Copies the counters; engine thread only.
   *
   * @return names, beginning with {@code Http}, and counts, in a fixed order
   */
  public Map<String, Long> counterSnapshot() {
    return counters.snapshot();
  }

  /**
   * Gives a connection its turn: now, or after the turn that is going on, since the buffers are
   * shared. A connection whose turn it is goes on anyway.
   */
  void run(HttpConnection connection) {
    if (current != null) {
      if (current != connection && !connection.queued) {
        connection.queued = true;
        waiting.add(connection);
      }
      return;
    }
    HttpConnection next = connection;
    while (next != null) {
      next.queued = false;
      current = next;
      try {
        next.turn();
      } finally {
        current = null;
      }
      next = waiting.poll();
    }
  }

  void forget(HttpConnection connection) {
    connections.remove(connection);
  }

  /** Lends a parser that has nothing remembered. */
  RequestParser takeParser() {
    RequestParser parser = freeParsers.poll();
    return parser == null ? new RequestParser(limits.head()) : parser;
  }

  /** Takes a parser back, which remembers nothing. */
  void giveParser(RequestParser parser) {
    if (freeParsers.size() < MAX_FREE) {
      freeParsers.push(parser);
    }
  }

  ExchangeWork takeWork() {
    ExchangeWork work = freeWorks.poll();
    return work == null ? new ExchangeWork(this) : work;
  }

  void giveWork(ExchangeWork work) {
    if (freeWorks.size() < MAX_FREE) {
      freeWorks.push(work);
    }
  }

  HttpRouter router() {
    return router;
  }

  HttpLimits limits() {
    return limits;
  }

  HttpCounters counters() {
    return counters;
  }

  boolean isClosed() {
    return closed;
  }

  byte[] inputBuffer() {
    return inputBuffer;
  }

  ByteBuffer stage() {
    return stage;
  }

  byte[] dateLine() {
    return date.line(wallMillis.getAsLong());
  }
}
