package io.tunstack.http.client;

import io.tunstack.http.wire.BadMessageException;
import io.tunstack.http.wire.ChunkedDecoder;
import io.tunstack.http.wire.HeadLimits;
import io.tunstack.http.wire.ResponseHead;
import io.tunstack.http.wire.ResponseHead.Framing;
import io.tunstack.http.wire.ResponseParser;
import java.nio.ByteBuffer;

/**
 * Takes one response apart as its bytes come: interim heads, head, body by RFC 9112 §6.3. What it
 * tells depends on the bytes only, not on how they were split, but for where {@code onData} is cut.
 */
final class ResponseReader {
  /** 100, and 103 once or twice, are what there is; a server that goes on like that never ends. */
  static final int MAX_INTERIM = 32;

  private static final int SWITCHING_PROTOCOLS = 101;

  private final HeadLimits limits;
  private final String method;
  private final ResponseHandler handler;
  private final ResponseParser parser;

  /** Complete heads so far, interim ones included. */
  private int heads;

  /** Null until the head is complete, as is the framing. */
  private ResponseHead head;

  private Framing framing;

  /** Null unless chunked. */
  private ChunkedDecoder chunks;

  /** Of a known length, what is still to come. */
  private long remaining;

  private boolean done;
  private boolean paused;
  private boolean stopped;

  /**
   * Makes a reader for one response.
   *
   * @param method of the request: HEAD has no body in answer
   */
  ResponseReader(HeadLimits limits, String method, ResponseHandler handler) {
    this.limits = limits;
    this.method = method;
    this.handler = handler;
    this.parser = new ResponseParser(limits);
  }

  /**
   * Goes on until the input is used up, the response is complete or the handler leaves bytes.
   *
   * @param input backed by an array; its position moves behind what was used
   * @throws BadMessageException if it is not a response; do not go on then
   */
  void read(ByteBuffer input) throws BadMessageException {
    paused = false;
    while (input.hasRemaining() && !done && !paused && !stopped) {
      if (head == null) {
        readHead(input);
      } else {
        readBody(input);
      }
    }
  }

  private void readHead(ByteBuffer input) throws BadMessageException {
    int offset = input.arrayOffset();
    int at = parser.parse(input.array(), offset + input.position(), offset + input.limit());
    input.position(at - offset);
    if (!parser.isDone()) {
      return;
    }
    ResponseHead complete = parser.head();
    parser.reset();
    heads++;
    if (complete.isInterim()) {
      if (complete.status() == SWITCHING_PROTOCOLS) {
        throw bad("the server switches protocols (101), which nobody asked for");
      }
      if (heads > MAX_INTERIM) {
        throw bad("more than " + MAX_INTERIM + " interim responses (1xx)");
      }
      handler.onInterim(complete);
      return;
    }
    framing = complete.framing(method);
    if (framing == Framing.LENGTH) {
      remaining = complete.contentLength();
    } else if (framing == Framing.CHUNKED) {
      chunks = new ChunkedDecoder(limits);
    }
    done = framing == Framing.NONE;
    head = complete;
    handler.onHead(complete);
  }

  private static BadMessageException bad(String explanation) {
    return new BadMessageException(502, explanation);
  }

  private void readBody(ByteBuffer input) throws BadMessageException {
    switch (framing) {
      case LENGTH -> {
        remaining -= offer(input, remaining);
        done = remaining == 0;
      }
      case UNTIL_CLOSE -> offer(input, input.remaining());
      case CHUNKED -> {
        int offset = input.arrayOffset();
        int at = chunks.advance(input.array(), offset + input.position(), offset + input.limit());
        input.position(at - offset);
        int count = offer(input, chunks.dataRemaining());
        if (count > 0) {
          chunks.consume(count);
        }
        done = chunks.isDone();
      }
      case NONE -> throw new IllegalStateException("a response without a body is done");
    }
  }

  /** Offers up to {@code max} bytes; answers how many were taken. */
  private int offer(ByteBuffer input, long max) {
    int count = (int) Math.min(max, input.remaining());
    if (count == 0) {
      return 0;
    }
    ByteBuffer data = input.slice().limit(count);
    handler.onData(data);
    paused = data.hasRemaining();
    input.position(input.position() + data.position());
    return data.position();
  }

  /**
   * The server has finished sending.
   *
   * @return whether that makes the response complete (RFC 9112 §8)
   */
  boolean endOfInput() {
    done |= framing == Framing.UNTIL_CLOSE;
    return done;
  }

  /** The handler hears nothing more. */
  void stop() {
    stopped = true;
  }

  /** Whether any byte of a response has come, be it of an interim one. */
  boolean hasBegun() {
    return parser.hasBegun() || heads > 0;
  }

  /** What it means that reading was refused, by how far it had come. */
  HttpFailure.Kind fault() {
    if (head != null) {
      return HttpFailure.Kind.BAD_BODY;
    }
    return heads > 0 || parser.hasStatusLine()
        ? HttpFailure.Kind.BAD_HEAD
        : HttpFailure.Kind.NOT_HTTP;
  }

  /** Whether the head is complete. */
  boolean hasHead() {
    return head != null;
  }

  /** The head. */
  ResponseHead head() {
    return head;
  }

  boolean isDone() {
    return done;
  }

  /** Whether the handler left bytes the last time. */
  boolean isPaused() {
    return paused;
  }

  /** Whether the connection can carry another request after this response (RFC 9112 §9.3). */
  boolean keepsConnection() {
    return done && framing != Framing.UNTIL_CLOSE && head.keepAlive();
  }
}
