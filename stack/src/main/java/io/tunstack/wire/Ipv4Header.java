package io.tunstack.wire;

import io.netty.buffer.ByteBuf;

/**
 * An IPv4 header as a value, for cold paths and tests. {@link #emit} computes the checksum; it is
 * not a component, because a value's checksum is always right.
 *
 * @param typeOfService 0 to 255
 * @param totalLength bytes, header included: {@link #headerLength()} to 65,535
 * @param identification 0 to 65,535
 * @param dontFragment the flag
 * @param moreFragments the flag
 * @param fragmentOffset bytes, 0 to 65,528, a multiple of eight
 * @param timeToLive 0 to 255
 * @param protocol 0 to 255
 * @param source the sender
 * @param destination the receiver
 * @param options {@link Ipv4Options#NONE} as a rule
 */
public record Ipv4Header(
    int typeOfService,
    int totalLength,
    int identification,
    boolean dontFragment,
    boolean moreFragments,
    int fragmentOffset,
    int timeToLive,
    int protocol,
    IpAddress source,
    IpAddress destination,
    Ipv4Options options) {
  private static final int MAX_OFFSET = Ipv4View.OFFSET_MASK * 8;

  /**
   * Checks every range.
   *
   * @param typeOfService 0 to 255
   * @param totalLength {@link #headerLength()} to 65,535
   * @param identification 0 to 65,535
   * @param dontFragment either
   * @param moreFragments either
   * @param fragmentOffset 0 to 65,528, a multiple of eight
   * @param timeToLive 0 to 255
   * @param protocol 0 to 255
   * @param source any
   * @param destination any
   * @param options any
   * @throws IllegalArgumentException if a component does not fit its field
   */
  public Ipv4Header {
    requireRange("typeOfService", typeOfService, 0, 0xff);
    requireRange(
        "totalLength",
        totalLength,
        Ipv4View.MIN_HEADER_LENGTH + options.length(),
        Ipv4View.MAX_TOTAL_LENGTH);
    requireRange("identification", identification, 0, 0xffff);
    requireRange("fragmentOffset", fragmentOffset, 0, MAX_OFFSET);
    if (fragmentOffset % 8 != 0) {
      throw new IllegalArgumentException(
          "fragmentOffset " + fragmentOffset + " is no multiple of 8");
    }
    requireRange("timeToLive", timeToLive, 0, 0xff);
    requireRange("protocol", protocol, 0, 0xff);
  }

  /**
   * Makes the header of a whole datagram: no options, may be cut, time to live 64.
   *
   * @param protocol 0 to 255
   * @param source the sender
   * @param destination the receiver
   * @param payloadLength bytes behind the header, 0 to 65,515
   * @return the header
   */
  public static Ipv4Header of(
      int protocol, IpAddress source, IpAddress destination, int payloadLength) {
    return new Ipv4Header(
        0,
        Ipv4View.MIN_HEADER_LENGTH + payloadLength,
        0,
        false,
        false,
        0,
        64,
        protocol,
        source,
        destination,
        Ipv4Options.NONE);
  }

  /**
   * Reads a header.
   *
   * @param buf holds the packet
   * @param offset absolute index of its first byte
   * @param available bytes that arrived, all inside the buffer
   * @return the header
   * @throws IllegalArgumentException naming the {@link Ipv4Fault}, if {@link Ipv4View#check} finds
   *     one; a source route is not held against a header here
   */
  public static Ipv4Header parse(ByteBuf buf, int offset, int available) {
    Ipv4Fault fault = Ipv4View.check(buf, offset, available);
    if (fault != Ipv4Fault.NONE && fault != Ipv4Fault.SOURCE_ROUTE) {
      throw new IllegalArgumentException("not an IPv4 header: " + fault);
    }
    return new Ipv4Header(
        Ipv4View.typeOfService(buf, offset),
        Ipv4View.totalLength(buf, offset),
        Ipv4View.identification(buf, offset),
        Ipv4View.dontFragment(buf, offset),
        Ipv4View.moreFragments(buf, offset),
        Ipv4View.fragmentOffset(buf, offset),
        Ipv4View.timeToLive(buf, offset),
        Ipv4View.protocol(buf, offset),
        new IpAddress(Ipv4View.source(buf, offset)),
        new IpAddress(Ipv4View.destination(buf, offset)),
        Ipv4Options.read(
            buf,
            offset + Ipv4View.MIN_HEADER_LENGTH,
            Ipv4View.headerLength(buf, offset) - Ipv4View.MIN_HEADER_LENGTH));
  }

  /**
   * Writes the header, checksum included.
   *
   * @param buf has {@link #headerLength()} bytes of room at the offset; its indices do not move
   * @param offset absolute index
   * @return bytes written
   */
  public int emit(ByteBuf buf, int offset) {
    int flags =
        (dontFragment ? Ipv4View.DONT_FRAGMENT : 0) | (moreFragments ? Ipv4View.MORE_FRAGMENTS : 0);
    Ipv4View.write(
        buf,
        offset,
        typeOfService,
        totalLength,
        identification,
        flags | (fragmentOffset / 8),
        timeToLive,
        protocol,
        source.bits(),
        destination.bits());
    buf.setByte(offset, (4 << 4) | (headerLength() / 4));
    options.write(buf, offset + Ipv4View.MIN_HEADER_LENGTH);
    Ipv4View.updateChecksum(buf, offset, headerLength());
    return headerLength();
  }

  /**
   * Returns the header's own length.
   *
   * @return bytes, 20 to 60, a multiple of four
   */
  public int headerLength() {
    return Ipv4View.MIN_HEADER_LENGTH + options.length();
  }

  private static void requireRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " " + value + " is not between " + min + " and " + max);
    }
  }
}
