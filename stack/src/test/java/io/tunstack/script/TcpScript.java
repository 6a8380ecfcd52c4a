package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.engine.Stack;
import io.tunstack.link.Link;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
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
import java.util.List;
import java.util.SplittableRandom;

/**
 * One stack at 10.77.0.2 with a listener on port 80, against a peer at 10.77.0.1:40000 that says
 * what the script says. Close it at the end: it checks that no slab is left.
 */
final class TcpScript implements AutoCloseable {
  static final int LOCAL = IpAddress.parse("10.77.0.2").bits();
  static final int PEER = IpAddress.parse("10.77.0.1").bits();
  static final int PORT = 80;

  /** Near the wrap, so that every script with more than 20 bytes crosses it. */
  static final int PEER_ISN = -20;

  final VirtualClock clock = new VirtualClock();
  final RecordingLink link;
  final Stack stack;
  final Sockets sockets;
  final App app = new App();
  int peerPort = 40000;
  int localPort = PORT;

  private Integer ourIsn;

  TcpScript() {
    this(TcpConfig.DEFAULT, 1500);
  }

  TcpScript(TcpConfig config, int mtu) {
    link = new RecordingLink(mtu);
    SplittableRandom random = new SplittableRandom(1);
    stack =
        Stack.builder(link, clock)
            .address("10.77.0.2/24")
            .tcp(config)
            .random(random::nextLong)
            .build();
    sockets = Sockets.on(stack);
    sockets.listen(
        PORT,
        socket -> {
          app.socket = socket;
          return app;
        });
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

  /** A script that begins in SYN-SENT: the stack connects to the peer's port. */
  static TcpScript connecting() {
    TcpScript script = new TcpScript();
    script.peerPort = 8080;
    script.app.socket =
        script.sockets.connect(
            new InetSocketAddress(new IpAddress(PEER).toInetAddress(), 8080), script.app);
    script.localPort = script.app.socket.localAddress().getPort();
    return script;
  }

  TcpScript inject(String line) {
    return inject(ScriptSegment.parse(line));
  }

  private TcpScript inject(ScriptSegment segment) {
    ByteBuf packet =
        segment.toPacket(PEER, peerPort, LOCAL, localPort, PEER_ISN, ourIsn(), TcpScript::payload);
    stack.receive(packet);
    packet.release();
    return this;
  }

  /** A destination-unreachable message about our segment that starts at {@code relativeSeq}. */
  TcpScript injectUnreachable(int code, int relativeSeq) {
    ByteBuf packet = Unpooled.buffer(56);
    packet.writeByte(0x45).writeByte(0).writeShort(56).writeInt(0);
    packet.writeByte(64).writeByte(1).writeShort(0).writeInt(PEER).writeInt(LOCAL);
    packet.writeByte(3).writeByte(code).writeShort(0).writeInt(0);
    packet.writeByte(0x45).writeByte(0).writeShort(40).writeInt(0x4000);
    packet.writeByte(64).writeByte(TcpView.PROTOCOL).writeShort(0).writeInt(LOCAL).writeInt(PEER);
    packet.writeShort(localPort).writeShort(peerPort).writeInt(ourIsn() + relativeSeq);
    packet.setShort(10, Checksum.finish(Checksum.sum(packet, 0, 20)));
    packet.setShort(38, Checksum.finish(Checksum.sum(packet, 28, 20)));
    packet.setShort(22, Checksum.finish(Checksum.sum(packet, 20, 36)));
    stack.receive(packet);
    packet.release();
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
    stack.poll(clock.nanos());
    return this;
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
    stack.poll(clock.nanos());
    return this;
  }

  TcpScript closeOutput() {
    app.socket.shutdownOutput();
    stack.poll(clock.nanos());
    return this;
  }

  TcpScript closeSocket() {
    app.socket.close();
    stack.poll(clock.nanos());
    return this;
  }

  TcpScript abortSocket() {
    app.socket.abort();
    stack.poll(clock.nanos());
    return this;
  }

  /** The application reads everything there is now. */
  TcpScript readAll() {
    app.drain();
    stack.poll(clock.nanos());
    return this;
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
      events.add("connected");
    }

    @Override
    public void onReadable(TcpSocket readable) {
      if (readEagerly) {
        drain();
      }
    }

    @Override
    public void onWritable(TcpSocket writable) {
      events.add("writable");
    }

    @Override
    public void onClosed(TcpSocket ended, CloseReason reason) {
      events.add("closed");
      closed = reason;
    }
  }

  /** Never: for reading a deadline that is not there. */
  static final long NEVER = Link.NEVER;
}
