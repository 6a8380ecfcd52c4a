package io.tunstack.tools.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;
import java.nio.charset.StandardCharsets;

/** A link with many clients at its other end, each of which is no more than two numbers. */
final class Peers implements Link {
  static final String SERVER = "10.77.0.2/16";
  static final int SERVER_PORT = 80;

  private static final int SERVER_ADDRESS = 0x0a4d0002;
  private static final int FIRST_CLIENT = 0x0a4d0101;
  private static final int FIRST_PORT = 1024;
  private static final int PORTS = 60_000;
  private static final int WINDOW = 65_535;
  private static final int IP_HEADER = 20;

  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: 10.77.0.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int[] seq;
  private final int[] ack;
  private final ByteBuf packet = Unpooled.directBuffer(2048, 2048);
  private final TcpOptions options = new TcpOptions();

  /** Bytes of answers so far. */
  private long answered;

  Peers(int count) {
    seq = new int[count];
    ack = new int[count];
  }

  long answered() {
    return answered;
  }

  /** The first segment of a connection; valid until the next one of anybody. */
  ByteBuf syn(int peer) {
    options.clear().mss(1460);
    return segment(peer, TcpView.SYN, 0);
  }

  /** Acknowledges everything there is. */
  ByteBuf acknowledgment(int peer) {
    options.clear();
    return segment(peer, TcpView.ACK, 0);
  }

  /** Acknowledges everything there is and asks for {@code /hello}. */
  ByteBuf request(int peer) {
    options.clear();
    return segment(peer, TcpView.ACK | TcpView.PSH, REQUEST.length);
  }

  private ByteBuf segment(int peer, int flags, int text) {
    int address = FIRST_CLIENT + peer / PORTS;
    int port = FIRST_PORT + peer % PORTS;
    packet.clear().writerIndex(IP_HEADER);
    TcpView.emit(packet, port, SERVER_PORT, seq[peer], ack[peer], flags, WINDOW);
    options.emit(packet);
    TcpView.setHeaderLength(packet, IP_HEADER, packet.writerIndex() - IP_HEADER);
    packet.writeBytes(REQUEST, 0, text);
    int length = packet.writerIndex();
    Ipv4View.write(packet, 0, 0, length, 0, 0, 64, TcpView.PROTOCOL, address, SERVER_ADDRESS);
    seq[peer] += text + ((flags & TcpView.SYN) != 0 ? 1 : 0);
    return packet;
  }

  @Override
  public int mtu() {
    return 1500;
  }

  @Override
  public boolean offloads() {
    return true;
  }

  @Override
  public ReceivedChecksum receivedChecksum() {
    return ReceivedChecksum.VERIFIED;
  }

  @Override
  public boolean send(OutboundPacket sent) {
    ByteBuf header = sent.header();
    int flags = TcpView.flags(header, IP_HEADER);
    int text = sent.length() - IP_HEADER - TcpView.headerLength(header, IP_HEADER);
    int peer =
        (Ipv4View.destination(header, 0) - FIRST_CLIENT) * PORTS
            + TcpView.destinationPort(header, IP_HEADER)
            - FIRST_PORT;
    answered += text;
    ack[peer] = TcpView.sequence(header, IP_HEADER) + text + ((flags & TcpView.SYN) != 0 ? 1 : 0);
    return true;
  }

  /** Packets are handed to the stack by who measures. */
  @Override
  public int receive(ByteBuf into) {
    return 0;
  }

  @Override
  public void close() {
    packet.release();
  }
}
