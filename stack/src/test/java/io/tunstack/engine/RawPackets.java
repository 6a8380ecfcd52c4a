package io.tunstack.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import io.tunstack.wire.UdpView;

/** Packets for tests that stand on the other side of a link. Each is the caller's to release. */
public final class RawPackets {
  private static final int IP = Ipv4View.MIN_HEADER_LENGTH;
  private static final int TTL = 64;

  private RawPackets() {}

  /** A tuple in the order in which one writes it down: from here to there. */
  public static FourTuple tuple(String from, int fromPort, String to, int toPort) {
    return new FourTuple(IpAddress.parse(from), fromPort, IpAddress.parse(to), toPort);
  }

  /** A TCP segment from a tuple's local end to its remote end. */
  public static ByteBuf tcp(FourTuple t, int flags, int seq, int ack, byte[] text) {
    ByteBuf packet = Unpooled.buffer(IP + TcpView.MIN_HEADER + text.length).writerIndex(IP);
    TcpView.emit(packet, t.localPort(), t.remotePort(), seq, ack, flags, 65_535);
    TcpView.setHeaderLength(packet, IP, TcpView.MIN_HEADER);
    packet.writeBytes(text);
    int length = TcpView.MIN_HEADER + text.length;
    long sum = Checksum.pseudoHeader(t.local().bits(), t.remote().bits(), TcpView.PROTOCOL, length);
    TcpView.setChecksum(packet, IP, Checksum.finish(sum + Checksum.sum(packet, IP, length)));
    return withHeader(packet, t.local(), t.remote(), TcpView.PROTOCOL, 0);
  }

  /** A UDP datagram without a checksum. */
  public static ByteBuf udp(FourTuple t, byte[] payload) {
    ByteBuf packet = Unpooled.buffer(IP + UdpView.HEADER_LENGTH + payload.length);
    packet.writerIndex(IP);
    packet.writeShort(t.localPort()).writeShort(t.remotePort());
    packet.writeShort(UdpView.HEADER_LENGTH + payload.length).writeShort(UdpView.NO_CHECKSUM);
    packet.writeBytes(payload);
    return withHeader(packet, t.local(), t.remote(), 17, 0);
  }

  /** An ICMP echo request. */
  public static ByteBuf echoRequest(String from, String to, byte[] payload) {
    ByteBuf packet = Unpooled.buffer(IP + IcmpView.HEADER_LENGTH + payload.length);
    IcmpView.write(packet, IP, IcmpView.ECHO_REQUEST, 0, 0x1234_0001);
    packet.writerIndex(IP + IcmpView.HEADER_LENGTH).writeBytes(payload);
    int length = IcmpView.HEADER_LENGTH + payload.length;
    IcmpView.setChecksum(packet, IP, Checksum.finish(Checksum.sum(packet, IP, length)));
    return withHeader(packet, IpAddress.parse(from), IpAddress.parse(to), 1, 0);
  }

  /** A part of a whole packet as a fragment of its own; {@code at} is a multiple of 8. */
  public static ByteBuf fragment(ByteBuf whole, int at, int length) {
    boolean last = IP + at + length == whole.readableBytes();
    ByteBuf part = Unpooled.buffer(IP + length).writerIndex(IP);
    part.writeBytes(whole, IP + at, length);
    int flagsAndOffset = (last ? 0 : 0x2000) | at / 8;
    return withHeader(
        part,
        new IpAddress(Ipv4View.source(whole, 0)),
        new IpAddress(Ipv4View.destination(whole, 0)),
        Ipv4View.protocol(whole, 0),
        flagsAndOffset);
  }

  private static ByteBuf withHeader(
      ByteBuf packet, IpAddress from, IpAddress to, int protocol, int flagsAndOffset) {
    int end = packet.writerIndex();
    packet.writerIndex(0);
    packet.writeByte(0x45).writeByte(0).writeShort(end).writeShort(7).writeShort(flagsAndOffset);
    packet.writeByte(TTL).writeByte(protocol).writeShort(0);
    packet.writeInt(from.bits()).writeInt(to.bits());
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, IP)));
    return packet.writerIndex(end);
  }
}
