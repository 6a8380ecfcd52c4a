package io.tunstack.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.engine.Stack;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4Fault;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** The stack under test with an application on it, and what must hold whatever it is sent. */
final class FuzzedStack implements AutoCloseable {
  static final int LOCAL = IpAddress.parse("10.77.0.2").bits();
  static final int PEER = IpAddress.parse("10.77.0.1").bits();
  static final int PORT = 80;
  static final int PEER_PORT = 40_000;
  static final int MTU = 1500;

  /** So that a few segments cross 2³². */
  private static final int BELOW_WRAP = 2_000;

  private static final long ISN_TICK_NANOS = 4_000;
  private static final long START = instantOfIsnNearTheWrap();

  /** More than one packet, read or time-out makes the stack send at once. */
  private static final int MAX_OUTPUT = 2_000;

  private final VirtualClock clock = new VirtualClock();
  private final Stack stack;
  private final TcpConfig config;
  private final Manner manner;
  private App app;
  private final TcpOptions options = new TcpOptions();
  private int sentAtOnce;

  // What the stack has said in the present connection.
  boolean synSent;
  int iss;
  int sndNxt;
  boolean ackSent;
  int rcvNxt;
  int edge;
  int shift;
  int localPort = PORT;

  /** Behind the last byte that the peer has sent and that may have been taken. */
  int peerNxt;

  /** Behind the packet that the peer has sent last, wherever that lies. */
  int peerLast;

  FuzzedStack(TcpConfig config, Manner manner) {
    this(config, manner, START);
  }

  private FuzzedStack(TcpConfig config, Manner manner, long start) {
    this.config = config;
    this.manner = manner;
    this.app = new App(manner);
    clock.advanceTo(start);
    SplittableRandom random = new SplittableRandom(1);
    stack =
        Stack.builder(new CheckedLink(), clock)
            .address("10.77.0.2/24")
            .tcp(config)
            .random(random::nextLong)
            .build();
  }

  private static long instantOfIsnNearTheWrap() {
    try (FuzzedStack rehearsal =
        new FuzzedStack(TcpConfig.DEFAULT, new Manner(Reading.LATER, false), 0)) {
      rehearsal.listen();
      FuzzedPeer peer = new FuzzedPeer(rehearsal, false, false);
      peer.send(TcpView.SYN, 0, 0, 65_535, 0, peer.noOptions());
      return Integer.toUnsignedLong(-BELOW_WRAP - rehearsal.iss) * ISN_TICK_NANOS;
    }
  }

  Stack stack() {
    return stack;
  }

  App app() {
    return app;
  }

  void listen() {
    Sockets.on(stack)
        .listen(
            PORT,
            socket -> {
              if (app.socket != null) {
                // A SYN in TIME-WAIT: the one before is over, though nobody has closed its socket.
                app = new App(manner);
              }
              app.socket = socket;
              return app;
            });
  }

  void connect() {
    app.socket =
        Sockets.on(stack)
            .connect(new InetSocketAddress(new IpAddress(PEER).toInetAddress(), PEER_PORT), app);
    localPort = app.socket.localAddress().getPort();
  }

  /** The connection is over: what comes next has new numbers and a new application. */
  void forget() {
    if (app.socket != null) {
      app.socket.close();
      poll();
    }
    app = new App(manner);
    synSent = false;
    ackSent = false;
    localPort = PORT;
  }

  TcpState state() {
    List<TcpInfo> connections = stack.tcp().connections();
    return connections.isEmpty() ? TcpState.CLOSED : connections.get(0).state();
  }

  // ---- what happens to it ------------------------------------------------------------------

  /** A packet arrives; everything that must hold is checked behind it. */
  void receive(ByteBuf packet) {
    // Time passes, so that no two connections have the same number.
    clock.advance(ISN_TICK_NANOS);
    sentAtOnce = 0;
    stack.receive(packet);
    check();
  }

  void advance(long nanos) {
    long end = clock.nanos() + nanos;
    while (true) {
      sentAtOnce = 0;
      long next = poll();
      if (next > end) {
        clock.advanceTo(end);
        poll();
        return;
      }
      clock.advanceTo(next);
    }
  }

  long poll() {
    sentAtOnce = 0;
    long next = stack.poll(clock.nanos());
    while (next <= clock.nanos()) {
      next = stack.poll(clock.nanos());
    }
    check();
    return next;
  }

  private void check() {
    List<TcpInfo> connections = stack.tcp().connections();
    require(connections.size() <= 1, "connections: " + connections);
    require(stack.counters().get(Counter.TCP_ABORT_ON_CALLBACK) == 0, "a handler threw");
    if (stack.tcp().connectionCount() == 0) {
      require(
          stack.wheel().armed() == (stack.tcp().timeWaitCount() > 0 ? 1 : 0),
          "timers without a connection: " + stack.wheel().armed());
    } else {
      TcpInfo info = connections.get(0);
      require(info.unreadBytes() <= config.receiveBufferBytes() * 2L, "unread: " + info);
      require(info.unackedBytes() >= 0 && info.unsentBytes() >= 0, "sent: " + info);
      require(info.rcvWndBytes() >= 0 && info.cwndBytes() > 0, "windows: " + info);
    }
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  @Override
  public void close() {
    stack.close();
    require(stack.slabsInUse() == 0, "slabs leaked: " + stack.slabsInUse());
    require(stack.wheel().armed() == 0, "timers leaked: " + stack.wheel().armed());
  }

  // ---- what it says ------------------------------------------------------------------------

  private final class CheckedLink implements Link {
    private final ByteBuf buf = Unpooled.buffer(MTU);

    @Override
    public int mtu() {
      return MTU;
    }

    @Override
    public boolean send(OutboundPacket packet) {
      require(++sentAtOnce <= MAX_OUTPUT, "more and more is sent without time passing");
      packet.copyTo(buf.clear());
      checkSent(buf);
      return true;
    }

    @Override
    public int receive(ByteBuf into) {
      return 0;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private void checkSent(ByteBuf buf) {
    int length = buf.readableBytes();
    require(length <= MTU, "larger than the MTU");
    require(Ipv4View.check(buf, 0, length) == Ipv4Fault.NONE, "not an IPv4 packet");
    if (Ipv4View.protocol(buf, 0) != TcpView.PROTOCOL) {
      return;
    }
    int at = Ipv4View.headerLength(buf, 0);
    long sum = Checksum.pseudoHeader(LOCAL, PEER, TcpView.PROTOCOL, length - at);
    sum = Checksum.combine(sum, Checksum.sum(buf, at, length - at), false);
    require(Checksum.isValid(sum), "a wrong checksum");
    int flags = TcpView.flags(buf, at);
    if ((flags & TcpView.RST) == 0) {
      checkSegment(buf, at, flags, length - at - TcpView.headerLength(buf, at));
    }
  }

  private void checkSegment(ByteBuf buf, int at, int flags, int textLength) {
    boolean syn = (flags & TcpView.SYN) != 0;
    int seq = TcpView.sequence(buf, at);
    if (syn && !(synSent && seq == iss)) {
      // A connection begins, with numbers of its own.
      synSent = true;
      iss = seq;
      sndNxt = seq + 1;
      ackSent = false;
    }
    if ((flags & TcpView.ACK) != 0) {
      checkAcknowledgment(buf, at, syn);
    }
    if (textLength > 0) {
      int position = seq - iss - 1;
      require(position >= 0 && position + textLength <= app.written, "text that nobody wrote");
      int from = at + TcpView.headerLength(buf, at);
      for (int i = 0; i < textLength; i++) {
        require(buf.getByte(from + i) == (byte) (position + i), "wrong text at " + (position + i));
      }
    }
    require(Seq.le(seq, sndNxt), "a gap in front of " + (seq - iss));
    int fin = (flags & TcpView.FIN) != 0 ? 1 : 0;
    sndNxt = Seq.max(sndNxt, seq + textLength + fin + (syn ? 1 : 0));
    require(Seq.distance(iss, sndNxt) <= app.written + 2, "numbers behind the FIN");
  }

  private void checkAcknowledgment(ByteBuf buf, int at, boolean syn) {
    int ack = TcpView.acknowledgment(buf, at);
    if (syn) {
      options.clear();
      int header = TcpView.headerLength(buf, at);
      options.parse(buf, at + TcpView.MIN_HEADER, header - TcpView.MIN_HEADER);
      shift = options.hasWindowShift() ? options.windowShift() : 0;
    }
    List<TcpInfo> connections = stack.tcp().connections();
    if (!syn && !ackSent && !connections.isEmpty()) {
      // We have opened: whether windows are scaled was for the peer's SYN to say.
      shift = connections.get(0).rcvWndShift();
    }
    int newEdge = ack + (TcpView.window(buf, at) << (syn ? 0 : shift));
    if (!ackSent) {
      // What the handshake acknowledges is where the peer's numbers begin.
      peerNxt = peerLast;
    }
    require(Seq.le(ack, peerNxt), "acknowledges what was never sent, by " + (ack - peerNxt));
    if (ackSent) {
      require(Seq.ge(ack, rcvNxt), "an acknowledgment went back by " + (rcvNxt - ack));
      require(syn || Seq.ge(newEdge, edge), "the window shrank by " + (edge - newEdge));
      edge = Seq.max(edge, newEdge);
    } else {
      edge = newEdge;
    }
    ackSent = true;
    rcvNxt = ack;
  }

  /** What an application does when it hears that there is something to read. */
  enum Reading {
    /** Nothing: it reads when the input says so. */
    LATER,
    /** It takes everything. */
    AT_ONCE,
    /** It looks at it in place and takes about half. */
    IN_PART,
    /** It looks at it in place, and now and then resets the connection while it does. */
    UNTIL_RESET
  }

  /**
   * How an application is.
   *
   * @param lends whether it lets the stack send from its own memory
   */
  record Manner(Reading reading, boolean lends) {}

  /** Writes a stream that tells its positions, and checks that what it reads does. */
  static final class App implements TcpHandler {
    private static final int RESETS_EVERY = 16;

    private static final int PERIOD = 256;

    /** Every stretch of the stream, wherever it begins in the period. */
    private static final ByteBuffer LENT = ByteBuffer.allocateDirect((1 << 16) + PERIOD);

    static {
      while (LENT.hasRemaining()) {
        LENT.put((byte) LENT.position());
      }
    }

    private final Manner manner;
    private int looks;
    private final ByteBuffer scratch = ByteBuffer.allocate(2048);
    TcpSocket socket;
    int written;
    CloseReason closed;

    /** What the next byte must be; anything may be first. */
    private byte next;

    private boolean hasRead;

    App(Manner manner) {
      this.manner = manner;
    }

    boolean isOpen() {
      return socket != null && closed == null;
    }

    void write(int bytes) {
      if (manner.lends()) {
        int from = written % PERIOD;
        int count = Math.min(bytes, socket.writable());
        written += count > 0 ? socket.lend(LENT.duplicate().limit(from + count).position(from)) : 0;
        return;
      }
      scratch.clear().limit(Math.min(bytes, Math.min(socket.writable(), scratch.capacity())));
      for (int i = 0; i < scratch.limit(); i++) {
        scratch.put(i, (byte) (written + i));
      }
      if (scratch.hasRemaining()) {
        written += socket.write(scratch);
      }
    }

    /** Takes what there is; the peer's stream tells its positions too. */
    void readAll() {
      int n = socket.read(scratch.clear());
      while (n > 0) {
        scratch.flip();
        checkNext(scratch, n);
        n = socket.read(scratch.clear());
      }
    }

    private void checkNext(ByteBuffer text, int bytes) {
      if (bytes > 0 && !hasRead) {
        next = text.get(text.position());
        hasRead = true;
      }
      for (int i = 0; i < bytes; i++) {
        require(text.get() == next, "read a wrong byte");
        next++;
      }
    }

    private void look(ByteBuffer text) {
      looks++;
      checkNext(text, (text.remaining() + 1) / 2);
      if (manner.reading() == Reading.UNTIL_RESET && looks % RESETS_EVERY == 0) {
        socket.abort();
      }
    }

    @Override
    public void onReadable(TcpSocket connection) {
      switch (manner.reading()) {
        case AT_ONCE -> readAll();
        case IN_PART, UNTIL_RESET -> socket.take(this::look);
        default -> {
          // Later.
        }
      }
    }

    @Override
    public void onClosed(TcpSocket connection, CloseReason reason) {
      closed = reason;
    }
  }
}
