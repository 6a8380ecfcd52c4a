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
import java.util.ArrayList;
import java.util.List;

/**
 * Answers TCP connections on a TUN device as crudely as it can be done: a GET with bytes without
 * end, as fast as the peer's window allows, anything else with acknowledgments. No congestion
 * control, no reassembly, no timers but one; what is lost is sent again from there on. One peer, so
 * that its port finds the connection.
 *
 * <p>{@code java -cp tunstack.jar io.tunstack.tools.bench.Responder [--no-offload] [--mtu N]
 * [--text-bytes N] [--batch]}
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
   * What it sends lies in as much memory as may be in flight, unless it is told otherwise: TCP has
   * to keep that. One packet's text over and over would be in the nearest cache each time, where no
   * user's bytes are.
   */
  static final int TEXT_BYTES = WINDOW << SCALE;

  private static final int INPUT_BYTES = 65_600;

  private static final byte[] HEAD =
      "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Link link;
  private final Clock clock;
  private final ByteBuf input = Unpooled.directBuffer(INPUT_BYTES, INPUT_BYTES);
  private final ByteBuf text;
  private final OutboundPacket packet = new OutboundPacket();
  private final TcpOptions options = new TcpOptions();
  private final int mss;

  /** Whether packets are put together before they are written, as the stack does it. */
  private final boolean batches;

  /** By the peer's port; null where it has never connected from. */
  private final Flow[] flows = new Flow[1 << 16];

  private final List<Flow> senders = new ArrayList<>();
  private final List<Flow> owing = new ArrayList<>();

  /** Whose turn it is to send. */
  private int turn;

  private static final class Flow {
    private final int remotePort;
    private final int shift;
    private int rcvNxt;
    private int sndUna = ISS + 1;
    private int sndNxt = ISS + 1;
    private long window;
    private boolean sending;
    private boolean owesAck;
    private long progressAt;

    Flow(int remotePort, int shift, int rcvNxt) {
      this.remotePort = remotePort;
      this.shift = shift;
      this.rcvNxt = rcvNxt;
    }
  }

  Responder(Link link, Clock clock, int textBytes, boolean batches) {
    this.link = link;
    this.batches = batches;
    this.clock = clock;
    this.text = Unpooled.directBuffer(textBytes, textBytes);
    this.mss = link.mtu() - OutboundPacket.IP_HEADER_ROOM - TcpView.MIN_HEADER;
    text.writeBytes(HEAD);
    while (text.isWritable()) {
      text.writeByte(text.writerIndex() % 251);
    }
  }

  /**
   * Runs until it is killed.
   *
   * @param args {@code --no-offload}; {@code --mtu N}; {@code --text-bytes N}, at least 65,536, for
   *     how much it sends before it begins anew; {@code --batch}, to put packets together before
   *     they are written
   */
  public static void main(String[] args) {
    boolean offload = true;
    int mtu = TunConfig.DEFAULT_MTU;
    int textBytes = TEXT_BYTES;
    boolean batches = false;
    for (int i = 0; i < args.length; i++) {
      batches |= args[i].equals("--batch");
      offload &= !args[i].equals("--no-offload");
      mtu = args[i].equals("--mtu") ? Integer.parseInt(args[i + 1]) : mtu;
      textBytes = args[i].equals("--text-bytes") ? Integer.parseInt(args[i + 1]) : textBytes;
    }
    TunLink link = TunLink.open(TunConfig.builder().mtu(mtu).offload(offload).build());
    System.out.println("ready");
    Responder responder = new Responder(link, new SystemClock(), textBytes, batches);
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
    for (int i = 0; i < owing.size(); i++) {
      Flow flow = owing.get(i);
      flow.owesAck = false;
      send(flow, flow.sndNxt, TcpView.ACK, 0);
    }
    owing.clear();
    if (batches) {
      link.batch();
    }
    boolean sent = sendBurst();
    link.flush();
    return sent || worked;
  }

  private void take() {
    int ip = input.readerIndex();
    int at = ip + Ipv4View.headerLength(input, ip);
    if (Ipv4View.protocol(input, ip) != TcpView.PROTOCOL) {
      return;
    }
    int flags = TcpView.flags(input, at);
    Flow flow = flows[TcpView.sourcePort(input, at)];
    if ((flags & (TcpView.SYN | TcpView.RST)) != 0) {
      forget(flow);
      if ((flags & TcpView.SYN) != 0) {
        accept(at);
      }
    } else if (flow != null) {
      take(flow, ip, at);
    }
  }

  private void take(Flow flow, int ip, int at) {
    int header = TcpView.headerLength(input, at);
    int length = Ipv4View.totalLength(input, ip) - (at - ip) - header;
    int ack = TcpView.acknowledgment(input, at);
    if (Seq.gt(ack, flow.sndUna)) {
      flow.sndUna = ack;
      flow.sndNxt = Seq.max(flow.sndNxt, ack);
      flow.progressAt = clock.nanos();
    }
    flow.window = (long) TcpView.window(input, at) << flow.shift;
    if (length == 0) {
      return;
    }
    if (TcpView.sequence(input, at) == flow.rcvNxt) {
      flow.rcvNxt += length;
      if (!flow.sending && input.getByte(at + header) == 'G') {
        flow.sending = true;
        senders.add(flow);
      }
    }
    if (!flow.owesAck) {
      flow.owesAck = true;
      owing.add(flow);
    }
  }

  private void accept(int at) {
    int header = TcpView.headerLength(input, at);
    options.parse(input, at + TcpView.MIN_HEADER, header - TcpView.MIN_HEADER);
    int rcvNxt = TcpView.sequence(input, at) + 1;
    Flow flow = new Flow(TcpView.sourcePort(input, at), options.windowShift(), rcvNxt);
    flows[flow.remotePort] = flow;
    options.clear().mss(mss).windowShift(SCALE);
    send(flow, ISS, TcpView.SYN | TcpView.ACK, 0);
    options.clear();
  }

  private void forget(Flow flow) {
    if (flow != null) {
      flows[flow.remotePort] = null;
      senders.remove(flow);
      owing.remove(flow);
    }
  }

  /** A packet of each connection in turn. */
  private boolean sendBurst() {
    int sent = 0;
    for (int idle = 0; sent < BURST && idle < senders.size(); turn++) {
      boolean one = sendOne(senders.get(Math.floorMod(turn, senders.size())));
      idle = one ? 0 : idle + 1;
      sent += one ? 1 : 0;
    }
    return sent > 0;
  }

  private boolean sendOne(Flow flow) {
    int most = link.offloads() ? MAX_TEXT - MAX_TEXT % mss : mss;
    int inFlight = Seq.distance(flow.sndUna, flow.sndNxt);
    if (inFlight + (long) most <= flow.window) {
      send(flow, flow.sndNxt, TcpView.ACK, most);
      flow.sndNxt += most;
      return true;
    }
    if (inFlight > 0) {
      long now = clock.nanos();
      if (now - flow.progressAt > PATIENCE_NANOS) {
        flow.sndNxt = flow.sndUna;
        flow.progressAt = now;
      }
    }
    return false;
  }

  private void send(Flow flow, int seq, int flags, int length) {
    ByteBuf header = packet.reset().header();
    int at = OutboundPacket.IP_HEADER_ROOM;
    TcpView.emit(header, PORT, flow.remotePort, seq, flow.rcvNxt, flags, WINDOW);
    options.emit(header);
    TcpView.setHeaderLength(header, at, header.writerIndex() - at);
    if (length > 0) {
      int from = Integer.remainderUnsigned(seq - ISS - 1, text.capacity());
      int first = Math.min(length, text.capacity() - from);
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
