package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4Header;
import io.tunstack.wire.Ipv4Options;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.UdpView;
import java.util.Arrays;
import java.util.function.Consumer;

/** Makes packets as a peer would send them, whole and correct, and damages them on request. */
public final class Packets {
  /** The peer's address. */
  public static final IpAddress PEER = IpAddress.parse("10.77.0.1");

  /** The stack's address. */
  public static final IpAddress LOCAL = IpAddress.parse("10.77.0.2");

  /** A protocol that nobody registers. */
  public static final int UNKNOWN_PROTOCOL = 253;

  private Packets() {}

  /** Returns bytes that differ from their neighbours, so that a shift shows. */
  public static byte[] data(int length) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (i * 7 + (i >> 8) * 13 + 1);
    }
    return data;
  }

  /** A datagram from the peer to the stack. */
  public static byte[] datagram(int protocol, byte[] payload) {
    return datagram(Ipv4Header.of(protocol, PEER, LOCAL, payload.length), payload);
  }

  /** A datagram from anywhere to anywhere. */
  public static byte[] datagram(int protocol, String source, String destination, byte[] payload) {
    return datagram(
        Ipv4Header.of(
            protocol, IpAddress.parse(source), IpAddress.parse(destination), payload.length),
        payload);
  }

  /** A datagram with a header of the caller's. */
  public static byte[] datagram(Ipv4Header header, byte[] payload) {
    byte[] packet = new byte[header.headerLength() + payload.length];
    int at = header.emit(Unpooled.wrappedBuffer(packet), 0);
    System.arraycopy(payload, 0, packet, at, payload.length);
    return packet;
  }

  /** A datagram with options. */
  public static byte[] withOptions(int protocol, byte[] payload, int... options) {
    byte[] bytes = new byte[options.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) options[i];
    }
    Ipv4Options value = Ipv4Options.of(bytes);
    int total = Ipv4View.MIN_HEADER_LENGTH + value.length() + payload.length;
    return datagram(
        new Ipv4Header(0, total, 1, false, false, 0, 64, protocol, PEER, LOCAL, value), payload);
  }

  /** An ICMP message with a correct checksum. */
  public static byte[] icmp(int type, int code, int rest, byte[] data) {
    byte[] message = new byte[IcmpView.HEADER_LENGTH + data.length];
    ByteBuf buf = Unpooled.wrappedBuffer(message);
    IcmpView.write(buf, 0, type, code, rest);
    buf.setBytes(IcmpView.HEADER_LENGTH, data);
    IcmpView.setChecksum(buf, 0, Checksum.finish(Checksum.sum(buf, 0, message.length)));
    return message;
  }

  /** An echo request's message. */
  public static byte[] echo(byte[] data) {
    return icmp(IcmpView.ECHO_REQUEST, 0, 0x1234_0007, data);
  }

  /** An echo request from the peer. */
  public static byte[] ping(byte[] data) {
    return datagram(Icmp.PROTOCOL, echo(data));
  }

  /** A UDP datagram's bytes with a correct checksum, from the peer's port to the stack's. */
  public static byte[] udp(int sourcePort, int destinationPort, byte[] data) {
    byte[] bytes = new byte[UdpView.HEADER_LENGTH + data.length];
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    UdpView.write(buf, 0, sourcePort, destinationPort, bytes.length);
    buf.setBytes(UdpView.HEADER_LENGTH, data);
    long sum = Checksum.pseudoHeader(PEER.bits(), LOCAL.bits(), 17, bytes.length);
    UdpView.setChecksum(buf, 0, Checksum.finish(sum + Checksum.sum(buf, 0, bytes.length)));
    return bytes;
  }

  /** Cuts bytes [start, start + length) of a datagram's payload out as a fragment. */
  public static byte[] fragment(byte[] datagram, int id, int start, int length) {
    ByteBuf buf = Unpooled.wrappedBuffer(datagram);
    Ipv4Header whole = Ipv4Header.parse(buf, 0, datagram.length);
    int payload = whole.headerLength() + start;
    boolean last = payload + length == datagram.length;
    Ipv4Header header =
        new Ipv4Header(
            whole.typeOfService(),
            whole.headerLength() + length,
            id,
            false,
            !last,
            start,
            whole.timeToLive(),
            whole.protocol(),
            whole.source(),
            whole.destination(),
            whole.options());
    return datagram(header, Arrays.copyOfRange(datagram, payload, payload + length));
  }

  /** Changes the IPv4 header of a packet and makes its checksum right again. */
  public static byte[] edit(byte[] packet, Consumer<ByteBuf> change) {
    byte[] copy = packet.clone();
    ByteBuf buf = Unpooled.wrappedBuffer(copy);
    change.accept(buf);
    repair(buf);
    return copy;
  }

  /** Makes the header checksum right where there is a header. */
  public static void repair(ByteBuf buf) {
    int readable = buf.readableBytes();
    if (readable >= Ipv4View.MIN_HEADER_LENGTH) {
      int length = Ipv4View.headerLength(buf, 0);
      if (length >= Ipv4View.MIN_HEADER_LENGTH && length <= readable) {
        Ipv4View.updateChecksum(buf, 0, length);
      }
    }
  }

  /** Returns what stands behind a packet's IPv4 header. */
  public static byte[] payload(byte[] packet) {
    return Arrays.copyOfRange(packet, (packet[0] & 0xf) * 4, packet.length);
  }
}
