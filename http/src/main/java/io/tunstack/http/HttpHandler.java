package io.tunstack.http;

import java.util.function.Function;
import java.util.function.Supplier;

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

  /**
   * Makes a handler that answers with a short text, whatever the head says. As it shows nobody the
   * exchange, the server uses one again and again: such a request leaves no garbage but what the
   * text is.
   *
   * @param status 200 to 599
   * @param text asked for each response
   * @return a handler that leaves the body unread
   */
  static HttpHandler text(int status, Supplier<String> text) {
    return new TextHandler(status, text);
  }
}
