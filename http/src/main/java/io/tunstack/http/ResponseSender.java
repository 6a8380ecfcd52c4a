package io.tunstack.http;

import io.tunstack.http.wire.ChunkedEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns one response into bytes (RFC 9112 §4, §5, §6): exactly one of Content-Length, chunked, the
 * end of the connection, or a status that has no body says where it ends. One after another.
 */
final class ResponseSender {
  /** A status line and every field, those of the server's included, fit into this. */
  static final int MAX_HEAD_BYTES = 2 * HttpResponse.MAX_HEADER_CHARS;

  /** With less room than this on the stage it is written out first. */
  private static final int MIN_ROOM = 1_024;

  /** A body of at least this is made in the send buffer; a small one leaves along with its head. */
  private static final int MIN_DIRECT_BYTES = 8_192;

  private static final byte[] VERSION = ascii("HTTP/1.1 ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

  /** Null between two. */
  private HttpResponse response;

  private boolean keepAlive;
  private boolean http10;
  private boolean chunked;
  private boolean bodyless;

  /** What is left of a known length; not used with others. */
  private long remaining;

  private boolean headStaged;
  private boolean done;

  /** The producer with the socket's buffer for its target, and what it has answered. */
  private final Consumer<ByteBuffer> direct = this::produce;

  private int answered;

  /**
   * Begins another response, and decides how it is framed.
   *
   * @param next what is sent
   * @param toHttp10 whether the client speaks HTTP/1.0
   * @param headOnly whether the request was HEAD
   * @param mayKeepAlive whether request and server let the connection go on
   */
  void begin(HttpResponse next, boolean toHttp10, boolean headOnly, boolean mayKeepAlive) {
    boolean unknown = next.length() == HttpResponse.UNKNOWN_LENGTH;
    response = next;
    http10 = toHttp10;
    chunked = unknown && !toHttp10;
    bodyless = headOnly || HttpStatus.hasNoBody(next.status());
    keepAlive = mayKeepAlive && !next.close() && (!unknown || !toHttp10 || bodyless);
    remaining = next.length();
    headStaged = false;
    done = false;
  }

  /** Forgets the response. */
  void end() {
    response = null;
    headStaged = false;
    done = false;
  }

  /** Whether there is a response. */
  boolean isOn() {
    return response != null;
  }

  static void stageContinue(ByteBuffer stage) {
    stage.put(CONTINUE);
  }

  boolean keepAlive() {
    return keepAlive;
  }

  /** Whether it is too late for another response. */
  boolean hasBegun() {
    return headStaged;
  }

  boolean isDone() {
    return done;
  }

  /**
   * Stages some more.
   *
   * @param date the Date field line
   * @return whether anything happened
   * @throws IllegalStateException if the producer ends before the length that was promised
   */
  boolean advance(Output output, byte[] date) {
    if (!headStaged) {
      if (output.stage().remaining() < MAX_HEAD_BYTES && !output.flush()) {
        return true;
      }
      stageHead(output.stage(), date);
      headStaged = true;
      done = bodyless || remaining == 0;
      if (done) {
        return true;
      }
    }
    return !done && stageBody(output);
  }

  private boolean stageBody(Output output) {
    byte[] content = response.content();
    if (content != null) {
      return stageContent(output, content);
    }
    if (!chunked && remaining >= MIN_DIRECT_BYTES) {
      return fillSocket(output);
    }
    ByteBuffer stage = output.stage();
    int framing = chunked ? ChunkedEncoder.OVERHEAD + ChunkedEncoder.END_LENGTH : 0;
    if (stage.remaining() < MIN_ROOM + framing) {
      output.flush();
      return true;
    }
    long room = Math.min(stage.remaining() - framing, output.appetite());
    int opened = stage.position();
    if (chunked) {
      ChunkedEncoder.open(stage);
      room = Math.min(room, ChunkedEncoder.MAX_DATA);
    } else if (remaining >= 0) {
      room = Math.min(room, remaining);
    }
    int dataStart = stage.position();
    stage.limit(dataStart + (int) room);
    int answer = response.body().produce(stage);
    int count = stage.position() - dataStart;
    stage.limit(stage.capacity());
    if (chunked) {
      ChunkedEncoder.close(stage, opened);
    }
    account(stage, answer, count);
    return count > 0 || done;
  }

  /** What is long and needs no framing goes past the stage. */
  private boolean fillSocket(Output output) {
    ByteBuffer lent = response.body().lend();
    if (lent != null && lent.hasRemaining()) {
      int limit = lent.limit();
      lent.limit(lent.position() + (int) Math.min(remaining, lent.remaining()));
      int taken = output.lend(lent);
      lent.limit(limit);
      account(output.stage(), 0, taken);
      return taken > 0;
    }
    answered = 0;
    int count = output.fill((int) Math.min(remaining, Integer.MAX_VALUE), direct);
    account(output.stage(), answered, count);
    return count > 0;
  }

  private void produce(ByteBuffer target) {
    answered = response.body().produce(target);
  }

  /** A body that is all there; {@link #remaining} says how much of it has not been staged. */
  private boolean stageContent(Output output, byte[] content) {
    ByteBuffer stage = output.stage();
    if (!stage.hasRemaining() && !output.flush()) {
      return true;
    }
    int count = (int) Math.min(remaining, Math.min(stage.remaining(), output.appetite()));
    stage.put(content, (int) (response.length() - remaining), count);
    remaining -= count;
    done = remaining == 0;
    return true;
  }

  private void account(ByteBuffer stage, int answer, int count) {
    if (remaining >= 0) {
      remaining -= count;
      done = remaining == 0;
      if (answer == BodyProducer.END && !done) {
        throw new IllegalStateException("the body ended " + remaining + " bytes early");
      }
    } else if (answer == BodyProducer.END) {
      done = true;
      if (chunked) {
        ChunkedEncoder.end(stage);
      }
    }
  }

  private void stageHead(ByteBuffer stage, byte[] date) {
    stage.put(VERSION);
    putNumber(stage, response.status());
    stage.put((byte) ' ');
    put(stage, HttpStatus.reason(response.status()));
    endLine(stage);
    stage.put(date);
    List<String> headers = response.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      put(stage, headers.get(i));
      stage.put((byte) ':').put((byte) ' ');
      put(stage, headers.get(i + 1));
      endLine(stage);
    }
    if (chunked) {
      stage.put(CHUNKED);
    } else if (remaining >= 0 && !HttpStatus.hasNoBody(response.status())) {
      stage.put(CONTENT_LENGTH);
      putNumber(stage, remaining);
      endLine(stage);
    }
    if (!keepAlive) {
      stage.put(CLOSE);
    } else if (http10) {
      stage.put(KEEP_ALIVE);
    }
    endLine(stage);
  }

  private static void endLine(ByteBuffer stage) {
    stage.put((byte) '\r').put((byte) '\n');
  }

  private static void put(ByteBuffer stage, String text) {
    for (int i = 0; i < text.length(); i++) {
      stage.put((byte) text.charAt(i));
    }
  }

  private static void putNumber(ByteBuffer stage, long value) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int end = stage.position() + digits;
    long rest = value;
    for (int at = end - 1; at >= end - digits; at--) {
      stage.put(at, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    stage.position(end);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
