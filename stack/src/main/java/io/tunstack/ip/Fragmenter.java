package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.Ipv4View;

/**
 * Cuts a datagram into fragments that fit the link (RFC 791 §2.3 and §3.2). The pieces are ranges
 * of the original's buffers; nothing is copied.
 */
final class Fragmenter {
  private static final int HEADER = OutboundPacket.IP_HEADER_ROOM;

  private final Link link;
  private final Counters counters;
  private final OutboundPacket fragment = new OutboundPacket();

  Fragmenter(Link link, Counters counters) {
    this.link = link;
    this.counters = counters;
  }

  /**
   * Sends a packet whose IPv4 header is written already, as that of the whole datagram.
   *
   * @return false if the link refused a fragment; the rest is not sent then, being of no use
   */
  boolean send(OutboundPacket whole) {
    ByteBuf header = whole.header();
    int ip = header.readerIndex();
    int payload = whole.length() - HEADER;
    int pieceMax = (link.mtu() - HEADER) & ~7;
    for (int from = 0; from < payload; from += pieceMax) {
      int length = Math.min(pieceMax, payload - from);
      boolean last = from + length == payload;
      fragment.reset();
      Ipv4View.write(
          fragment.header(),
          fragment.header().readerIndex(),
          Ipv4View.typeOfService(header, ip),
          HEADER + length,
          Ipv4View.identification(header, ip),
          (last ? 0 : Ipv4View.MORE_FRAGMENTS) | (from / 8),
          Ipv4View.timeToLive(header, ip),
          Ipv4View.protocol(header, ip),
          Ipv4View.source(header, ip),
          Ipv4View.destination(header, ip));
      addPiece(whole, from, length);
      boolean accepted = link.send(fragment);
      fragment.reset();
      if (!accepted) {
        counters.drop(DropReason.LINK_REFUSED);
        return false;
      }
      counters.increment(Counter.IP_FRAG_CREATES);
    }
    counters.increment(Counter.IP_FRAG_OKS);
    return true;
  }

  /** Gives the scratch packet back. */
  void close() {
    fragment.close();
  }

  /**
   * Adds the bytes [from, from + length) of the datagram's payload: copies those of the transport's
   * header, since the next packet will be written over them before a batch is sent, and the rest as
   * ranges.
   */
  private void addPiece(OutboundPacket whole, int from, int length) {
    ByteBuf header = whole.header();
    int skip = from;
    int wanted = length;
    int inHeader = header.readableBytes() - HEADER;
    if (skip < inHeader) {
      int n = Math.min(wanted, inHeader - skip);
      fragment.header().writeBytes(header, header.readerIndex() + HEADER + skip, n);
      wanted -= n;
      skip = 0;
    } else {
      skip -= inHeader;
    }
    for (int i = 0; wanted > 0; i++) {
      int rangeLength = whole.rangeLength(i);
      if (skip >= rangeLength) {
        skip -= rangeLength;
        continue;
      }
      int n = Math.min(wanted, rangeLength - skip);
      fragment.addRange(whole.rangeBuffer(i), whole.rangeOffset(i) + skip, n);
      wanted -= n;
      skip = 0;
    }
  }
}
