package io.tunstack.http.wire;

import java.nio.ByteBuffer;

/**
 * Puts chunks into a buffer whose data are written in place: {@link #open} leaves room for the
 * size, the caller puts data, {@link #close} fills in what was left out (RFC 9112 §7.1).
 */
public final class ChunkedEncoder {
  /** The most data a chunk of this encoder takes: what four hexadecimal digits can say. */
  public static final int MAX_DATA = 0xffff;

  /** What a chunk needs beside its data: four digits and two CRLF. */
  public static final int OVERHEAD = 8;

  private static final int SIZE_LINE = 6;
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

  /** What {@link #end} needs. */
  public static final int END_LENGTH = LAST_CHUNK.length;

  private ChunkedEncoder() {}

  /**
   * Begins a chunk.
   *
   * @param target has room for more than {@link #OVERHEAD}; its position moves to where data go,
   *     its limit stays
   */
  public static void open(ByteBuffer target) {
    target.position(target.position() + SIZE_LINE);
  }

  /**
   * Ends the chunk. One without data would end the body, so it is taken back instead.
   *
   * @param target position behind the data; two more bytes of room
   * @param opened what the position was before {@link #open}
   */
  public static void close(ByteBuffer target, int opened) {
    int dataStart = opened + SIZE_LINE;
    int size = target.position() - dataStart;
    if (size == 0) {
      target.position(opened);
      return;
    }
    int digits = (Integer.SIZE - Integer.numberOfLeadingZeros(size) + 3) / 4;
    int lineLength = digits + 2;
    if (lineLength < SIZE_LINE) {
      // Small chunks are moved up, so that no size has leading zeros.
      target.put(opened + lineLength, target, dataStart, size);
    }
    for (int i = 0; i < digits; i++) {
      int digit = (size >> (4 * (digits - 1 - i))) & 0xf;
      target.put(opened + i, (byte) Character.forDigit(digit, 16));
    }
    target.put(opened + digits, (byte) '\r');
    target.put(opened + digits + 1, (byte) '\n');
    target.position(opened + lineLength + size);
    target.put((byte) '\r').put((byte) '\n');
  }

  /**
   * Puts the last chunk and an empty trailer section.
   *
   * @param target has room for {@link #END_LENGTH}
   */
  public static void end(ByteBuffer target) {
    target.put(LAST_CHUNK);
  }
}
