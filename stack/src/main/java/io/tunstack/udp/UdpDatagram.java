package io.tunstack.udp;

import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A datagram that arrived: its text, and what RFC 1122 §4.1.3.5 and §4.1.4 want told about it. The
 * text is a copy; the object may go to any thread.
 */
public final class UdpDatagram {
  /** Memory beside the text, roughly: this object, the array's header, the queue's slot. */
  static final int OVERHEAD_BYTES = 128;

  private final byte[] text;
  private final int source;
  private final int sourcePort;
  private final int destination;
  private final int typeOfService;
  private final int timeToLive;

  UdpDatagram(
      byte[] text, int source, int sourcePort, int destination, int typeOfService, int timeToLive) {
    this.text = text;
    this.source = source;
    this.sourcePort = sourcePort;
    this.destination = destination;
    this.typeOfService = typeOfService;
    this.timeToLive = timeToLive;
  }

  int cost() {
    return OVERHEAD_BYTES + text.length;
  }

  /**
   * Returns the text.
   *
   * @return a new view on the same bytes, positioned at the first
   */
  public ByteBuffer text() {
    return ByteBuffer.wrap(text);
  }

  /**
   * Returns the length of the text.
   *
   * @return bytes, 0 to 65,507
   */
  public int length() {
    return text.length;
  }

  /**
   * Returns who sent it.
   *
   * @return address and port; port 0 means that no answer is wanted (RFC 768)
   */
  public InetSocketAddress source() {
    return new InetSocketAddress(new IpAddress(source).toInetAddress(), sourcePort);
  }

  /**
   * Returns which of our addresses it was sent to.
   *
   * @return one of the stack's
   */
  public IpAddress destination() {
    return new IpAddress(destination);
  }

  /**
   * Returns the type-of-service octet of its IPv4 header: DSCP and ECN.
   *
   * @return 0 to 255
   */
  public int typeOfService() {
    return typeOfService;
  }

  /**
   * Returns the time to live that it arrived with.
   *
   * @return 0 to 255
   */
  public int timeToLive() {
    return timeToLive;
  }
}
