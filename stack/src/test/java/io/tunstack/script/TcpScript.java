package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tunstack.engine.Stack;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpListener;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.TcpView;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * One stack at 10.77.0.2 with a listener on port 80, against a peer at 10.77.0.1:40000 that says
 * what the script says. Close it at the end: it checks that no slab is left.
 */
final class TcpScript implements AutoCloseable {
  static final int LOCAL = IpAddress.parse("10.77.0.2").bits();
  static final int PEER = IpAddress.parse("10.77.0.1").bits();
  static final int PORT = 80;

  /** For scripts that count on its halves and whole segments. */
  static final TcpConfig RENO = TcpConfig.DEFAULT.toBuilder().congestionControl("newreno").build();

  /** For scripts about acknowledgments that wait, from the first. */
  static final TcpConfig PATIENT = TcpConfig.DEFAULT.toBuilder().quickAcks(0).build();

  /** Near the wrap, so that every script with more than 20 bytes crosses it. */
  static final int PEER_ISN = -20;

  /**
   * When a connection from port 40000 to port 80 gets an initial number of our own near the wrap.
   */
  private static final long START = instantOfIsnNearTheWrap();

  final VirtualClock clock = new VirtualClock();
  final RecordingLink link;
  final Stack stack;
  final Sockets sockets;
  final TcpListener listener;
  final App app = new App();
  int peerPort = 40000;
  int localPort = PORT;

  private Integer ourIsn;

  TcpScript() {
    this(TcpConfig.DEFAULT, 1500);
  }

  TcpScript(TcpConfig config, int mtu) {
    this(config, mtu, START);
  }

  /** A script whose stack has an IPv4 configuration of its own. */
  TcpScript(Ipv4Config ip) {
    this(TcpConfig.DEFAULT, 1500, START, ip);
  }

  private TcpScript(TcpConfig config, int mtu, long start) {
    this(config, mtu, start, Ipv4Config.of("10.77.0.2/24"));
  }

  private TcpScript(TcpConfig config, int mtu, long start, Ipv4Config ip) {
    clock.advanceTo(start);
    link = new RecordingLink(mtu);
    SplittableRandom random = new SplittableRandom(1);
    stack = Stack.builder(link, clock).ip(ip).tcp(config).random(random::nextLong).build();
    sockets = Sockets.on(stack);
    listener =
        sockets.listen(
            PORT,
            socket -> {
              app.socket = socket;
              return app;
            });
  }

  /**
   * Initial sequence numbers grow by one in 4 µs from a keyed hash (RFC 6528 §3), and the key of a
   * script's stack is always the same. So one look at the number of instant 0 says when it is 50
   * short of the wrap.
   */
  private static long instantOfIsnNearTheWrap() {
    try (TcpScript script = new TcpScript(TcpConfig.DEFAULT, 1500, 0)) {
      script.inject("S 0:0(0) win 65535 <mss 1460>");
      script.drain();
      return Integer.toUnsignedLong(-50 - script.ourIsn()) * 4_000;
    }
  }

  /** A script that begins in ESTABLISHED, without options but MSS 1460; the peer's window 65535. */
  static TcpScript established() {
    return established(TcpConfig.DEFAULT);
  }

  static TcpScript established(TcpConfig config) {
    TcpScript script = new TcpScript(config, 1500);
    script.inject("S 0:0(0) win 65535 <mss 1460>");
    script.expect("S. 0:0(0) ack 1 <mss 1460>");
    script.inject(". 1:1(0) ack 1 win 65535");
    script.expectNothing();
    script.expectState(TcpState.ESTABLISHED);
    return script;
  }

  /** A script that begins in ESTABLISHED after a peer's SYN with the window and options given. */
  static TcpScript established(TcpConfig config, int window, String options) {
    TcpScript script = new TcpScript(config, 1500);
    script.inject("S 0:0(0) win " + window + " <" + options + ">");
    assertEquals(1, script.drain().size());
    String last = options.contains("TS") ? " <TS val 100 ecr 0>" : "";
    script.inject(". 1:1(0) ack 1 win " + window + last);
    script.expectNothing();
    script.expectState(TcpState.ESTABLISHED);
    return script;
  }

  /** A script that begins in SYN-SENT: the stack connects to the peer's port. */
  static TcpScript connecting() {
    return connecting(TcpConfig.DEFAULT);
  }

  static TcpScript connecting(TcpConfig config) {
    TcpScript script = new TcpScript(config, 1500);
    script.peerPort = 8080;
    script.app.socket =
        script.sockets.connect(
            new InetSocketAddress(new IpAddress(PEER).toInetAddress(), 8080), script.app);
    script.localPort = script.app.socket.localAddress().getPort();
    return script;
  }

  /** Goes on with another port of the peer's; our next SYN tells the number that we have there. */
  TcpScript from(int port) {
    peerPort = port;
    ourIsn = null;
    return this;
  }

  TcpScript inject(String line) {
    return inject(ScriptSegment.parse(line));
  }

  /** Injects a segment whose text is not the peer's stream: every bit of it is turned. */
  TcpScript injectForged(String line) {
    return inject(toPacket(ScriptSegment.parse(line), at -> (byte) ~payload(at)));
  }

  /** Injects a segment after something about its packet has been changed; sums stay as they are. */
  TcpScript injectDamaged(String line, Consumer<ByteBuf> damage) {
    ByteBuf packet = toPacket(ScriptSegment.parse(line), TcpScript::payload);
    damage.accept(packet);
    return inject(packet);
  }

  /** Injects a segment after something about its packet has been changed; its sums are right. */
  TcpScript injectChanged(String line, Consumer<ByteBuf> change) {
    return injectDamaged(line, change.andThen(TcpScript::sum));
  }

  /** Sets the total length and both checksums of a packet to what they should be. */
  private static void sum(ByteBuf packet) {
    int header = (packet.getByte(0) & 0xf) * 4;
    int length = packet.writerIndex() - header;
    packet.setShort(2, packet.writerIndex()).setShort(10, 0);
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, header)));
    TcpView.setChecksum(packet, header, 0);
    long sum =
        Checksum.pseudoHeader(packet.getInt(12), packet.getInt(16), TcpView.PROTOCOL, length);
    sum = Checksum.combine(sum, Checksum.sum(packet, header, length), false);
    TcpView.setChecksum(packet, header, Checksum.finish(sum));
  }

  /** Injects a segment that a router has marked (RFC 3168 §5). */
  TcpScript injectMarked(String line) {
    ByteBuf packet = toPacket(ScriptSegment.parse(line), TcpScript::payload);
    packet.setByte(1, 0b11).setShort(10, 0);
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, 20)));
    return inject(packet);
  }

  /** The type of service of the next packet that was sent. */
  int typeOfService() {
    return link.sent.getFirst()[1];
  }

  /** Injects segments that the stack reads in one batch. */
  TcpScript injectBatch(String... lines) {
    for (String line : lines) {
      queue(line);
    }
    return settle();
  }

  /** Puts a segment where the stack reads it when it {@link #settle}s. */
  TcpScript queue(String line) {
    ByteBuf packet = toPacket(ScriptSegment.parse(line), TcpScript::payload);
    link.inbox.add(ByteBufUtil.getBytes(packet));
    packet.release();
    return this;
  }

  private TcpScript inject(ScriptSegment segment) {
    return inject(toPacket(segment, TcpScript::payload));
  }

  private TcpScript inject(ByteBuf packet) {
    stack.receive(packet);
    packet.release();
    return this;
  }

  /** A destination-unreachable message about our segment that starts at {@code relativeSeq}. */
  TcpScript injectUnreachable(int code, int relativeSeq) {
    return injectIcmp(3, code, relativeSeq);
  }

  /** An ICMP error about our segment that starts at {@code relativeSeq}. */
  TcpScript injectIcmp(int type, int code, int relativeSeq) {
    return injectError(type, code, 0, relativeSeq, 40);
  }

  /**
   * "Fragmentation needed" about our segment that starts at {@code relativeSeq}, as a router sends
   * it that quotes a packet of {@code length} bytes.
   */
  TcpScript injectTooBig(int nextHopMtu, int relativeSeq, int length) {
    return injectError(3, 4, nextHopMtu, relativeSeq, length).settle();
  }

  private TcpScript injectError(int type, int code, int rest, int relativeSeq, int length) {
    ByteBuf packet = Unpooled.buffer(56);
    packet.writeByte(0x45).writeByte(0).writeShort(56).writeInt(0);
    packet.writeByte(64).writeByte(1).writeShort(0).writeInt(PEER).writeInt(LOCAL);
    packet.writeByte(type).writeByte(code).writeShort(0).writeInt(rest);
    packet.writeByte(0x45).writeByte(0).writeShort(length).writeInt(0x4000);
    packet.writeByte(64).writeByte(TcpView.PROTOCOL).writeShort(0).writeInt(LOCAL).writeInt(PEER);
    packet.writeShort(localPort).writeShort(peerPort).writeInt(ourIsn() + relativeSeq);
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, 20)));
    packet.setShort(38, Checksum.finish(Checksum.sum(packet, 28, 20)));
    packet.setShort(22, Checksum.finish(Checksum.sum(packet, 20, 36)));
    stack.receive(packet);
    packet.release();
    return this;
  }

  private ByteBuf toPacket(ScriptSegment segment, ScriptSegment.Payload text) {
    return segment.toPacket(PEER, peerPort, LOCAL, localPort, PEER_ISN, ourIsn(), text);
  }

  /** Lets the stack do what it can do now, without time passing. */
  TcpScript settle() {
    while (stack.poll(clock.nanos()) <= clock.nanos()) {
      // Output goes in turns; a turn that says "now" has left some for the next.
    }
    return this;
  }

  /** The text of both sides: byte i of the stream, i from 0, is i mod 251. */
  static byte payload(int relativeSeq) {
    return (byte) Math.floorMod(relativeSeq - 1, 251);
  }

  private int ourIsn() {
    return ourIsn == null ? 0 : ourIsn;
  }

  /** The next segment that was sent must be this. */
  TcpScript expect(String line) {
    ScriptSegment wanted = ScriptSegment.parse(line);
    byte[] packet = link.sent.poll();
    assertNotNull(packet, () -> "expected " + line + " but nothing was sent");
    learnIsn(packet);
    ScriptSegment sent = ScriptSegment.of(packet, ourIsn(), PEER_ISN);
    assertTrue(wanted.matches(sent), () -> "expected " + line + " but was " + sent);
    return this;
  }

  /** The next segment that was sent must be a RST that belongs to no numbering of ours. */
  TcpScript expectReset(int absoluteSeq, int relativeAck) {
    byte[] packet = link.sent.poll();
    assertNotNull(packet, "expected a RST but nothing was sent");
    ScriptSegment sent = ScriptSegment.of(packet, 0, PEER_ISN);
    assertTrue((sent.flagBits() & TcpView.RST) != 0, sent::toString);
    assertEquals(absoluteSeq, sent.seq(), sent::toString);
    assertEquals(relativeAck, sent.ack(), sent::toString);
    return this;
  }

  private void learnIsn(byte[] packet) {
    ScriptSegment raw = ScriptSegment.of(packet, 0, 0);
    if ((raw.flagBits() & TcpView.SYN) != 0 && ourIsn == null) {
      ourIsn = raw.seq();
    }
  }

  TcpScript expectNothing() {
    if (!link.sent.isEmpty()) {
      fail("expected nothing but was " + ScriptSegment.of(link.sent.poll(), ourIsn(), PEER_ISN));
    }
    return this;
  }

  /** Takes all that was sent, relative to the initial numbers. */
  List<ScriptSegment> drain() {
    List<ScriptSegment> all = new ArrayList<>();
    for (byte[] packet = link.sent.poll(); packet != null; packet = link.sent.poll()) {
      learnIsn(packet);
      all.add(ScriptSegment.of(packet, ourIsn(), PEER_ISN));
    }
    return all;
  }

  /** Lets time pass; every deadline on the way is kept to. */
  TcpScript after(Duration time) {
    long end = clock.nanos() + time.toNanos();
    while (true) {
      long next = stack.poll(clock.nanos());
      if (next > end) {
        break;
      }
      clock.advanceTo(next);
    }
    clock.advanceTo(end);
    return settle();
  }

  TcpScript afterMillis(long millis) {
    return after(Duration.ofMillis(millis));
  }

  TcpScript expectState(TcpState state) {
    assertEquals(state, state());
    return this;
  }

  /** The connection's state; CLOSED if there is none any more. */
  TcpState state() {
    return stack.tcp().connections().stream()
        .filter(info -> info.tuple().remotePort() == peerPort)
        .map(TcpInfo::state)
        .findFirst()
        .orElse(TcpState.CLOSED);
  }

  TcpInfo info() {
    return stack.tcp().connections().stream()
        .filter(info -> info.tuple().remotePort() == peerPort)
        .findFirst()
        .orElseThrow();
  }

  long counter(Counter counter) {
    return stack.counters().get(counter);
  }

  long counterOf(SendReason reason) {
    return stack.counters().get(reason);
  }

  long drops(DropReason reason) {
    return stack.counters().get(reason);
  }

  /** The application writes the next {@code bytes} of its stream; they leave as far as they may. */
  TcpScript write(int bytes) {
    byte[] text = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      text[i] = payload(1 + app.written + i);
    }
    ByteBuffer source = ByteBuffer.wrap(text);
    app.socket.write(source);
    app.written += source.position();
    return settle();
  }

  TcpScript closeOutput() {
    app.socket.shutdownOutput();
    return settle();
  }

  TcpScript closeSocket() {
    app.socket.close();
    return settle();
  }

  TcpScript abortSocket() {
    app.socket.abort();
    return settle();
  }

  /** The application reads exactly this much. */
  TcpScript read(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    assertEquals(bytes, app.socket.read(buffer));
    app.received.write(buffer.array(), 0, bytes);
    return settle();
  }

  TcpScript noDelay(boolean on) {
    app.socket.setNoDelay(on);
    return settle();
  }

  /** The application reads everything there is now. */
  TcpScript readAll() {
    app.drain();
    return settle();
  }

  /** What the application received is the peer's stream up to this many bytes. */
  TcpScript expectReceived(int bytes) {
    byte[] received = app.received.toByteArray();
    assertEquals(bytes, received.length);
    for (int i = 0; i < bytes; i++) {
      assertEquals(payload(1 + i), received[i], "byte " + i);
    }
    return this;
  }

  @Override
  public void close() {
    stack.close();
    assertEquals(0, stack.slabsInUse(), "slabs left");
    assertEquals(0, stack.wheel().armed(), "timers left");
  }

  /** An application that reads as told and notes what it hears. */
  static final class App implements TcpHandler {
    TcpSocket socket;
    boolean readEagerly = true;
    boolean closeAtEnd;
    boolean endSeen;
    int written;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    final List<String> events = new ArrayList<>();
    CloseReason closed;

    /** What the application does in a callback, besides taking note. */
    final Map<String, Consumer<TcpSocket>> does = new HashMap<>();

    private void note(String event, TcpSocket where) {
      events.add(event);
      does.getOrDefault(event, ignored -> {}).accept(where);
    }

    void drain() {
      ByteBuffer buffer = ByteBuffer.allocate(65536);
      int n = socket.read(buffer);
      while (n > 0) {
        received.write(buffer.array(), 0, n);
        buffer.clear();
        n = socket.read(buffer);
      }
      if (n < 0 && !endSeen) {
        endSeen = true;
        events.add("end");
        if (closeAtEnd) {
          socket.close();
        }
      }
    }

    @Override
    public void onConnected(TcpSocket connected) {
      note("connected", connected);
    }

    @Override
    public void onReadable(TcpSocket readable) {
      does.getOrDefault("readable", ignored -> {}).accept(readable);
      if (readEagerly) {
        drain();
      }
    }

    @Override
    public void onWritable(TcpSocket writable) {
      note("writable", writable);
    }

    @Override
    public void onUrgent(TcpSocket urgent) {
      note("urgent " + urgent.urgentRemaining(), urgent);
    }

    @Override
    public void onSoftError(TcpSocket troubled, CloseReason reason) {
      note("trouble " + reason, troubled);
    }

    @Override
    public void onClosed(TcpSocket ended, CloseReason reason) {
      closed = reason;
      note("closed", ended);
    }
  }
}
