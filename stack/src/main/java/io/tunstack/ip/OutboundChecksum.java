package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.OutboundPacket;
import io.tunstack.wire.Checksum;

/** The checksum over the pieces of a packet on its way out. */
public final class OutboundChecksum {
  private OutboundChecksum() {}

  /**
   * Sums everything behind the room for the IPv4 header: the transport's header and every range,
   * whatever their lengths. The checksum field must be zero; a pseudo-header may be added with
   * {@code +}.
   *
   * @param packet as the transport is about to hand it to {@link Ipv4#send}; not modified
   * @return a partial sum, for {@link Checksum#finish}
   */
  public static long sum(OutboundPacket packet) {
    ByteBuf header = packet.header();
    int length = header.readableBytes() - OutboundPacket.IP_HEADER_ROOM;
    long sum = Checksum.sum(header, header.readerIndex() + OutboundPacket.IP_HEADER_ROOM, length);
    int position = length;
    for (int i = 0; i < packet.rangeCount(); i++) {
      int rangeLength = packet.rangeLength(i);
      long rangeSum = Checksum.sum(packet.rangeBuffer(i), packet.rangeOffset(i), rangeLength);
      sum = Checksum.combine(sum, rangeSum, (position & 1) != 0);
      position += rangeLength;
    }
    return sum;
  }
}
