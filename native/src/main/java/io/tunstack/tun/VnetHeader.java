package io.tunstack.tun;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.nio.ByteBuffer;

/**
 * What stands in front of each packet of a device with offload: {@code struct virtio_net_hdr}, in
 * the machine's byte order, which is little-endian wherever {@link Errno}'s numbers are right.
 *
 * <pre>
 *   0  flags        1: the checksum is to be completed, from csum_start on, at csum_offset
 *                   2: it has been verified
 *   1  gso_type     1: IPv4 and TCP, to be cut
 *   2  hdr_len      bytes of headers
 *   4  gso_size     bytes of text in each segment
 *   6  csum_start   where the transport's header begins
 *   8  csum_offset  where in it the checksum is
 * </pre>
 */
final class VnetHeader {
  static final int BYTES = 10;

  static final int NEEDS_CHECKSUM = 1;
  static final int CHECKSUM_VERIFIED = 2;
  static final int GSO_TCPV4 = 1;

  /** A flag beside the type: some of the segments carry CWR. */
  private static final int GSO_ECN = 0x80;

  private static final int FLAGS = 0;
  private static final int GSO_TYPE = 1;
  private static final int HEADER_LENGTH = 2;
  private static final int GSO_SIZE = 4;
  private static final int CHECKSUM_START = 6;
  private static final int CHECKSUM_OFFSET = 8;

  private static final int TCP_CHECKSUM = 16;
  private static final int UDP_CHECKSUM = 6;

  private VnetHeader() {}

  /** Writes the one for a packet; every byte of it. */
  static void write(ByteBuffer target, int at, OutboundPacket packet) {
    if (!packet.isLeftToLink()) {
      target.putLong(at, 0).putShort(at + CHECKSUM_OFFSET, (short) 0);
      return;
    }
    ByteBuf header = packet.header();
    int ip = header.readerIndex();
    boolean tcp = Ipv4View.protocol(header, ip) == TcpView.PROTOCOL;
    boolean cut = packet.segmentBytes() > 0;
    target
        .put(at + FLAGS, (byte) NEEDS_CHECKSUM)
        .put(at + GSO_TYPE, (byte) (cut ? GSO_TCPV4 : 0))
        .putShort(at + HEADER_LENGTH, (short) header.readableBytes())
        .putShort(at + GSO_SIZE, (short) packet.segmentBytes())
        .putShort(at + CHECKSUM_START, (short) Ipv4View.headerLength(header, ip))
        .putShort(at + CHECKSUM_OFFSET, (short) (tcp ? TCP_CHECKSUM : UDP_CHECKSUM));
  }

  /** Reads what the kernel knows of the checksum. */
  static ReceivedChecksum checksum(ByteBuf source) {
    int flags = source.getByte(FLAGS);
    if ((flags & NEEDS_CHECKSUM) != 0) {
      return ReceivedChecksum.PARTIAL;
    }
    return (flags & CHECKSUM_VERIFIED) != 0
        ? ReceivedChecksum.VERIFIED
        : ReceivedChecksum.UNVERIFIED;
  }

  /** Reads how many bytes of text a segment has; 0 if the packet is a single one. */
  static int segmentBytes(ByteBuf source) {
    int type = source.getUnsignedByte(GSO_TYPE) & ~GSO_ECN;
    return type == GSO_TCPV4 ? source.getUnsignedShortLE(GSO_SIZE) : 0;
  }
}
