package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.ReceivedChecksum;

/**
 * A received datagram as the layers above see it: whole (reassembled if need be) and validated. One
 * object serves a stack; every reference is borrowed for the duration of a call.
 */
public final class Ipv4Datagram {
  private ByteBuf buffer;
  private int headerOffset;
  private int payloadOffset;
  private int payloadLength;
  private int source;
  private int destination;
  private int protocol;
  private int typeOfService;
  private int timeToLive;
  private ReceivedChecksum checksum = ReceivedChecksum.UNVERIFIED;
  private int segmentBytes;
  private boolean handedOver;

  Ipv4Datagram() {}

  void set(
      ByteBuf buffer,
      int headerOffset,
      int payloadOffset,
      int payloadLength,
      int source,
      int destination,
      int protocol,
      int typeOfService,
      int timeToLive) {
    this.buffer = buffer;
    this.headerOffset = headerOffset;
    this.payloadOffset = payloadOffset;
    this.payloadLength = payloadLength;
    this.source = source;
    this.destination = destination;
    this.protocol = protocol;
    this.typeOfService = typeOfService;
    this.timeToLive = timeToLive;
  }

  /**
   * Returns the buffer that holds the datagram; use absolute indices.
   *
   * @return borrowed
   */
  public ByteBuf buffer() {
    return buffer;
  }

  /**
   * Returns where the IPv4 header starts.
   *
   * @return an absolute index
   */
  public int headerOffset() {
    return headerOffset;
  }

  /**
   * Returns where the transport's bytes start.
   *
   * @return an absolute index
   */
  public int payloadOffset() {
    return payloadOffset;
  }

  /**
   * Returns how many bytes the transport has.
   *
   * @return 0 to 65,515
   */
  public int payloadLength() {
    return payloadLength;
  }

  /**
   * Returns the source address.
   *
   * @return the four bytes in network order, as an int
   */
  public int source() {
    return source;
  }

  /**
   * Returns the destination address, one of this host's (or a broadcast address of it).
   *
   * @return the four bytes in network order, as an int
   */
  public int destination() {
    return destination;
  }

  /**
   * Returns the protocol number.
   *
   * @return 0 to 255
   */
  public int protocol() {
    return protocol;
  }

  /**
   * Returns the type-of-service octet: DSCP and ECN.
   *
   * @return 0 to 255
   */
  public int typeOfService() {
    return typeOfService;
  }

  /**
   * Returns the time to live.
   *
   * @return 0 to 255
   */
  public int timeToLive() {
    return timeToLive;
  }

  /** What the link knows about the packet beyond its bytes. */
  void setOffload(ReceivedChecksum known, int segment) {
    checksum = known;
    segmentBytes = segment;
  }

  ReceivedChecksum checksum() {
    return checksum;
  }

  void setHandedOver(boolean handed) {
    handedOver = handed;
  }

  /**
   * Tells whether another engine of the stack has sent the datagram here.
   *
   * @return true if it must not be sent on
   */
  public boolean isHandedOver() {
    return handedOver;
  }

  /**
   * Tells whether the transport has to verify its checksum.
   *
   * @return false if the link vouches for the bytes; the field may be half-computed then
   */
  public boolean needsChecksumVerified() {
    return checksum == ReceivedChecksum.UNVERIFIED;
  }

  /**
   * Tells of how many segments the datagram consists.
   *
   * @return bytes of text in each of its segments but the last; 0 if it is a single one
   */
  public int segmentBytes() {
    return segmentBytes;
  }
}
