package io.tunstack.wire;

import io.netty.buffer.ByteBuf;

/**
 * An IPv4 header (RFC 791 §3.1), read and written in place.
 *
 * <pre>
 *    0 |version| IHL |type of service|        total length         |
 *    4 |       identification        |0|DF|MF|   fragment offset   |
 *    8 | time to live  |   protocol  |       header checksum       |
 *   12 |                      source address                       |
 *   16 |                   destination address                     |
 *   20 |                     options, padded                       |
 * </pre>
 *
 * <p>The accessors take an absolute offset and trust that {@link #MIN_HEADER_LENGTH} bytes follow
 * it; {@link #check} trusts nothing.
 */
public final class Ipv4View {
  /** Bytes of a header without options. */
  public static final int MIN_HEADER_LENGTH = 20;

  /** Bytes of a header at most. */
  public static final int MAX_HEADER_LENGTH = 60;

  /** Bytes of a datagram at most: what fits the total-length field. */
  public static final int MAX_TOTAL_LENGTH = 65_535;

  /** The flag "don't fragment", as {@link #flagsAndOffset} has it. */
  public static final int DONT_FRAGMENT = 0x4000;

  /** The flag "more fragments", as {@link #flagsAndOffset} has it. */
  public static final int MORE_FRAGMENTS = 0x2000;

  /** Where a fragment starts, as {@link #flagsAndOffset} has it: in units of eight bytes. */
  public static final int OFFSET_MASK = 0x1fff;

  /** The ECN field's bits in the type-of-service octet (RFC 3168 §5). */
  public static final int ECN_MASK = 3;

  /** ECN: the sender's transport does not take part. */
  public static final int ECN_NOT_CAPABLE = 0;

  /** ECN: a router was congested. */
  public static final int ECN_CONGESTION_EXPERIENCED = 3;

  private static final int VERSION = 4;
  private static final int VERSION_AND_SHORTEST = (VERSION << 4) | (MIN_HEADER_LENGTH / 4);

  private Ipv4View() {}

  /**
   * Judges a header of unknown origin. Bytes behind the total length are not looked at (RFC 791
   * §3.1 lets a link pad).
   *
   * @param buf holds the packet
   * @param offset absolute index of its first byte
   * @param available bytes that arrived, all inside the buffer, 0 or more
   * @return {@link Ipv4Fault#NONE}, or the first fault that is met
   */
  public static Ipv4Fault check(ByteBuf buf, int offset, int available) {
    if (available < MIN_HEADER_LENGTH) {
      return Ipv4Fault.TOO_SHORT;
    }
    if (version(buf, offset) != VERSION) {
      return Ipv4Fault.VERSION;
    }
    int headerLength = headerLength(buf, offset);
    if (headerLength < MIN_HEADER_LENGTH || headerLength > available) {
      return Ipv4Fault.HEADER_LENGTH;
    }
    int totalLength = totalLength(buf, offset);
    if (totalLength < headerLength || totalLength > available) {
      return Ipv4Fault.TOTAL_LENGTH;
    }
    if (!Checksum.isValid(Checksum.sum(buf, offset, headerLength))) {
      return Ipv4Fault.CHECKSUM;
    }
    return headerLength == MIN_HEADER_LENGTH
        ? Ipv4Fault.NONE
        : Ipv4Options.check(buf, offset + MIN_HEADER_LENGTH, headerLength - MIN_HEADER_LENGTH);
  }

  /**
   * Writes a header without options, checksum included.
   *
   * @param buf has {@link #MIN_HEADER_LENGTH} bytes of room at the offset; its indices do not move
   * @param offset absolute index
   * @param typeOfService 0 to 255
   * @param totalLength bytes, header included, 20 to 65,535
   * @param identification 0 to 65,535
   * @param flagsAndOffset {@link #DONT_FRAGMENT}, {@link #MORE_FRAGMENTS} and the offset in units
   *     of eight bytes
   * @param timeToLive 0 to 255
   * @param protocol 0 to 255
   * @param source in network order, as an int
   * @param destination in network order, as an int
   */
  public static void write(
      ByteBuf buf,
      int offset,
      int typeOfService,
      int totalLength,
      int identification,
      int flagsAndOffset,
      int timeToLive,
      int protocol,
      int source,
      int destination) {
    buf.setByte(offset, VERSION_AND_SHORTEST);
    buf.setByte(offset + 1, typeOfService);
    buf.setShort(offset + 2, totalLength);
    buf.setShort(offset + 4, identification);
    buf.setShort(offset + 6, flagsAndOffset);
    buf.setByte(offset + 8, timeToLive);
    buf.setByte(offset + 9, protocol);
    buf.setInt(offset + 12, source);
    buf.setInt(offset + 16, destination);
    updateChecksum(buf, offset, MIN_HEADER_LENGTH);
  }

  /**
   * Computes the header checksum and writes it into its field.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @param headerLength bytes, options included
   */
  public static void updateChecksum(ByteBuf buf, int offset, int headerLength) {
    buf.setShort(offset + 10, 0);
    buf.setShort(offset + 10, Checksum.finish(Checksum.sum(buf, offset, headerLength)));
  }

  /**
   * Reads the version.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 15
   */
  public static int version(ByteBuf buf, int offset) {
    return buf.getUnsignedByte(offset) >>> 4;
  }

  /**
   * Reads the header length.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return bytes, 0 to 60
   */
  public static int headerLength(ByteBuf buf, int offset) {
    return (buf.getByte(offset) & 0xf) * 4;
  }

  /**
   * Reads the type-of-service octet: DSCP and ECN (RFC 2474, RFC 3168).
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 255
   */
  public static int typeOfService(ByteBuf buf, int offset) {
    return buf.getUnsignedByte(offset + 1);
  }

  /**
   * Reads the total length.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return bytes, header included, 0 to 65,535
   */
  public static int totalLength(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 2);
  }

  /**
   * Reads the identification.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535
   */
  public static int identification(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 4);
  }

  /**
   * Reads the three flags and the fragment offset as they stand, for one test of all of them.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535; see the constants
   */
  public static int flagsAndOffset(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 6);
  }

  /**
   * Tells whether the datagram must not be cut.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return true if so
   */
  public static boolean dontFragment(ByteBuf buf, int offset) {
    return (flagsAndOffset(buf, offset) & DONT_FRAGMENT) != 0;
  }

  /**
   * Tells whether this is a fragment that is not the last.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return true if so
   */
  public static boolean moreFragments(ByteBuf buf, int offset) {
    return (flagsAndOffset(buf, offset) & MORE_FRAGMENTS) != 0;
  }

  /**
   * Tells whether this is a fragment rather than a whole datagram.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return true if more fragments follow or the offset is not zero
   */
  public static boolean isFragment(ByteBuf buf, int offset) {
    return (flagsAndOffset(buf, offset) & (MORE_FRAGMENTS | OFFSET_MASK)) != 0;
  }

  /**
   * Reads where the fragment starts in its datagram's payload.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return bytes, 0 to 65,528, a multiple of eight
   */
  public static int fragmentOffset(ByteBuf buf, int offset) {
    return (flagsAndOffset(buf, offset) & OFFSET_MASK) * 8;
  }

  /**
   * Reads the time to live.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return hops, 0 to 255
   */
  public static int timeToLive(ByteBuf buf, int offset) {
    return buf.getUnsignedByte(offset + 8);
  }

  /**
   * Reads the protocol.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 255
   */
  public static int protocol(ByteBuf buf, int offset) {
    return buf.getUnsignedByte(offset + 9);
  }

  /**
   * Reads the header checksum.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return 0 to 65,535
   */
  public static int checksum(ByteBuf buf, int offset) {
    return buf.getUnsignedShort(offset + 10);
  }

  /**
   * Reads the source address.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return in network order, as an int
   */
  public static int source(ByteBuf buf, int offset) {
    return buf.getInt(offset + 12);
  }

  /**
   * Reads the destination address.
   *
   * @param buf holds the header
   * @param offset absolute index
   * @return in network order, as an int
   */
  public static int destination(ByteBuf buf, int offset) {
    return buf.getInt(offset + 16);
  }
}
