package io.tunstack.http.routes;

import io.tunstack.http.BodyConsumer;
import io.tunstack.http.BodyProducer;
import io.tunstack.http.HttpExchange;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * {@code /echo}: gives the body back while it comes, framed as it came. A client that sends without
 * reading is stopped by TCP once this much is under way: our buffer, and the two of the connection.
 */
final class EchoRoute implements HttpHandler {
  /**
   * The content type is never the client's: what comes back must not be taken by a browser for a
   * page of this server's.
   */
  private static final String CONTENT_TYPE = "application/octet-stream";

  @Override
  public void handle(HttpExchange exchange) {
    Echo echo = new Echo(exchange);
    OptionalLong length = exchange.request().bodyLength();
    HttpResponse.Builder response =
        HttpResponse.status(200).header("X-Content-Type-Options", "nosniff");
    if (length.isPresent()) {
      response.stream(CONTENT_TYPE, length.getAsLong(), echo);
    } else {
      response.stream(CONTENT_TYPE, echo);
    }
    exchange.readBody(echo);
    exchange.respond(response.build());
  }

  /** What has come and not gone yet. */
  private static final class Echo implements BodyConsumer, BodyProducer {
    private static final int BUFFER_BYTES = 1 << 16;

    private final HttpExchange exchange;

    /** Between calls ready to be filled. */
    private final ByteBuffer buffer;

    private boolean complete;

    Echo(HttpExchange exchange) {
      this.exchange = exchange;
      long length = exchange.request().bodyLength().orElse(BUFFER_BYTES);
      this.buffer = ByteBuffer.allocate((int) Math.min(length, BUFFER_BYTES));
    }

    @Override
    public void onData(ByteBuffer data) {
      int limit = data.limit();
      data.limit(data.position() + Math.min(data.remaining(), buffer.remaining()));
      buffer.put(data);
      data.limit(limit);
    }

    @Override
    public void onEnd() {
      complete = true;
      exchange.wake();
    }

    @Override
    public int produce(ByteBuffer target) {
      buffer.flip();
      int count = Math.min(target.remaining(), buffer.remaining());
      target.put(target.position(), buffer, 0, count);
      target.position(target.position() + count);
      buffer.position(count);
      buffer.compact();
      if (count == 0) {
        return complete ? END : 0;
      }
      exchange.wake();
      return count;
    }
  }
}
