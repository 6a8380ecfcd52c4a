package io.tunstack.packetdrill;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connection that a script speaks of: its numbers are the script's, and here is what they are
 * on the wire. The peer's begin near 2³², so that every script crosses the wrap.
 */
final class Conversation {
  static final int DEFAULT_PORT = 8080;
  static final int PEER = IpAddress.parse("10.77.0.1").bits();

  private static final int LOCAL = IpAddress.parse(Host.ADDRESS).bits();
  private static final int PEER_BASE = -20;
  private static final int PASSIVE_PEER_PORT = 40_000;
  private static final int IP_HEADER = 20;
  private static final int TYPE_OF_SERVICE = 1;
  private static final int ECN_BITS = 3;
  private static final int DEFAULT_WINDOW = 65_535;

  int localPort = DEFAULT_PORT;
  int peerPort = PASSIVE_PEER_PORT;
  private int localBase;
  private boolean localKnown;

  /** Of the script's timestamps of ours, what they are on the wire. */
  private final Map<Integer, Integer> timestamps = new HashMap<>();

  /** Goes on between other ports, with a number of ours that is not known yet. */
  void between(int newLocalPort, int newPeerPort) {
    localPort = newLocalPort;
    peerPort = newPeerPort;
    localBase = 0;
    beginAnew();
  }

  /** The next SYN of ours begins a new connection; until then the old numbers hold. */
  void beginAnew() {
    localKnown = false;
  }

  /** The initial number of ours, once it is known. */
  int localBase() {
    return localBase;
  }

  /** Builds a segment of the peer's. */
  ByteBuf toPacket(SegmentLine line) {
    ByteBuf buf = Unpooled.buffer(128 + line.length());
    int traffic = Math.max(0, line.congestion());
    buf.writeByte(0x45).writeByte(traffic).writeShort(0).writeInt(0x4000);
    buf.writeByte(64).writeByte(TcpView.PROTOCOL).writeShort(0).writeInt(PEER).writeInt(LOCAL);
    int ack = line.has(TcpView.ACK) ? localBase + line.ack() : 0;
    int window = line.window() < 0 ? DEFAULT_WINDOW : line.window();
    int seq = PEER_BASE + line.seq();
    TcpView.emit(buf, peerPort, localPort, seq, ack, line.flags(), window);
    buf.setShort(IP_HEADER + 18, line.urgent());
    for (String option : line.options() == null ? List.<String>of() : line.options()) {
      Options.emit(translateEcho(option), buf, localBase);
    }
    while (buf.writerIndex() % 4 != 0) {
      buf.writeByte(0);
    }
    TcpView.setHeaderLength(buf, IP_HEADER, buf.writerIndex() - IP_HEADER);
    for (int i = 0; i < line.length(); i++) {
      buf.writeByte(line.seq() + i);
    }
    finish(buf);
    return buf;
  }

  private String translateEcho(String option) {
    if (!option.startsWith("TS ")) {
      return option;
    }
    String[] words = option.split(" ");
    int echo = (int) Long.parseLong(words[4]);
    int live = timestamps.getOrDefault(echo, echo);
    return "TS val " + words[2] + " ecr " + Integer.toUnsignedString(live);
  }

  private static void finish(ByteBuf packet) {
    int length = packet.writerIndex() - IP_HEADER;
    packet.setShort(2, packet.writerIndex());
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, IP_HEADER)));
    long sum = Checksum.pseudoHeader(PEER, LOCAL, TcpView.PROTOCOL, length);
    sum = Checksum.combine(sum, Checksum.sum(packet, IP_HEADER, length), false);
    TcpView.setChecksum(packet, IP_HEADER, Checksum.finish(sum));
  }

  /** Builds an ICMP error about a segment of ours, with as little of it as a router must quote. */
  ByteBuf toPacket(IcmpLine line) {
    int icmp = IP_HEADER;
    int quote = icmp + 8;
    ByteBuf buf = Unpooled.buffer(64);
    buf.writeByte(0x45).writeByte(0).writeShort(quote + IP_HEADER + 8).writeInt(0);
    buf.writeByte(64).writeByte(1).writeShort(0).writeInt(PEER).writeInt(LOCAL);
    buf.writeByte(line.type()).writeByte(line.code()).writeShort(0).writeInt(line.mtu());
    int quoted = IP_HEADER + TcpView.MIN_HEADER + line.length();
    buf.writeByte(0x45).writeByte(0).writeShort(quoted).writeInt(0x4000);
    buf.writeByte(64).writeByte(TcpView.PROTOCOL).writeShort(0).writeInt(LOCAL).writeInt(PEER);
    buf.writeShort(localPort).writeShort(peerPort).writeInt(localBase + line.seq());
    buf.setShort(quote + 10, Checksum.finish(Checksum.sum(buf, quote, IP_HEADER)));
    buf.setShort(icmp + 2, Checksum.finish(Checksum.sum(buf, icmp, buf.writerIndex() - icmp)));
    buf.setShort(10, Checksum.finish(Checksum.sum(buf, 0, IP_HEADER)));
    return buf;
  }

  /**
   * Reads a packet that the stack has sent.
   *
   * @param expected what the script expects there: a SYN's number, and a timestamp that is new,
   *     mean what the script says they do
   * @throws ScriptError if it is no segment of this connection
   */
  SegmentLine read(ByteBuf packet, SegmentLine expected, int line) {
    int at = Ipv4View.headerLength(packet, 0);
    if (packet.getByte(9) != TcpView.PROTOCOL
        || TcpView.sourcePort(packet, at) != localPort
        || TcpView.destinationPort(packet, at) != peerPort) {
      throw new ScriptError(line, "a packet that is not of this connection was sent");
    }
    int flags = TcpView.flags(packet, at);
    if ((flags & TcpView.SYN) != 0 && !localKnown) {
      localKnown = true;
      timestamps.clear();
      localBase = TcpView.sequence(packet, at) - expected.seq();
    }
    int header = TcpView.headerLength(packet, at);
    int optionsAt = at + TcpView.MIN_HEADER;
    List<String> live = Options.read(packet, optionsAt, header - TcpView.MIN_HEADER, PEER_BASE);
    boolean acknowledges = (flags & TcpView.ACK) != 0;
    return new SegmentLine(
        packet.getByte(TYPE_OF_SERVICE) & ECN_BITS,
        flags,
        TcpView.sequence(packet, at) - localBase,
        Ipv4View.totalLength(packet, 0) - at - header,
        acknowledges ? TcpView.acknowledgment(packet, at) - PEER_BASE : 0,
        TcpView.window(packet, at),
        TcpView.urgentPointer(packet, at),
        inTheScriptsTime(live, expected));
  }

  /** The first time that the script names a timestamp, what is there is what it means. */
  private List<String> inTheScriptsTime(List<String> live, SegmentLine expected) {
    List<String> list = new ArrayList<>();
    for (String option : live) {
      if (option.startsWith("TS ") && expected.options() != null) {
        list.add(named(option, expected));
      } else {
        list.add(option);
      }
    }
    return list;
  }

  private String named(String option, SegmentLine expected) {
    String[] words = option.split(" ");
    int value = (int) Long.parseLong(words[2]);
    for (String wanted : expected.options()) {
      if (wanted.startsWith("TS ")) {
        int name = (int) Long.parseLong(wanted.split(" ")[2]);
        timestamps.putIfAbsent(name, value);
        int offset = name - timestamps.get(name);
        return "TS val " + Integer.toUnsignedString(value + offset) + " ecr " + words[4];
      }
    }
    return option;
  }
}
