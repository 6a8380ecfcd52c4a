package io.tunstack.tcp;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The text of a large segment, where the link has put it: the application reads it there instead of
 * from a copy.
 *
 * <pre>
 *   segment arrives, lend --&gt; the connection's callbacks read --&gt; settle: what is left is copied
 * </pre>
 *
 * <p>A stack has one of these, because it has one segment in work at a time; when that is done, the
 * buffer is the link's again.
 */
final class LentText {
  /**
   * The least text that is lent. A callback of its own costs as much as copying a segment or two,
   * so that of an ordinary MTU is copied, and read with those that come in the same batch.
   */
  static final int MIN_BYTES = 8 * 1024;

  /** Whose it is; null if nothing is lent. */
  private ReceiveQueue borrower;

  /** Who was the last to get text, if that was large. */
  private ReceiveQueue latest;

  /** The connection whose segment is in work should be called back when that is done. */
  private boolean offerDue;

  private ByteBuf buffer;
  private int at;

  void lend(ReceiveQueue to, ByteBuf text, int offset) {
    borrower = to;
    buffer = text;
    at = offset;
  }

  /**
   * Text has come in order. Large text is offered even if it had to be copied, and so is the small
   * piece behind it: what lies there unread would keep all that follows from being lent.
   */
  void arrived(ReceiveQueue queue, boolean large) {
    offerDue = large || latest == queue;
    latest = large ? queue : null;
  }

  /** Whether there is something to be offered now; true once. */
  boolean takeOffer() {
    boolean due = offerDue;
    offerDue = false;
    return due;
  }

  boolean isLent() {
    return borrower != null;
  }

  boolean isLentTo(ReceiveQueue queue) {
    return borrower == queue;
  }

  /** The borrower has read so much of it. */
  void skip(int bytes) {
    at += bytes;
  }

  /** The borrower has no more use for it. */
  void end() {
    borrower = null;
    buffer = null;
  }

  /** Takes the buffer back: the borrower copies what it has not read. */
  void settle() {
    if (borrower != null) {
      borrower.keepLent();
    }
  }

  ByteBuf buffer() {
    return buffer;
  }

  /** Where in the buffer the first byte is that has not been read. */
  int at() {
    return at;
  }

  /** Copies out what comes first, and leaves it in place. */
  void copyTo(ByteBuffer target, int bytes) {
    int limit = target.limit();
    target.limit(target.position() + bytes);
    buffer.getBytes(at, target);
    target.limit(limit);
  }

  /** The first so many bytes, where they are; valid until the buffer is asked again. */
  ByteBuffer view(int bytes) {
    return buffer.internalNioBuffer(at, bytes);
  }
}
