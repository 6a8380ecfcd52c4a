package io.tunstack.http.routes;

import io.tunstack.http.BodyProducer;
import io.tunstack.http.HttpExchange;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code /bytes?n=N}: N bytes of which the i-th is i mod 251. The period is a prime, so that no
 * power of two that a bug might shift the stream by goes unnoticed.
 */
final class BytesRoute implements HttpHandler {
  static final int PERIOD = 251;

  /** One tebibyte: at a gigabyte a second a download of a quarter of an hour. */
  static final long MAX_BYTES = 1L << 40;

  private static final int MAX_DIGITS = 13;

  /** What is put at once, at most. */
  private static final int STRIDE = 1 << 16;

  /** Enough periods that a stride fits behind each of the first 251 places. */
  private static final byte[] PATTERN = new byte[STRIDE + PERIOD];

  static {
    for (int i = 0; i < PATTERN.length; i++) {
      PATTERN[i] = (byte) (i % PERIOD);
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    long count = parse(exchange.request().queryParameter("n"));
    exchange.respond(
        count < 0
            ? HttpResponse.text(
                400,
                "How many bytes? Ask for /bytes?n=1000000, with a number from 0 to "
                    + MAX_BYTES
                    + ".\n")
            : HttpResponse.status(200).stream("application/octet-stream", count, new Pattern())
                .build());
  }

  /** Digits only; -1 if it is anything else or too much. */
  private static long parse(Optional<String> parameter) {
    String text = parameter.orElse("");
    if (text.isEmpty() || text.length() > MAX_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value <= MAX_BYTES ? value : -1;
  }

  /** Endless; the response's length ends it. */
  private static final class Pattern implements BodyProducer {
    /** Where the next byte is in the first period. */
    private int phase;

    @Override
    public int produce(ByteBuffer target) {
      int count = Math.min(target.remaining(), STRIDE);
      target.put(PATTERN, phase, count);
      phase = (phase + count) % PERIOD;
      return count;
    }
  }
}
