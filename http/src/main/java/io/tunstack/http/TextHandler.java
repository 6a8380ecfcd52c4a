package io.tunstack.http;

import java.util.function.Supplier;

/** Answers with a short text. Nobody can keep the exchange: it is not shown to anybody. */
final class TextHandler implements HttpHandler {
  private final int status;
  private final Supplier<String> text;

  TextHandler(int status, Supplier<String> text) {
    this.status = HttpResponse.requireStatus(status);
    this.text = text;
  }

  @Override
  public void handle(HttpExchange exchange) {
    exchange.respond(status, text.get());
  }
}
