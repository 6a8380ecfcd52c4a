package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.wire.IcmpView;

/**
 * An ICMP error (RFC 792), handed to the transport whose header it quotes. One object serves a
 * stack; borrowed for the duration of a call.
 */
public final class IcmpError {
  private int type;
  private int code;
  private int nextHopMtu;
  private int quotedSource;
  private int quotedDestination;
  private int quotedTotalLength;
  private ByteBuf buffer;
  private int quoteOffset;
  private int quoteLength;
  private Ipv4Datagram datagram;

  IcmpError() {}

  void within(Ipv4Datagram carrier) {
    datagram = carrier;
  }

  /**
   * Returns the datagram that brought the error.
   *
   * @return borrowed
   */
  public Ipv4Datagram datagram() {
    return datagram;
  }

  void set(
      int type,
      int code,
      int nextHopMtu,
      int quotedSource,
      int quotedDestination,
      int quotedTotalLength,
      ByteBuf buffer,
      int quoteOffset,
      int quoteLength) {
    this.type = type;
    this.code = code;
    this.nextHopMtu = nextHopMtu;
    this.quotedSource = quotedSource;
    this.quotedDestination = quotedDestination;
    this.quotedTotalLength = quotedTotalLength;
    this.buffer = buffer;
    this.quoteOffset = quoteOffset;
    this.quoteLength = quoteLength;
  }

  /**
   * Returns the ICMP type.
   *
   * @return 3 (unreachable), 11 (time exceeded) or 12 (parameter problem)
   */
  public int type() {
    return type;
  }

  /**
   * Returns the ICMP code.
   *
   * @return 0 to 255
   */
  public int code() {
    return code;
  }

  /**
   * Tells whether a router could not pass the packet on for its size ("fragmentation needed").
   *
   * @return true for type 3, code 4
   */
  public boolean isTooBig() {
    return type == IcmpView.DESTINATION_UNREACHABLE && code == IcmpView.FRAGMENTATION_NEEDED;
  }

  /**
   * Returns the next hop's MTU from "fragmentation needed" (RFC 1191 §4).
   *
   * @return bytes; 0 from an old router or another type
   */
  public int nextHopMtu() {
    return nextHopMtu;
  }

  /**
   * Returns the quoted source address: one of ours.
   *
   * @return network order, as an int
   */
  public int quotedSource() {
    return quotedSource;
  }

  /**
   * Returns the quoted destination address.
   *
   * @return network order, as an int
   */
  public int quotedDestination() {
    return quotedDestination;
  }

  /**
   * Returns the total length that the quoted IPv4 header states.
   *
   * @return bytes
   */
  public int quotedTotalLength() {
    return quotedTotalLength;
  }

  /**
   * Returns the buffer that holds the quotation.
   *
   * @return borrowed
   */
  public ByteBuf buffer() {
    return buffer;
  }

  /**
   * Returns where the quoted transport header starts.
   *
   * @return an absolute index
   */
  public int quoteOffset() {
    return quoteOffset;
  }

  /**
   * Returns how many bytes of the transport are quoted.
   *
   * @return 8 or more: RFC 792 promises that many, and shorter ones are dropped before
   */
  public int quoteLength() {
    return quoteLength;
  }
}
