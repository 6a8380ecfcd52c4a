package io.tunstack.tcp;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.Ipv4Datagram;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;

/**
 * A segment that arrived, read once: RFC 9293's SEG variables. One object serves a stack.
 *
 * <p>Trimming to the window moves {@link #seq}, {@link #textAt} and {@link #textLength}; the buffer
 * is the datagram's and is borrowed.
 */
final class Segment {
  int local;
  int localPort;
  int remote;
  int remotePort;
  int seq;
  int ack;
  int flags;

  /** The type of service of the packet, for the ECN bits in it. */
  int typeOfService;

  /** SEG.WND as it stands in the header; {@link Sender} applies the scale. */
  int window;

  /** SEG.UP, an offset from SEG.SEQ; it says something only with URG. */
  int urgentPointer;

  /**
   * Whether the scale applies: not to the window of a segment that came with SYN, even when the SYN
   * has been dealt with and its flag is gone (RFC 7323 §2.2).
   */
  boolean windowScaled;

  /** The datagram that it came in. */
  Ipv4Datagram datagram;

  ByteBuf buffer;
  int textAt;
  int textLength;

  /** How much text one of the peer's segments has, of which this may be several in one. */
  int segmentBytes;

  final TcpOptions options = new TcpOptions();

  /** Reads a datagram whose header has been checked. */
  void read(Ipv4Datagram from) {
    datagram = from;
    buffer = datagram.buffer();
    int at = datagram.payloadOffset();
    local = datagram.destination();
    remote = datagram.source();
    localPort = TcpView.destinationPort(buffer, at);
    remotePort = TcpView.sourcePort(buffer, at);
    seq = TcpView.sequence(buffer, at);
    ack = TcpView.acknowledgment(buffer, at);
    flags = TcpView.flags(buffer, at);
    typeOfService = datagram.typeOfService();
    window = TcpView.window(buffer, at);
    windowScaled = !has(TcpView.SYN);
    urgentPointer = TcpView.urgentPointer(buffer, at);
    int header = TcpView.headerLength(buffer, at);
    textAt = at + header;
    textLength = datagram.payloadLength() - header;
    segmentBytes = datagram.segmentBytes() > 0 ? datagram.segmentBytes() : textLength;
    options.parse(buffer, at + TcpView.MIN_HEADER, header - TcpView.MIN_HEADER);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether it asks for a connection and for nothing else. */
  boolean isRequest() {
    return has(TcpView.SYN) && !has(TcpView.ACK) && !has(TcpView.RST) && !has(TcpView.FIN);
  }

  /** SEG.LEN: text, and one each for SYN and FIN. */
  int len() {
    return textLength + (has(TcpView.SYN) ? 1 : 0) + (has(TcpView.FIN) ? 1 : 0);
  }

  /** Drops {@code bytes} of text from the front. */
  void trimFront(int bytes) {
    seq += bytes;
    textAt += bytes;
    textLength -= bytes;
  }

  /** How many segments the peer has sent: more than one if the link delivers them as one. */
  int count() {
    return textLength <= segmentBytes ? 1 : (textLength + segmentBytes - 1) / segmentBytes;
  }
}
