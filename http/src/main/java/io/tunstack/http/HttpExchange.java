package io.tunstack.http;

import io.tunstack.tcp.TcpInfo;

/** A request and its response. Engine thread only. */
public interface HttpExchange {
  /**
   * Returns the request.
   *
   * @return its head; the body comes through {@link #readBody}
   */
  HttpRequest request();

  /**
   * Asks for the body; a client that waits for {@code 100 Continue} gets it. A request without a
   * body gives {@link BodyConsumer#onEnd} at once, after the handler returns. A body that nobody
   * asks for is thrown away once there is a response.
   *
   * @param consumer takes it
   * @throws IllegalStateException if somebody asked before
   */
  void readBody(BodyConsumer consumer);

  /**
   * Gives the response. It may be given while the body still comes. If the client has gone it is
   * dropped, its producer closed.
   *
   * @param response the only one
   * @throws IllegalStateException if there was one already
   */
  void respond(HttpResponse response);

  /**
   * Gives a short text for people as the response, as {@link HttpResponse#text} makes it.
   *
   * @param status 200 to 599
   * @param text ends in a line break, by custom
   * @throws IllegalStateException if there was a response already
   */
  default void respond(int status, String text) {
    respond(HttpResponse.text(status, text));
  }

  /**
   * Says that there will be no response, for an error of ours: what a handler says by throwing. It
   * becomes a 500 and the end of the connection, is counted and logged; nothing happens if the
   * client has gone.
   *
   * @param cause what went wrong
   */
  void fail(RuntimeException cause);

  /** Says that the consumer has room again, or the producer bytes. May be called at any time. */
  void wake();

  /**
   * Takes a snapshot of the connection that the request came on.
   *
   * @return the connection's numbers now
   */
  TcpInfo tcpInfo();
}
