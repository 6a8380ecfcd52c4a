package io.tunstack.http;

import java.util.function.Function;

/**
 * Answers requests, on the engine thread, without blocking.
 *
 * <p>It is called when the head of a request is there, and may answer at once, when the body has
 * come, or later from an {@link io.tunstack.net.Alarm} or a command of another thread's. What it
 * throws becomes a 500 and the end of the connection, and is logged.
 */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Begins to answer.
   *
   * @param exchange the request and the place for its response
   */
  void handle(HttpExchange exchange);

  /**
   * Makes a handler that needs nothing but the head and answers at once.
   *
   * @param answer from request to response
   * @return a handler that leaves the body unread
   */
  static HttpHandler of(Function<HttpRequest, HttpResponse> answer) {
    return exchange -> exchange.respond(answer.apply(exchange.request()));
  }
}
