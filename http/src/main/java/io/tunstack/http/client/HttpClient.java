package io.tunstack.http.client;

import io.tunstack.net.Sockets;
import java.net.InetSocketAddress;

/**
 * A client of one server: one request at a time, over one connection that is kept as long as it can
 * be. For requests side by side make several. Engine thread only.
 *
 * <pre>{@code
 * HttpUrl url = HttpUrl.parse("http://10.77.0.1:8080/");
 * InetSocketAddress server = url.literalAddress().orElseThrow();
 * HttpClient client = HttpClient.to(sockets, server, ClientLimits.DEFAULT);
 * client.send(ClientRequest.get(url), handler);
 * }</pre>
 *
 * <p>A connection is used again after a response that was complete, that was framed by itself
 * rather than by the connection's end, that left no byte over, and after which neither side asked
 * for {@code close} (RFC 9112 §9.3). The server may close it in the very moment in which it is used
 * again; a request that may be repeated is then sent once more, on a new connection (RFC 9110
 * §9.2.2).
 */
public final class HttpClient {
  private final Sockets sockets;
  private final InetSocketAddress remote;
  private final ClientLimits limits;

  /** The connection that is there for the next request, or in use; null if there is none. */
  private ClientConnection connection;

  /** The call under way; null if there is none. */
  private Exchange exchange;

  /** The server's last answer was in HTTP/1.0. */
  private boolean http10;

  private HttpClient(Sockets sockets, InetSocketAddress remote, ClientLimits limits) {
    this.sockets = sockets;
    this.remote = remote;
    this.limits = limits;
  }

  /**
   * Makes a client; nothing is sent yet.
   *
   * @param sockets of the stack that it belongs to
   * @param remote the server: an IPv4 address, resolved, and a port
   * @param limits what it bears
   * @return a client without a connection
   */
  public static HttpClient to(Sockets sockets, InetSocketAddress remote, ClientLimits limits) {
    return new HttpClient(sockets, remote, limits);
  }

  /**
   * Sends a request, on a new connection or on the one that is there.
   *
   * @param request whose URL may name any host: it goes to this client's server
   * @param handler hears of the response; on a connection that is used again, perhaps before this
   *     returns
   * @return the call
   * @throws IllegalStateException if the call before is not over; if every port or the cap on
   *     connections is used up; if the body is chunked and the server is known to speak HTTP/1.0
   * @throws IllegalArgumentException if the server's address is unresolved, IPv6, or not a host's
   */
  public HttpCall send(ClientRequest request, ResponseHandler handler) {
    if (exchange != null) {
      throw new IllegalStateException("the call before is not over; make another client");
    }
    if (request.isChunked() && http10) {
      throw new IllegalStateException(
          "the server speaks HTTP/1.0 and would take chunks for data; give the body a length");
    }
    boolean reused = connection != null;
    if (!reused) {
      connection = connect();
    }
    Exchange next = new Exchange(this, request, handler, sockets::alarm);
    exchange = next;
    next.begin(connection, reused);
    return next;
  }

  private ClientConnection connect() {
    ClientConnection fresh = new ClientConnection(this);
    fresh.attach(sockets.connect(remote, fresh));
    return fresh;
  }

  /** The connection died under a request that may be repeated: another one. */
  void reconnect(Exchange repeated) {
    connection = connect();
    repeated.begin(connection, false);
  }

  /**
   * Closes the connection if it carries no request; a call under way goes on to its end. The next
   * request opens another.
   */
  public void closeIdle() {
    if (connection != null && exchange == null) {
      connection.close();
    }
  }

  /**
   * Tells whether there is a connection for the next request.
   *
   * @return false while a call is under way
   */
  public boolean hasIdleConnection() {
    return connection != null && exchange == null;
  }

  void over(Exchange ended) {
    if (exchange == ended) {
      exchange = null;
    }
  }

  void forget(ClientConnection gone) {
    if (connection == gone) {
      connection = null;
    }
  }

  void answeredIn(int minorVersion) {
    http10 = minorVersion == 0;
  }

  ClientLimits limits() {
    return limits;
  }

  InetSocketAddress remote() {
    return remote;
  }
}
