package io.tunstack.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;
import java.nio.charset.StandardCharsets;

/**
 * A link at whose other end a client says the same request again and again, and reads no more of
 * the answers than their numbers. It allocates nothing, so that what is allocated is the server's.
 */
final class CannedClient implements Link {
  private static final int LOCAL = 0x0a4d0001;
  private static final int REMOTE = 0x0a4d0002;
  private static final int PORT = 4711;
  private static final int SERVER_PORT = 80;
  private static final int WINDOW = 65_535;

  private final ByteBuf request;
  private final ByteBuf packet = Unpooled.directBuffer(2048, 2048);
  private final TcpOptions options = new TcpOptions();
  private boolean waiting;
  private int seq = 0xffff_f000;
  private int ack;

  /** Bytes of answers so far. */
  long answered;

  CannedClient(String request) {
    this.request = Unpooled.directBuffer();
    this.request.writeCharSequence(request, StandardCharsets.US_ASCII);
  }

  void open() {
    options.clear().mss(1460);
    put(TcpView.SYN, 0);
    seq++;
  }

  /** Acknowledges what was sent and asks again. */
  void ask() {
    options.clear();
    put(TcpView.ACK | TcpView.PSH, request.readableBytes());
    seq += request.readableBytes();
  }

  private void put(int flags, int text) {
    packet.clear().writerIndex(OutboundPacket.IP_HEADER_ROOM);
    TcpView.emit(packet, PORT, SERVER_PORT, seq, ack, flags, WINDOW);
    options.emit(packet);
    TcpView.setHeaderLength(packet, 20, packet.writerIndex() - 20);
    packet.writeBytes(request, 0, text);
    int length = packet.writerIndex();
    Ipv4View.write(packet, 0, 0, length, 0, 0, 64, TcpView.PROTOCOL, LOCAL, REMOTE);
    waiting = true;
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
    int flags = TcpView.flags(header, 20);
    int length = sent.length() - 20 - TcpView.headerLength(header, 20);
    answered += length;
    ack = TcpView.sequence(header, 20) + length + ((flags & TcpView.SYN) != 0 ? 1 : 0);
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    if (!waiting) {
      return 0;
    }
    waiting = false;
    into.clear().writeBytes(packet, 0, packet.writerIndex());
    return into.readableBytes();
  }

  @Override
  public void close() {
    packet.release();
    request.release();
  }
}
