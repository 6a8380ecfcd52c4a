package io.tunstack.tools.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.ip.OutboundChecksum;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.time.Clock;
import io.tunstack.time.SystemClock;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunLink;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;
import java.nio.charset.StandardCharsets;

/**
 * Answers one TCP connection at a time on a TUN device, as crudely as it can be done: a GET with
 * bytes without end, as fast as the peer's window allows, anything else with acknowledgments. No
 * congestion control, no reassembly, no timers but one; what is lost is sent again from there on.
 *
 * <p>{@code java -cp tunstack.jar io.tunstack.tools.bench.Responder [--no-offload] [--mtu N]}
 */
final class Responder {
  private static final int LOCAL = 0x0a4d0002;
  private static final int REMOTE = 0x0a4d0001;
  private static final int PORT = 80;
  private static final int ISS = 1000;

  /** 4 MB: with this scale, and this in the field. */
  private static final int SCALE = 10;

  private static final int WINDOW = 4096;

  /** Packets read, and sent, before the other is looked at again. */
  private static final int BATCH = 64;

  private static final int BURST = 16;
  private static final long PATIENCE_NANOS = 5_000_000;
  private static final int MAX_TEXT = 65_535 - 40;

  /**
   * What it sends lies in as much memory as may be in flight: TCP has to keep that. One packet's
   * text over and over would be in the nearest cache each time, where no user's bytes are.
   */
  private static final int TEXT_BYTES = WINDOW << SCALE;

  private static final int INPUT_BYTES = 65_600;

  private static final byte[] HEAD =
      "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Link link;
  private final Clock clock;
  private final ByteBuf input = Unpooled.directBuffer(INPUT_BYTES, INPUT_BYTES);
  private final ByteBuf text = Unpooled.directBuffer(TEXT_BYTES, TEXT_BYTES);
  private final OutboundPacket packet = new OutboundPacket();
  private final TcpOptions options = new TcpOptions();
  private final int mss;

  private int remotePort;
  private int rcvNxt;
  private int sndUna;
  private int sndNxt;
  private long window;
  private int shift;
  private boolean sending;
  private boolean owesAck;
  private long progressAt;

  Responder(Link link, Clock clock) {
    this.link = link;
    this.clock = clock;
    this.mss = link.mtu() - OutboundPacket.IP_HEADER_ROOM - TcpView.MIN_HEADER;
    text.writeBytes(HEAD);
    while (text.isWritable()) {
      text.writeByte(text.writerIndex() % 251);
    }
  }

  /**
   * Runs until it is killed.
   *
   * @param args {@code --no-offload}, {@code --mtu N}
   */
  public static void main(String[] args) {
    boolean offload = true;
    int mtu = TunConfig.DEFAULT_MTU;
    for (int i = 0; i < args.length; i++) {
      offload &= !args[i].equals("--no-offload");
      mtu = args[i].equals("--mtu") ? Integer.parseInt(args[i + 1]) : mtu;
    }
    TunLink link = TunLink.open(TunConfig.builder().mtu(mtu).offload(offload).build());
    System.out.println("ready");
    Responder responder = new Responder(link, new SystemClock());
    while (true) {
      if (!responder.turn()) {
        link.await(PATIENCE_NANOS);
      }
    }
  }

  /** Reads what waits, acknowledges, sends; answers whether there was anything to do. */
  boolean turn() {
    boolean worked = false;
    for (int i = 0; i < BATCH && link.receive(input) > 0; i++) {
      worked = true;
      take();
    }
    if (owesAck) {
      owesAck = false;
      send(sndNxt, TcpView.ACK, 0);
    }
    return (sending && sendBurst()) || worked;
  }

  private void take() {
    int ip = input.readerIndex();
    int at = ip + Ipv4View.headerLength(input, ip);
    if (Ipv4View.protocol(input, ip) != TcpView.PROTOCOL) {
      return;
    }
    int flags = TcpView.flags(input, at);
    if ((flags & TcpView.SYN) != 0) {
      accept(at);
      return;
    }
    if (TcpView.sourcePort(input, at) != remotePort || (flags & TcpView.RST) != 0) {
      sending &= (flags & TcpView.RST) == 0;
      return;
    }
    int header = TcpView.headerLength(input, at);
    int length = Ipv4View.totalLength(input, ip) - (at - ip) - header;
    int ack = TcpView.acknowledgment(input, at);
    if (Seq.gt(ack, sndUna)) {
      sndUna = ack;
      sndNxt = Seq.max(sndNxt, ack);
      progressAt = clock.nanos();
    }
    window = (long) TcpView.window(input, at) << shift;
    if (length > 0) {
      if (TcpView.sequence(input, at) == rcvNxt) {
        rcvNxt += length;
        sending |= input.getByte(at + header) == 'G';
      }
      owesAck = true;
    }
  }

  private void accept(int at) {
    int header = TcpView.headerLength(input, at);
    options.parse(input, at + TcpView.MIN_HEADER, header - TcpView.MIN_HEADER);
    remotePort = TcpView.sourcePort(input, at);
    rcvNxt = TcpView.sequence(input, at) + 1;
    shift = options.windowShift();
    sending = false;
    owesAck = false;
    options.clear().mss(mss).windowShift(SCALE);
    send(ISS, TcpView.SYN | TcpView.ACK, 0);
    options.clear();
    sndUna = ISS + 1;
    sndNxt = ISS + 1;
  }

  private boolean sendBurst() {
    int most = link.offloads() ? MAX_TEXT - MAX_TEXT % mss : mss;
    int sent = 0;
    while (sent < BURST && Seq.distance(sndUna, sndNxt) + (long) most <= window) {
      send(sndNxt, TcpView.ACK, most);
      sndNxt += most;
      sent++;
    }
    long now = clock.nanos();
    if (sent == 0 && sndNxt != sndUna && now - progressAt > PATIENCE_NANOS) {
      sndNxt = sndUna;
      progressAt = now;
      return true;
    }
    return sent > 0;
  }

  private void send(int seq, int flags, int length) {
    ByteBuf header = packet.reset().header();
    int at = OutboundPacket.IP_HEADER_ROOM;
    TcpView.emit(header, PORT, remotePort, seq, rcvNxt, flags, WINDOW);
    options.emit(header);
    TcpView.setHeaderLength(header, at, header.writerIndex() - at);
    if (length > 0) {
      int from = Math.floorMod(seq - ISS - 1, TEXT_BYTES);
      int first = Math.min(length, TEXT_BYTES - from);
      packet.addRange(text, from, first);
      if (first < length) {
        packet.addRange(text, 0, length - first);
      }
    }
    int total = packet.length();
    long sum = Checksum.pseudoHeader(LOCAL, REMOTE, TcpView.PROTOCOL, total - at);
    if (link.offloads()) {
      packet.leaveToLink(mss);
      TcpView.setChecksum(header, at, Checksum.fold(sum));
    } else {
      TcpView.setChecksum(header, at, Checksum.finish(sum + OutboundChecksum.sum(packet)));
    }
    int dontFragment = Ipv4View.DONT_FRAGMENT;
    Ipv4View.write(header, 0, 0, total, 0, dontFragment, 64, TcpView.PROTOCOL, LOCAL, REMOTE);
    link.send(packet);
  }
}
