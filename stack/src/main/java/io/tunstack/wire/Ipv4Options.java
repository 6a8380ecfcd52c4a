package io.tunstack.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The options of an IPv4 header (RFC 791 §3.1): a walker that judges them in place, and a value
 * that holds their bytes for {@link Ipv4Header}.
 *
 * <pre>
 *   0 (end) | 1 (no operation) | type, length, length - 2 bytes of data
 * </pre>
 */
public final class Ipv4Options {
  /** No options. */
  public static final Ipv4Options NONE = new Ipv4Options(new byte[0]);

  /** Bytes that the options of one header take at most: 15 words less the fixed five. */
  public static final int MAX_LENGTH = 40;

  private static final int END = 0;
  private static final int NO_OPERATION = 1;
  private static final int LOOSE_SOURCE_ROUTE = 131;
  private static final int STRICT_SOURCE_ROUTE = 137;
  private static final int MIN_LENGTH = 2;

  private final byte[] bytes;

  private Ipv4Options(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Makes a value, padded with zeros (end of options) to a multiple of four bytes.
   *
   * @param bytes the options as they stand in the header, 0 to 40 bytes, well-formed or not; copied
   * @return the options
   * @throws IllegalArgumentException if there are more than 40 bytes
   */
  public static Ipv4Options of(byte... bytes) {
    if (bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          bytes.length + " bytes of options; a header has room for " + MAX_LENGTH);
    }
    return bytes.length == 0
        ? NONE
        : new Ipv4Options(Arrays.copyOf(bytes, (bytes.length + 3) & ~3));
  }

  /**
   * Walks over the options of a header. Every step goes forward and none leaves the range, whatever
   * the lengths say.
   *
   * @param buf holds the range
   * @param offset absolute index of the first option byte
   * @param length bytes of options, 0 to 40
   * @return {@link Ipv4Fault#NONE}, {@link Ipv4Fault#OPTION_LENGTH} or {@link
   *     Ipv4Fault#SOURCE_ROUTE}, whichever comes first; unknown options are skipped (RFC 1122
   *     §3.2.1.8)
   */
  public static Ipv4Fault check(ByteBuf buf, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int type = buf.getUnsignedByte(at);
      if (type == END) {
        return Ipv4Fault.NONE;
      }
      if (type == NO_OPERATION) {
        at++;
        continue;
      }
      int optionLength = at + 1 < end ? buf.getUnsignedByte(at + 1) : 0;
      if (optionLength < MIN_LENGTH || optionLength > end - at) {
        return Ipv4Fault.OPTION_LENGTH;
      }
      if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) {
        return Ipv4Fault.SOURCE_ROUTE;
      }
      at += optionLength;
    }
    return Ipv4Fault.NONE;
  }

  /**
   * Returns how many bytes there are.
   *
   * @return 0 to 40, a multiple of four
   */
  public int length() {
    return bytes.length;
  }

  static Ipv4Options read(ByteBuf buf, int offset, int length) {
    byte[] bytes = new byte[length];
    buf.getBytes(offset, bytes);
    return of(bytes);
  }

  void write(ByteBuf buf, int offset) {
    buf.setBytes(offset, bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ipv4Options that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return Arrays.toString(bytes);
  }
}
