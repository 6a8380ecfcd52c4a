package io.tunstack.udp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.ip.IcmpError;
import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Ipv4Datagram;
import io.tunstack.ip.OutboundChecksum;
import io.tunstack.ip.Transport;
import io.tunstack.link.OutboundPacket;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.SipHash;
import io.tunstack.wire.UdpView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * UDP of one stack: finds whom a datagram is for, and answers for ports where nobody is. Engine
 * thread only.
 */
public final class Udp implements Transport {
  /** UDP's protocol number. */
  public static final int PROTOCOL = 17;

  /** The longest text of a datagram: 65,535 less both headers. */
  public static final int MAX_TEXT = 65_507;

  private static final Logger LOG = LoggerFactory.getLogger(Udp.class);

  /** Linux's default range, as for TCP. */
  private static final int FIRST_EPHEMERAL = 32_768;

  private static final int EPHEMERAL_PORTS = 28_232;
  private static final int HEADERS = OutboundPacket.IP_HEADER_ROOM + UdpView.HEADER_LENGTH;

  /** Memory of what waits at all endpoints together: some three hundred of them full. */
  private static final long MAX_QUEUED_BYTES = 64L << 20;

  /** As for TCP: output gets its turn although applications go on calling each other. */
  private static final int FIRST_ENGINE = 0;

  private static final int MAX_CALLBACK_ROUNDS = 10_000;

  private final Ipv4 ip;
  private final Counters counters;
  private final LongSupplier clock;
  private final UdpTable table;
  private final SipHash portSecret;
  private final ArrayDeque<UdpEndpoint> ready = new ArrayDeque<>();

  /** Null until there is one; stays when it is closed. */
  private UdpForwarding forwarding;

  private long portsPicked;
  private long queuedBytes;
  // Made when the first datagram is sent: what an application hands over may be on the heap.
  private ByteBuf scratch = Unpooled.EMPTY_BUFFER;

  /**
   * Makes the transport; the caller registers it.
   *
   * @param ip the layer below
   * @param counters the stack's
   * @param random secrets come from here; asked in the constructor only
   * @param clock what an application's calls are timed with, nanoseconds
   */
  public Udp(Ipv4 ip, Counters counters, LongSupplier random, LongSupplier clock) {
    this.ip = ip;
    this.counters = counters;
    this.clock = clock;
    table = new UdpTable(new SipHash(random.getAsLong(), random.getAsLong()));
    portSecret = new SipHash(random.getAsLong(), random.getAsLong());
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  // ---- the user's calls --------------------------------------------------------------------

  /**
   * Takes a port.
   *
   * @param local one of the stack's addresses, or {@link IpAddress#UNSPECIFIED} for all of them
   * @param port 1 to 65,535, or 0 for one that nobody can guess (RFC 6056)
   * @param handler who hears of what arrives
   * @return what sends and receives
   * @throws IllegalArgumentException if the address is not the stack's, or the port out of range or
   *     taken
   * @throws IllegalStateException if every ephemeral port is taken
   */
  public UdpEndpoint bind(IpAddress local, int port, EndpointHandler handler) {
    if (ip.siblings().index() != FIRST_ENGINE) {
      throw new IllegalStateException("UDP sockets belong to the first engine; bind them there");
    }
    if (local.bits() != 0 && !ip.isLocal(local.bits())) {
      throw new IllegalArgumentException(local + " is not an address of this stack");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not in 0 to 65535");
    }
    if (port != 0 && !table.isFree(local.bits(), port)) {
      throw new IllegalArgumentException(
          "UDP port " + port + " is taken; close its endpoint or choose another port");
    }
    int chosen = port == 0 ? pickPort(local.bits()) : port;
    UdpEndpoint endpoint =
        new UdpEndpoint(this, local.bits(), chosen, ip.defaultTimeToLive(), handler);
    table.addBound(endpoint);
    return endpoint;
  }

  /** RFC 6056 §3.3.1: a random start, then the next that is free. */
  private int pickPort(int local) {
    long start = portSecret.hash(portsPicked++, 0) >>> 1;
    for (int i = 0; i < EPHEMERAL_PORTS; i++) {
      int port = FIRST_EPHEMERAL + (int) ((start + i) % EPHEMERAL_PORTS);
      if (table.isFree(local, port)) {
        return port;
      }
    }
    throw new IllegalStateException("every ephemeral UDP port is taken; close some endpoints");
  }

  /**
   * Hands over every datagram that no endpoint takes, whatever host it is meant for. What comes for
   * a closed port is not told off then; that is the forwarder's to do.
   *
   * @param maxQueuedBytes memory of what may wait for the end of a batch, text and overhead, at
   *     least 1
   * @param forwarder who takes them
   * @return stops it when closed
   * @throws IllegalArgumentException if {@code maxQueuedBytes} is below 1
   * @throws IllegalStateException if somebody else takes them already
   */
  public UdpForwarding forward(int maxQueuedBytes, DatagramForwarder forwarder) {
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException(
          "maxQueuedBytes is " + maxQueuedBytes + "; use at least 1");
    }
    if (isForwarding()) {
      throw new IllegalStateException("this stack has a UDP forwarder; close that one first");
    }
    forwarding = new UdpForwarding(this, ip, counters, clock, maxQueuedBytes, forwarder);
    ip.takeForeign(PROTOCOL);
    return forwarding;
  }

  private boolean isForwarding() {
    return forwarding != null && forwarding.isOpen();
  }

  void requireUsable(int remote, int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not in 1 to 65535");
    }
    if (!ip.isUsableRemote(remote) && !ip.isLocal(remote)) {
      throw new IllegalArgumentException(
          "cannot send to " + new IpAddress(remote) + ": it is not the address of a host");
    }
  }

  void connect(UdpEndpoint endpoint, int remote, int port) {
    requireUsable(remote, port);
    int local = endpoint.bound == 0 ? ip.sourceFor(remote) : endpoint.bound;
    UdpEndpoint other = table.findConnected(local, endpoint.localPort, remote, port);
    if (other != null && other != endpoint) {
      throw new IllegalArgumentException(
          "another endpoint on port " + endpoint.localPort + " is connected to that peer");
    }
    disconnect(endpoint);
    endpoint.local = local;
    endpoint.remote = remote;
    endpoint.remotePort = port;
    table.addConnected(endpoint);
  }

  void disconnect(UdpEndpoint endpoint) {
    if (endpoint.isConnected()) {
      table.removeConnected(endpoint);
      endpoint.local = endpoint.bound;
      endpoint.remote = 0;
      endpoint.remotePort = 0;
    }
  }

  void remove(UdpEndpoint endpoint) {
    disconnect(endpoint);
    table.removeBound(endpoint);
  }

  int uncutLength(int remote) {
    return Math.min(ip.pathMtu(remote, clock.getAsLong()) - HEADERS, MAX_TEXT);
  }

  boolean send(UdpEndpoint endpoint, ByteBuffer text, int remote, int port) {
    int length = text.remaining();
    int most = endpoint.dontFragment ? uncutLength(remote) : MAX_TEXT;
    if (length > most) {
      throw new IllegalArgumentException(
          "a datagram of " + length + " bytes is too long; at most " + most + " fit");
    }
    int local = endpoint.local == 0 ? ip.sourceFor(remote) : endpoint.local;
    return send(
        new FourTuple(new IpAddress(local), endpoint.localPort, new IpAddress(remote), port),
        text,
        endpoint.typeOfService,
        endpoint.timeToLive,
        endpoint.dontFragment);
  }

  /** Sends from an address and port that need not be an endpoint's. */
  boolean send(
      FourTuple tuple, ByteBuffer text, int typeOfService, int timeToLive, boolean dontFragment) {
    int length = text.remaining();
    if (length > MAX_TEXT) {
      throw new IllegalArgumentException(
          "a datagram of " + length + " bytes is too long; at most " + MAX_TEXT + " fit");
    }
    if (scratch.capacity() == 0) {
      scratch = Unpooled.directBuffer(MAX_TEXT, MAX_TEXT);
    }
    scratch.clear().writeBytes(text);
    int local = tuple.local().bits();
    int remote = tuple.remote().bits();
    OutboundPacket packet = ip.newPacket();
    ByteBuf header = packet.header();
    int at = header.writerIndex();
    int total = UdpView.HEADER_LENGTH + length;
    UdpView.write(header, at, tuple.localPort(), tuple.remotePort(), total);
    header.writerIndex(at + UdpView.HEADER_LENGTH);
    packet.addRange(scratch, 0, length);
    long sum = Checksum.pseudoHeader(local, remote, PROTOCOL, total);
    UdpView.setChecksum(header, at, Checksum.finish(sum + OutboundChecksum.sum(packet)));
    counters.increment(Counter.UDP_OUT_DATAGRAMS);
    counters.sent(SendReason.UDP);
    return ip.send(packet, local, remote, PROTOCOL, typeOfService, timeToLive, dontFragment);
  }

  // ---- datagrams ---------------------------------------------------------------------------

  @Override
  public void receive(Ipv4Datagram datagram, long now) {
    if (isFirstEngines(datagram)) {
      ip.handOver(FIRST_ENGINE, datagram);
      return;
    }
    DropReason malformed = check(datagram);
    if (malformed != null) {
      counters.drop(malformed);
      return;
    }
    ByteBuf buffer = datagram.buffer();
    int at = datagram.payloadOffset();
    int sourcePort = UdpView.sourcePort(buffer, at);
    boolean ours = ip.isLocal(datagram.destination());
    UdpEndpoint endpoint =
        ours
            ? table.find(
                datagram.destination(),
                UdpView.destinationPort(buffer, at),
                datagram.source(),
                sourcePort)
            : null;
    if (endpoint == null && (!ours || isForwarding())) {
      forward(datagram);
      return;
    }
    if (endpoint == null) {
      counters.drop(DropReason.UDP_NO_PORT);
      ip.sendUnreachable(datagram, IcmpView.PORT_UNREACHABLE, now);
      return;
    }
    int length = UdpView.length(buffer, at) - UdpView.HEADER_LENGTH;
    int cost = UdpDatagram.OVERHEAD_BYTES + length;
    if (queuedBytes + cost > MAX_QUEUED_BYTES) {
      counters.drop(DropReason.UDP_MEMORY);
      return;
    }
    if (!endpoint.hasRoomFor(cost)) {
      counters.drop(DropReason.UDP_RECEIVE_BUFFER);
      return;
    }
    byte[] text = new byte[length];
    buffer.getBytes(at + UdpView.HEADER_LENGTH, text);
    endpoint.add(
        new UdpDatagram(
            text,
            datagram.source(),
            sourcePort,
            datagram.destination(),
            datagram.typeOfService(),
            datagram.timeToLive()));
    queued(cost);
    counters.increment(Counter.UDP_IN_DATAGRAMS);
    becomeReady(endpoint);
  }

  /** UDP belongs to the first of several engines, because its sockets know no flows. */
  private boolean isFirstEngines(Ipv4Datagram datagram) {
    return ip.siblings().index() != FIRST_ENGINE && !datagram.isHandedOver();
  }

  private void forward(Ipv4Datagram datagram) {
    DropReason drop = isForwarding() ? forwarding.add(datagram) : DropReason.IP_NOT_FOR_US;
    if (drop != null) {
      counters.drop(drop);
    }
  }

  /** Answers why a datagram is malformed; null if it is not. */
  private static DropReason check(Ipv4Datagram datagram) {
    int available = datagram.payloadLength();
    if (available < UdpView.HEADER_LENGTH) {
      return DropReason.UDP_LENGTH;
    }
    int length = UdpView.length(datagram.buffer(), datagram.payloadOffset());
    if (length < UdpView.HEADER_LENGTH || length > available) {
      return DropReason.UDP_LENGTH;
    }
    boolean intact = !datagram.needsChecksumVerified() || isIntact(datagram, length);
    return intact ? null : DropReason.UDP_CHECKSUM;
  }

  /** RFC 1122 §4.1.3.4: a checksum that is there must be right; zero means that there is none. */
  private static boolean isIntact(Ipv4Datagram datagram, int length) {
    ByteBuf buffer = datagram.buffer();
    int at = datagram.payloadOffset();
    if (UdpView.checksum(buffer, at) == UdpView.NO_CHECKSUM) {
      return true;
    }
    long pseudoHeader =
        Checksum.pseudoHeader(datagram.source(), datagram.destination(), PROTOCOL, length);
    return Checksum.isValid(pseudoHeader + Checksum.sum(buffer, at, length));
  }

  /**
   * RFC 1122 §4.1.3.3: the application is told. A connected endpoint also believes what a router
   * says about the path, because an outsider would have to guess its port; nobody else does.
   */
  @Override
  public void icmpError(IcmpError error, long now) {
    if (isFirstEngines(error.datagram())) {
      ip.handOver(FIRST_ENGINE, error.datagram());
      return;
    }
    ByteBuf quote = error.buffer();
    int at = error.quoteOffset();
    int remotePort = UdpView.destinationPort(quote, at);
    UdpEndpoint endpoint =
        table.find(
            error.quotedSource(),
            UdpView.sourcePort(quote, at),
            error.quotedDestination(),
            remotePort);
    if (endpoint == null) {
      counters.drop(DropReason.ICMP_IGNORED);
      return;
    }
    if (error.isTooBig() && endpoint.isConnected()) {
      ip.reducePathMtu(error, now);
    }
    InetSocketAddress destination =
        new InetSocketAddress(new IpAddress(error.quotedDestination()).toInetAddress(), remotePort);
    if (endpoint.add(new UdpError(error.type(), error.code(), destination))) {
      becomeReady(endpoint);
    } else {
      counters.drop(DropReason.ICMP_IGNORED);
    }
  }

  /** Memory has been taken by what waits, or given back if negative. */
  void queued(long bytes) {
    queuedBytes += bytes;
  }

  // ---- the end of a batch ------------------------------------------------------------------

  private void becomeReady(UdpEndpoint endpoint) {
    if (!endpoint.onReadyList) {
      endpoint.onReadyList = true;
      ready.add(endpoint);
    }
  }

  /** Calls the handlers of every endpoint that has news. */
  public void runCallbacks() {
    if (forwarding != null) {
      forwarding.runCallbacks();
    }
    for (int i = 0; i < MAX_CALLBACK_ROUNDS && !ready.isEmpty(); i++) {
      UdpEndpoint endpoint = ready.remove();
      endpoint.onReadyList = false;
      callBack(endpoint);
    }
  }

  /**
   * Tells whether a handler waits to be called.
   *
   * @return true if so
   */
  public boolean hasReady() {
    return !ready.isEmpty() || (forwarding != null && forwarding.hasWaiting());
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private void callBack(UdpEndpoint endpoint) {
    try {
      endpoint.runCallbacks();
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      // The application's mistake costs it this endpoint, and nobody else anything.
      counters.increment(Counter.UDP_CLOSE_ON_CALLBACK);
      LOG.error("a handler of UDP port {} threw; it is closed", endpoint.localPort, e);
      endpoint.close();
    }
  }

  /**
   * Returns how many endpoints there are.
   *
   * @return endpoints, connected or not
   */
  public int endpointCount() {
    return table.size();
  }

  /**
   * Returns the memory of what waits to be received.
   *
   * @return bytes, at all endpoints together, with some overhead for each datagram
   */
  public long queuedBytes() {
    return queuedBytes;
  }

  /** Closes every endpoint and gives the memory for sending back. */
  public void close() {
    if (forwarding != null) {
      forwarding.end();
    }
    table.all().forEach(UdpEndpoint::close);
    ready.clear();
    scratch.release();
    scratch = Unpooled.EMPTY_BUFFER;
  }
}
