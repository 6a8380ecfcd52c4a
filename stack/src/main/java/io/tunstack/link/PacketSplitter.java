package io.tunstack.link;

import io.netty.buffer.ByteBuf;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import io.tunstack.wire.UdpView;

/**
 * Makes packets as a wire carries them out of one that an offloading link delivered: whole
 * checksums, and none larger than a segment.
 *
 * <pre>
 *   [ IP | TCP, PSH | 4 segments of text ]      start(...)
 *
 *   [ IP' | TCP  | text ] [ IP' | TCP  | text ] [ IP' | TCP  | text ] [ IP' | TCP, PSH | text ]
 *        next(...)             next(...)             next(...)             next(...)
 * </pre>
 *
 * <p>It does what a network card does (RFC 9293 §3.7 leaves it no choice): sequence numbers and
 * identifications count up, FIN and PSH stay with the last, CWR with the first (RFC 3168 §6.1.2).
 * Not thread-safe; one packet at a time.
 */
public final class PacketSplitter {
  private static final int TOTAL_LENGTH_AT = 2;
  private static final int IDENTIFICATION_AT = 4;
  private static final int TCP_SEQUENCE_AT = 4;
  private static final int TCP_FLAGS_AT = 13;
  private static final int TCP_CHECKSUM_AT = 16;
  private static final int UDP_CHECKSUM_AT = 6;
  private static final int UDP = 17;
  private static final int ONLY_LAST = TcpView.FIN | TcpView.PSH;

  private ByteBuf packet;
  private int ip;
  private int ipHeader;
  private int headers;
  private int length;
  private int segmentBytes;
  private boolean partial;

  /** Otherwise UDP, where {@link #partial} is set; nothing else is changed. */
  private boolean isTcp;

  /** Bytes of text that have been handed out. */
  private int done;

  private boolean finished = true;

  /** Makes a splitter with nothing to split. */
  public PacketSplitter() {}

  /**
   * Begins with a packet. What is left of the one before is forgotten.
   *
   * @param source its readable bytes are the packet; borrowed until {@link #next} has answered 0
   * @param checksum what is known of its transport checksum
   * @param segment how many bytes of text a segment has; 0 if it is one packet
   */
  public void start(ByteBuf source, ReceivedChecksum checksum, int segment) {
    packet = source;
    ip = source.readerIndex();
    length = source.readableBytes();
    partial = checksum == ReceivedChecksum.PARTIAL;
    done = 0;
    finished = length == 0;
    segmentBytes = 0;
    isTcp = false;
    if (finished || length < Ipv4View.MIN_HEADER_LENGTH) {
      partial = false;
      return;
    }
    ipHeader = Ipv4View.headerLength(source, ip);
    int protocol = Ipv4View.protocol(source, ip);
    isTcp = protocol == TcpView.PROTOCOL && length >= ipHeader + TcpView.MIN_HEADER;
    partial &= isTcp || (protocol == UDP && length >= ipHeader + UdpView.HEADER_LENGTH);
    if (isTcp) {
      headers = ipHeader + TcpView.headerLength(source, ip + ipHeader);
      segmentBytes = segment > 0 && length - headers > segment ? segment : 0;
    }
  }

  /**
   * Copies the next packet out.
   *
   * @param into cleared first; must have room for headers and a segment
   * @return bytes, or 0 when there is none left
   */
  public int next(ByteBuf into) {
    into.clear();
    if (finished) {
      return 0;
    }
    if (segmentBytes == 0) {
      finished = true;
      into.writeBytes(packet, ip, length);
      if (partial) {
        completeChecksum(into, length);
      }
      return length;
    }
    int left = length - headers - done;
    int text = Math.min(segmentBytes, left);
    into.writeBytes(packet, ip, headers);
    into.writeBytes(packet, ip + headers + done, text);
    rewriteHeaders(into, text, text == left);
    done += text;
    finished = text == left;
    return headers + text;
  }

  private void rewriteHeaders(ByteBuf into, int text, boolean last) {
    int index = done / segmentBytes;
    into.setShort(TOTAL_LENGTH_AT, headers + text);
    into.setShort(IDENTIFICATION_AT, Ipv4View.identification(packet, ip) + index);
    Ipv4View.updateChecksum(into, 0, ipHeader);
    into.setInt(ipHeader + TCP_SEQUENCE_AT, TcpView.sequence(packet, ip + ipHeader) + done);
    int flags = into.getUnsignedByte(ipHeader + TCP_FLAGS_AT);
    flags &= last ? ~0 : ~ONLY_LAST;
    flags &= index == 0 ? ~0 : ~TcpView.CWR;
    into.setByte(ipHeader + TCP_FLAGS_AT, flags);
    completeChecksum(into, headers + text);
  }

  private void completeChecksum(ByteBuf into, int total) {
    int transport = total - ipHeader;
    into.setShort(ipHeader + (isTcp ? TCP_CHECKSUM_AT : UDP_CHECKSUM_AT), 0);
    long sum =
        Checksum.pseudoHeader(
            Ipv4View.source(into, 0),
            Ipv4View.destination(into, 0),
            isTcp ? TcpView.PROTOCOL : UDP,
            transport);
    int checksum = Checksum.finish(sum + Checksum.sum(into, ipHeader, transport));
    if (isTcp) {
      TcpView.setChecksum(into, ipHeader, checksum);
    } else {
      UdpView.setChecksum(into, ipHeader, checksum);
    }
  }
}
