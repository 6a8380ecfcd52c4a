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

  /** What is put, or lent, at once, at most. */
  private static final int STRIDE = 1 << 20;

  /** Enough periods that a stride fits behind each of the first 251 places. */
  private static final ByteBuffer PATTERN = ByteBuffer.allocateDirect(STRIDE + PERIOD);

  static {
    byte[] period = new byte[PERIOD];
    for (int i = 0; i < PERIOD; i++) {
      period[i] = (byte) i;
    }
    while (PATTERN.hasRemaining()) {
      PATTERN.put(period, 0, Math.min(PERIOD, PATTERN.remaining()));
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
    /**
     * From the next byte, somewhere in the first period, for a stride; less while that is taken.
     */
    private final ByteBuffer next = PATTERN.duplicate().clear().limit(STRIDE);

    @Override
    public int produce(ByteBuffer target) {
      ByteBuffer lent = lend();
      int count = Math.min(target.remaining(), lent.remaining());
      target.put(target.position(), lent, lent.position(), count);
      target.position(target.position() + count);
      lent.position(lent.position() + count);
      return count;
    }

    @Override
    public ByteBuffer lend() {
      if (!next.hasRemaining()) {
        int phase = next.position() % PERIOD;
        next.limit(phase + STRIDE).position(phase);
      }
      return next;
    }
  }
}
