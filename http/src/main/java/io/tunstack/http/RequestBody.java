package io.tunstack.http;

import io.tunstack.http.wire.BadMessageException;
import io.tunstack.http.wire.ChunkedDecoder;
import io.tunstack.http.wire.HeadLimits;
import io.tunstack.http.wire.RequestHead;
import io.tunstack.net.TcpSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A request's body: where it ends, and handing it on (RFC 9112 §6.3). One after another. */
final class RequestBody {
  /** Null if the length is known. */
  private ChunkedDecoder chunks;

  private long limit;
  private long remaining;
  private long received;
  private boolean done;
  private boolean refusedByConsumer;

  /** Shown what the socket holds, in {@link #pass}. */
  private final Consumer<ByteBuffer> passing = this::pass;

  /** Who is shown it; null but in {@link #take}. */
  private BodyConsumer passedTo;

  /**
   * Begins the body of another request.
   *
   * @throws BadMessageException if it is known to be longer than {@code maxBytes}
   */
  void begin(RequestHead head, HeadLimits limits, long maxBytes) throws BadMessageException {
    chunks = head.isChunked() ? new ChunkedDecoder(limits) : null;
    limit = maxBytes;
    remaining = chunks == null ? Math.max(0, head.contentLength()) : 0;
    received = 0;
    done = chunks == null && remaining == 0;
    refusedByConsumer = false;
    requireWithinLimit(remaining);
  }

  private void requireWithinLimit(long bytes) throws BadMessageException {
    if (bytes > limit) {
      throw new BadMessageException(413, "the body is longer than " + limit + " bytes");
    }
  }

  boolean isDone() {
    return done;
  }

  long received() {
    return received;
  }

  /** What is known to come yet: nothing of a chunked body. */
  long remaining() {
    return remaining;
  }

  /** Whether the consumer left bytes the last time. */
  boolean refusedByConsumer() {
    return refusedByConsumer;
  }

  /** How much to read at once: not into the next request, if that can be told. */
  int readSize(int max) {
    return chunks == null ? (int) Math.min(remaining, max) : max;
  }

  /**
   * Hands on bytes.
   *
   * @param consumer null throws them away
   * @return whether the input has become shorter
   */
  boolean feed(Input input, BodyConsumer consumer) throws BadMessageException {
    int before = input.available();
    long here = remaining;
    if (chunks != null) {
      input.skip(chunks.advance(input.array(), input.start(), input.end()) - input.start());
      done = chunks.isDone();
      here = chunks.dataRemaining();
      // Said as soon as the chunk is announced: what is refused does not depend on how bytes come.
      requireWithinLimit(Math.addExact(received, here));
    }
    int count = (int) Math.min(here, input.available());
    if (count > 0) {
      taken(input, offer(input, count, consumer));
    }
    return input.available() < before;
  }

  /** Whether the rest of it can be handed on without being copied. */
  boolean isPlain() {
    return chunks == null && !done;
  }

  /**
   * Hands on what the socket holds, from where it lies; only while the body {@link #isPlain} and
   * nothing of it is in the input.
   *
   * @return as {@link TcpSocket#take}
   */
  int take(TcpSocket socket, BodyConsumer consumer) {
    refusedByConsumer = false;
    passedTo = consumer;
    int count = socket.take(passing);
    passedTo = null;
    if (count > 0) {
      received += count;
      remaining -= count;
      done = remaining == 0;
    }
    return count;
  }

  private void pass(ByteBuffer data) {
    if (data.remaining() > remaining) {
      data.limit(data.position() + (int) remaining);
    }
    passedTo.onData(data);
    refusedByConsumer = data.hasRemaining();
  }

  private int offer(Input input, int count, BodyConsumer consumer) {
    refusedByConsumer = false;
    if (consumer == null) {
      return count;
    }
    ByteBuffer data = ByteBuffer.wrap(input.array(), input.start(), count).slice();
    consumer.onData(data);
    refusedByConsumer = data.hasRemaining();
    return data.position();
  }

  private void taken(Input input, int count) {
    input.skip(count);
    received += count;
    if (chunks == null) {
      remaining -= count;
      done = remaining == 0;
    } else if (count > 0) {
      chunks.consume(count);
    }
  }
}
