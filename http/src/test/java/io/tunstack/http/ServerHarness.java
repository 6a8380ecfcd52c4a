package io.tunstack.http;

import io.tunstack.http.routes.TunstackRoutes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server with the daemon's routes, and connections to it whose other end is the test. */
public final class ServerHarness {
  /** Sunday, 6 November 1994, 08:49:37: RFC 9110's own example. */
  static final long WALL_MILLIS = 784_111_777_000L;

  static final int SEND_BUFFER = 1 << 18;

  /** For handlers whose slow part the test's thread does as well. */
  public static final SlowResponses AT_ONCE = SlowResponses.of(Runnable::run, Runnable::run);

  final FakeAlarms alarms = new FakeAlarms();
  final HttpServer server;
  private final List<FakeSocket> sockets = new ArrayList<>();

  public ServerHarness(HttpRouter router, HttpLimits limits) {
    server = HttpServer.of(router, limits, () -> WALL_MILLIS + alarms.clock().nanos() / 1_000_000);
  }

  public ServerHarness(HttpRouter router) {
    this(router, HttpLimits.DEFAULT);
  }

  public ServerHarness() {
    this(routes());
  }

  public static HttpRouter routes() {
    return routes(AT_ONCE);
  }

  public static HttpRouter routes(SlowResponses slow) {
    return TunstackRoutes.router(
        new TunstackRoutes.Status(
            () -> Map.of("TcpInSegs", 7L), Map::of, asking -> asking.accept(List.of()), () -> 5L),
        slow);
  }

  public FakeSocket connect() {
    return connect(SEND_BUFFER);
  }

  public FakeSocket connect(int sendBuffer) {
    FakeSocket socket = new FakeSocket(sendBuffer);
    socket.handler = server.accept(socket, alarms::alarm);
    sockets.add(socket);
    socket.handler.onConnected(socket);
    socket.settle();
    return socket;
  }

  public void pass(Duration time) {
    alarms.pass(time);
    sockets.forEach(FakeSocket::settle);
  }

  long count(HttpCounter counter) {
    return server.counters().get(counter);
  }

  /** Sends the whole of a stream on a connection of its own, then lets it be. */
  public FakeSocket send(String stream) {
    FakeSocket socket = connect();
    socket.deliver(stream);
    return socket;
  }

  /** What a stream is answered with, taken apart; the requests' methods say which have no body. */
  public List<ParsedResponse> answers(String stream) {
    return ParsedResponse.all(send(stream).outputBytes(), headRequests(stream));
  }

  /** The status codes that a stream is answered with. */
  public List<Integer> statuses(String stream) {
    return answers(stream).stream().map(ParsedResponse::status).toList();
  }

  private static boolean[] headRequests(String stream) {
    boolean[] head = new boolean[64];
    int index = 0;
    int at = 0;
    while (at >= 0 && at < stream.length() && index < head.length) {
      head[index++] = stream.startsWith("HEAD ", at);
      int end = stream.indexOf("\r\n\r\n", at);
      at = end < 0 ? -1 : end + 4;
    }
    return head;
  }

  public static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  public static String post(String target, String body) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: h\r\nContent-Length: "
        + body.getBytes(StandardCharsets.ISO_8859_1).length
        + "\r\n\r\n"
        + body;
  }
}
