package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.util.ArrayDeque;

/** A link that keeps what is sent and gives what the script has put in. */
public final class RecordingLink implements Link {
  /** What was sent and not taken yet, whole packets. */
  public final ArrayDeque<byte[]> sent = new ArrayDeque<>();

  /** Packets that the stack reads as one batch. */
  final ArrayDeque<byte[]> inbox = new ArrayDeque<>();

  /** What it says of the packets that are read: an offloading link, if it is not the default. */
  ReceivedChecksum checksum = ReceivedChecksum.UNVERIFIED;

  int segmentBytes;
  boolean offloads;

  /** Of the packet sent last. */
  boolean leftToLink;

  int sentSegmentBytes;

  private final int mtu;

  /**
   * Makes a link.
   *
   * @param mtu the largest packet, bytes
   */
  public RecordingLink(int mtu) {
    this.mtu = mtu;
  }

  @Override
  public int mtu() {
    return mtu;
  }

  @Override
  public boolean offloads() {
    return offloads;
  }

  @Override
  public ReceivedChecksum receivedChecksum() {
    return checksum;
  }

  @Override
  public int receivedSegmentBytes() {
    return segmentBytes;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    byte[] bytes = new byte[packet.length()];
    packet.copyTo(Unpooled.wrappedBuffer(bytes).writerIndex(0));
    sent.add(bytes);
    assertTrue(packet.isLeftToLink() || isWhole(bytes), "a packet with a wrong checksum");
    leftToLink = packet.isLeftToLink();
    sentSegmentBytes = packet.segmentBytes();
    return true;
  }

  /** Whether IP's checksum is right, and TCP's over its pseudo header: of each packet ever sent. */
  private static boolean isWhole(byte[] packet) {
    ByteBuf buf = Unpooled.wrappedBuffer(packet);
    int header = Ipv4View.headerLength(buf, 0);
    boolean whole = Checksum.isValid(Checksum.sum(buf, 0, header));
    if (Ipv4View.protocol(buf, 0) != TcpView.PROTOCOL) {
      return whole;
    }
    int length = packet.length - header;
    long pseudo =
        Checksum.pseudoHeader(
            Ipv4View.source(buf, 0), Ipv4View.destination(buf, 0), TcpView.PROTOCOL, length);
    long sum = Checksum.combine(pseudo, Checksum.sum(buf, header, length), false);
    return whole && Checksum.isValid(sum);
  }

  @Override
  public int receive(ByteBuf into) {
    byte[] packet = inbox.poll();
    if (packet == null) {
      return 0;
    }
    into.clear().writeBytes(packet);
    return packet.length;
  }

  @Override
  public void close() {}
}
