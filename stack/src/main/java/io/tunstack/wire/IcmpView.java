package io.tunstack.wire;

import io.netty.buffer.ByteBuf;

/**
 * An ICMP message (RFC 792), read and written in place.
 *
 * <pre>
 *   0 |  type  |  code  |     checksum    |
 *   4 |   identifier    | sequence number |   of an echo; unused, pointer or MTU in an error
 *   8 |  data of an echo; the quoted datagram in an error
 * </pre>
 *
 * <p>The accessors take an absolute offset and trust that {@link #HEADER_LENGTH} bytes follow it.
 */
public final class IcmpView {
  /** Bytes of the header. */
  public static final int HEADER_LENGTH = 8;

  /** Type: echo reply. */
  public static final int ECHO_REPLY = 0;

  /** Type: destination unreachable. */
  public static final int DESTINATION_UNREACHABLE = 3;

  /** Type: source quench, deprecated (RFC 6633). */
  public static final int SOURCE_QUENCH = 4;

  /** Type: redirect. */
  public static final int REDIRECT = 5;

  /** Type: echo request. */
  public static final int ECHO_REQUEST = 8;

  /** Type: time exceeded. */
  public static final int TIME_EXCEEDED = 11;

  /** Type: parameter problem. */
  public static final int PARAMETER_PROBLEM = 12;

  /** Type: timestamp request. */
  public static final int TIMESTAMP_REQUEST = 13;

  /** Type: address mask request, deprecated (RFC 6918). */
  public static final int ADDRESS_MASK_REQUEST = 17;

  /** Type: address mask reply, the last of the old queries. */
  public static final int ADDRESS_MASK_REPLY = 18;

  /** Code of {@link #DESTINATION_UNREACHABLE}: the protocol. */
  public static final int PROTOCOL_UNREACHABLE = 2;

  /** Code of {@link #DESTINATION_UNREACHABLE}: the port. */
  public static final int PORT_UNREACHABLE = 3;

  /** Code of {@link #DESTINATION_UNREACHABLE}: too big for a link, and must not be cut. */
  public static final int FRAGMENTATION_NEEDED = 4;

  /** Code of {@link #TIME_EXCEEDED}: fragments were missing for too long. */
  public static final int REASSEMBLY_TIMEOUT = 1;

  private IcmpView() {}

  /**
   * Writes a header with a checksum of zero.
   *
   * @param buf has {@link #HEADER_LENGTH} bytes of room at the offset; its indices do not move
   * @param offset absolute index
   * @param type 0 to 255
   * @param code 0 to 255
   * @param rest the second word: identifier and sequence number, or zero
   */
  public static void write(ByteBuf buf, int offset, int type, int code, int rest) {
    buf.setByte(offset, type);
    buf.setByte(offset + 1, code);
    buf.setShort(offset + 2, 0);
    buf.setInt(offset + 4, rest);
  }

  /**
   * Writes the checksum.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @param checksum what {@link Checksum#finish} gave over the whole message
   */
  public static void setChecksum(ByteBuf buf, int offset, int checksum) {
    buf.setShort(offset + 2, checksum);
  }

  /**
   * Tells whether a type is an error about another datagram, or may be one: every type but the
   * known queries and their replies. No error is sent about these (RFC 1122 §3.2.2).
   *
   * @param type 0 to 255
   * @return false for echo, timestamp, information and address mask
   */
  public static boolean isError(int type) {
    return type != ECHO_REPLY
        && type != ECHO_REQUEST
        && (type < TIMESTAMP_REQUEST || type > ADDRESS_MASK_REPLY);
  }

  /**
   * Reads the type.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 255
   */
  public static int type(ByteBuf buf, int offset) {
    return buf.getUnsignedByte(offset);
  }

  /**
   * Reads the code.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 255
   */
  public static int code(ByteBuf buf, int offset) {
    return buf.getUnsignedByte(offset + 1);
  }

  /**
   * Reads the checksum.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535
   */
  public static int checksum(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 2);
  }

  /**
   * Reads the second word.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return four bytes in network order
   */
  public static int rest(ByteBuf buf, int offset) {
    return buf.getInt(offset + 4);
  }

  /**
   * Reads the identifier of an echo.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535
   */
  public static int identifier(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 4);
  }

  /**
   * Reads the sequence number of an echo.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535
   */
  public static int sequence(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 6);
  }

  /**
   * Reads the next hop's MTU from "fragmentation needed" (RFC 1191 §4).
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return bytes; 0 from a router older than RFC 1191
   */
  public static int nextHopMtu(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 6);
  }
}
