package io.tunstack.http.client;

import io.tunstack.http.BodyProducer;
import io.tunstack.http.wire.ChunkedEncoder;
import io.tunstack.net.TcpSocket;
import java.nio.ByteBuffer;

/**
 * Writes one request as the socket takes it: the head, then bytes that are there, or what a
 * producer gives, chunked if nobody knows how long it is.
 */
final class RequestSender {
  /** Enough for several segments, little enough to be kept while the socket is full. */
  private static final int STAGE_BYTES = 16_384;

  private final ClientRequest request;
  private final BodyProducer producer;
  private final boolean chunked;

  /** What waits to be written. */
  private ByteBuffer staged;

  /** The body in one piece, until it is staged itself. */
  private ByteBuffer whole;

  /** Reused for what a producer gives; null without one. */
  private final ByteBuffer stage;

  /** What a producer with a known length still owes. */
  private long remaining;

  private boolean bodyEnded;
  private boolean waiting;
  private boolean closed;
  private long accepted;

  RequestSender(ClientRequest request) {
    this.request = request;
    this.producer = request.producer();
    this.chunked = request.isChunked();
    this.remaining = request.length();
    this.stage = producer == null ? null : ByteBuffer.allocate(STAGE_BYTES);
    byte[] head = request.head();
    byte[] body = request.bytes();
    if (head.length + body.length <= STAGE_BYTES) {
      // One segment rather than two.
      staged = ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip();
      whole = ByteBuffer.allocate(0);
    } else {
      staged = ByteBuffer.wrap(head);
      whole = ByteBuffer.wrap(body);
    }
    bodyEnded = producer == null || (!chunked && remaining == 0);
  }

  /**
   * Writes as much as there is and the socket takes.
   *
   * @throws IllegalStateException if the producer ends before the length that was promised
   */
  void advance(TcpSocket socket) {
    waiting = false;
    while (!isDone() && !waiting) {
      if (!staged.hasRemaining()) {
        stageMore();
      }
      if (staged.hasRemaining()) {
        accepted += socket.write(staged);
        if (staged.hasRemaining()) {
          return;
        }
      }
    }
  }

  private void stageMore() {
    if (whole.hasRemaining()) {
      staged = whole;
      whole = ByteBuffer.allocate(0);
      return;
    }
    stage.clear();
    if (chunked) {
      ChunkedEncoder.open(stage);
      stage.limit(STAGE_BYTES - ChunkedEncoder.OVERHEAD - ChunkedEncoder.END_LENGTH);
    } else {
      stage.limit((int) Math.min(STAGE_BYTES, remaining));
    }
    int dataStart = stage.position();
    int answer = producer.produce(stage);
    int count = stage.position() - dataStart;
    stage.limit(STAGE_BYTES);
    if (chunked) {
      ChunkedEncoder.close(stage, 0);
      bodyEnded = answer == BodyProducer.END;
      if (bodyEnded) {
        ChunkedEncoder.end(stage);
      }
    } else {
      remaining -= count;
      bodyEnded = remaining == 0;
      if (answer == BodyProducer.END && !bodyEnded) {
        throw new IllegalStateException("the body ended " + remaining + " bytes early");
      }
    }
    waiting = count == 0 && !bodyEnded;
    staged = stage.flip();
  }

  /** Whether the socket has taken everything. */
  boolean isDone() {
    return bodyEnded && !staged.hasRemaining() && !whole.hasRemaining();
  }

  /** Whether it is the producer that has nothing now. */
  boolean isWaiting() {
    return waiting;
  }

  /** Bytes that the socket has taken. */
  long accepted() {
    return accepted;
  }

  ClientRequest request() {
    return request;
  }

  /** Lets go of the producer; again does nothing. */
  void close() {
    if (!closed && producer != null) {
      producer.close();
    }
    closed = true;
  }
}
