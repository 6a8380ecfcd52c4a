package io.tunstack.wire;

import io.netty.buffer.ByteBuf;

/**
 * A UDP header (RFC 768), read and written in place.
 *
 * <pre>
 *   0 | source port | destination port |
 *   4 |   length    |     checksum     |
 * </pre>
 *
 * <p>The accessors take an absolute offset and trust that {@link #HEADER_LENGTH} bytes follow it.
 */
public final class UdpView {
  /** Bytes of the header. */
  public static final int HEADER_LENGTH = 8;

  /** What the checksum field says when the sender computed none. */
  public static final int NO_CHECKSUM = 0;

  private UdpView() {}

  /**
   * Writes a header with a checksum of zero.
   *
   * @param buf has {@link #HEADER_LENGTH} bytes of room at the offset; its indices do not move
   * @param offset absolute index
   * @param sourcePort 0 to 65,535
   * @param destinationPort 0 to 65,535
   * @param length bytes, header included, 8 to 65,515
   */
  public static void write(
      ByteBuf buf, int offset, int sourcePort, int destinationPort, int length) {
    buf.setShort(offset, sourcePort);
    buf.setShort(offset + 2, destinationPort);
    buf.setShort(offset + 4, length);
    buf.setShort(offset + 6, NO_CHECKSUM);
  }

  /**
   * Writes the checksum. A computed zero goes out as 65,535, because zero means "none" (RFC 768).
   *
   * @param buf holds the header
   * @param offset absolute index
   * @param checksum what {@link Checksum#finish} gave over pseudo-header, header and data
   */
  public static void setChecksum(ByteBuf buf, int offset, int checksum) {
    buf.setShort(offset + 6, checksum == NO_CHECKSUM ? 0xffff : checksum);
  }

  /**
   * Reads the source port.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535; 0 if no reply is expected
   */
  public static int sourcePort(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset);
  }

  /**
   * Reads the destination port.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535
   */
  public static int destinationPort(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 2);
  }

  /**
   * Reads the length.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return bytes, header included, 0 to 65,535
   */
  public static int length(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 4);
  }

  /**
   * Reads the checksum.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535; {@link #NO_CHECKSUM} if the sender computed none
   */
  public static int checksum(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 6);
  }
}
