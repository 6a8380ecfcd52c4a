package io.tunstack.http.routes;

import io.tunstack.http.BodyConsumer;
import io.tunstack.http.HttpExchange;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** {@code /sink} counts the bytes of a body, {@code /digest} computes their SHA-256 as well. */
final class SinkRoute implements HttpHandler {
  private final boolean withDigest;

  SinkRoute(boolean withDigest) {
    this.withDigest = withDigest;
  }

  @Override
  public void handle(HttpExchange exchange) {
    exchange.readBody(withDigest ? new Counting(exchange, sha256()) : new Counting(exchange, null));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static final class Counting implements BodyConsumer {
    private final HttpExchange exchange;

    /** Null if only the number is wanted. */
    private final MessageDigest digest;

    private long bytes;

    Counting(HttpExchange exchange, MessageDigest digest) {
      this.exchange = exchange;
      this.digest = digest;
    }

    @Override
    public void onData(ByteBuffer data) {
      bytes += data.remaining();
      if (digest != null) {
        digest.update(data);
      } else {
        data.position(data.limit());
      }
    }

    @Override
    public void onEnd() {
      String sum =
          digest == null ? "" : ",\"sha256\":\"" + HexFormat.of().formatHex(digest.digest()) + "\"";
      exchange.respond(
          HttpResponse.status(200)
              .body("application/json", "{\"bytes\":" + bytes + sum + "}\n")
              .build());
    }
  }
}
