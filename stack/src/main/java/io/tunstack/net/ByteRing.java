package io.tunstack.net;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes from one thread to one other: a ring with one producer and one consumer, without a lock.
 *
 * <p>The positions only grow. Each is written by one side and read by both; publishing a position
 * with release semantics makes the bytes before it visible.
 */
final class ByteRing {
  private final byte[] bytes;
  private final int mask;

  /** How much was ever put in; the producer's. */
  private final AtomicLong produced = new AtomicLong();

  /** How much was ever taken out; the consumer's. */
  private final AtomicLong consumed = new AtomicLong();

  /**
   * Makes an empty ring.
   *
   * @param capacity bytes, a power of two
   */
  ByteRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("the capacity is " + capacity + "; use a power of two");
    }
    bytes = new byte[capacity];
    mask = capacity - 1;
  }

  int capacity() {
    return bytes.length;
  }

  /** How much may be taken out; the consumer may rely on it, to others it is a hint. */
  int readable() {
    return (int) (produced.getAcquire() - consumed.getAcquire());
  }

  /** How much may be put in; the producer may rely on it, to others it is a hint. */
  int writable() {
    return bytes.length - readable();
  }

  /** Puts in as much as fits; the producer's thread. */
  int write(byte[] source, int offset, int length) {
    long at = produced.getPlain();
    int n = (int) Math.min(length, bytes.length - (at - consumed.getAcquire()));
    int first = Math.min(n, bytes.length - (int) (at & mask));
    System.arraycopy(source, offset, bytes, (int) (at & mask), first);
    System.arraycopy(source, offset + first, bytes, 0, n - first);
    produced.setRelease(at + n);
    return n;
  }

  /** Takes out as much as there is; the consumer's thread. */
  int read(byte[] target, int offset, int length) {
    long at = consumed.getPlain();
    int n = (int) Math.min(length, produced.getAcquire() - at);
    int first = Math.min(n, bytes.length - (int) (at & mask));
    System.arraycopy(bytes, (int) (at & mask), target, offset, first);
    System.arraycopy(bytes, 0, target, offset + first, n - first);
    consumed.setRelease(at + n);
    return n;
  }

  /**
   * The contiguous room from the write position on, to be filled in place; the producer's thread.
   */
  ByteBuffer room() {
    int at = (int) (produced.getPlain() & mask);
    return ByteBuffer.wrap(bytes, at, Math.min(writable(), bytes.length - at));
  }

  /** Says how much of {@link #room} was filled. */
  void filled(int n) {
    produced.setRelease(produced.getPlain() + n);
  }

  /** The contiguous bytes from the read position on, to be used in place; the consumer's thread. */
  ByteBuffer content() {
    int at = (int) (consumed.getPlain() & mask);
    return ByteBuffer.wrap(bytes, at, Math.min(readable(), bytes.length - at));
  }

  /** Says how much of {@link #content} was used. */
  void used(int n) {
    consumed.setRelease(consumed.getPlain() + n);
  }
}
