package io.tunstack.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Ipv4Datagram;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.TcpView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to any host, of which an application decides: what userspace VPN clients are made of.
 *
 * <pre>
 *   SYN that no listener takes --&gt; ForwardRequest, in the table by its tuple
 *                                    |  ready list: Forwarder.onRequest
 *          accept: SYN,ACK   &lt;-------+-------&gt; reject: RST   unreachable: ICMP   ignore, expire: -
 *     connection in SYN-RECEIVED
 * </pre>
 */
public final class Forwarding {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

  /** What an ICMP error may quote (RFC 1812 §4.3.2.3); a SYN is far shorter. */
  private static final int MAX_KEPT = 576;

  private static final int MAX_ICMP_CODE = 15;

  private final Tcp tcp;
  private final Ipv4 ipv4;
  private final Handshake handshake;
  private final Forwarder forwarder;
  private final int maxPending;
  private final Segment segment = new Segment();

  /** Stands for the listener that connections which were accepted here come from. */
  private final Listener origin;

  private final ArrayDeque<ForwardRequest> unasked = new ArrayDeque<>();
  private int pending;
  private boolean open = true;

  Forwarding(Tcp tcp, Ipv4 ipv4, Handshake handshake, int maxPending, Forwarder forwarder) {
    this.tcp = tcp;
    this.ipv4 = ipv4;
    this.handshake = handshake;
    this.maxPending = maxPending;
    this.forwarder = forwarder;
    this.origin =
        new Listener(
            tcp,
            Listener.ANY,
            0,
            maxPending,
            tcp.defaultOptions(),
            connection -> {
              throw new AssertionError("a forwarded connection has its handler from the start");
            });
  }

  boolean isOpen() {
    return open;
  }

  /** A SYN that no listener takes; answers why it is dropped, or null if it is kept. */
  DropReason synArrives(Segment syn, Integer isnAbove, long now) {
    if (pending >= maxPending) {
      return DropReason.TCP_FORWARD_QUEUE_FULL;
    }
    if (tcp.isFull()) {
      return DropReason.TCP_TOO_MANY_CONNECTIONS;
    }
    Ipv4Datagram datagram = syn.datagram;
    int length = datagram.payloadOffset() - datagram.headerOffset() + datagram.payloadLength();
    byte[] packet =
        ByteBufUtil.getBytes(
            datagram.buffer(), datagram.headerOffset(), Math.min(length, MAX_KEPT), true);
    ForwardRequest request = new ForwardRequest(this, syn, packet, isnAbove);
    tcp.wheel().arm(request.timer, now + tcp.config().synAckTimeout().toNanos());
    tcp.add(request);
    pending++;
    tcp.count(Counter.TCP_FORWARD_REQUESTS);
    unasked.add(request);
    return null;
  }

  /** Another segment for a request that is not decided. */
  DropReason segmentArrives(ForwardRequest request, Segment again) {
    if (again.has(TcpView.RST)) {
      tcp.count(Counter.TCP_FORWARD_EXPIRED);
      settle(request);
      return null;
    }
    return DropReason.TCP_FORWARD_PENDING;
  }

  boolean hasUnasked() {
    return !unasked.isEmpty();
  }

  /** Asks the application about what has come. */
  void ask() {
    int rounds = unasked.size();
    for (int i = 0; i < rounds && !unasked.isEmpty(); i++) {
      ForwardRequest request = unasked.remove();
      if (request.pending) {
        ask(request);
      }
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private void ask(ForwardRequest request) {
    try {
      forwarder.onRequest(request);
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      tcp.count(Counter.TCP_ABORT_ON_CALLBACK);
      LOG.error("the forwarder threw at {}; the request is rejected", request.tuple(), e);
      if (request.pending) {
        reject(request);
      }
    }
  }

  // ---- decisions ---------------------------------------------------------------------------

  TcpConnection accept(ForwardRequest request, ConnectionHandler handler) {
    read(request);
    tcp.count(Counter.TCP_FORWARD_ACCEPTS);
    return handshake.accept(origin, segment, request.isnAbove, handler, tcp.now());
  }

  void reject(ForwardRequest request) {
    read(request);
    tcp.count(Counter.TCP_FORWARD_REJECTS);
    tcp.writer().resetFor(segment, SendReason.RST_NO_SOCKET, TcpState.CLOSED, tcp.now());
  }

  void unreachable(ForwardRequest request, int code) {
    if (code < 0 || code > MAX_ICMP_CODE) {
      throw new IllegalArgumentException("ICMP code " + code + " is not in 0 to 15");
    }
    requirePending(request);
    settle(request);
    tcp.count(Counter.TCP_FORWARD_REJECTS);
    ipv4.sendUnreachable(Unpooled.wrappedBuffer(request.packet), code, tcp.now());
  }

  void ignore(ForwardRequest request) {
    requirePending(request);
    settle(request);
  }

  /** The application has not decided in time; the peer has long given up. */
  void expire(ForwardRequest request) {
    tcp.count(Counter.TCP_FORWARD_EXPIRED);
    settle(request);
  }

  private static void requirePending(ForwardRequest request) {
    if (!request.pending) {
      throw new IllegalStateException(
          "the request "
              + request.tuple()
              + " was decided, has expired, or was withdrawn; ask isPending first");
    }
  }

  /** Takes a request out of the table and its SYN into {@link #segment}. */
  private void read(ForwardRequest request) {
    requirePending(request);
    settle(request);
    ByteBuf packet = Unpooled.wrappedBuffer(request.packet);
    segment.read(ipv4.view(packet));
  }

  private void settle(ForwardRequest request) {
    request.pending = false;
    tcp.wheel().cancel(request.timer);
    tcp.remove(request);
    pending--;
  }

  /**
   * Stops asking: requests that are not decided are forgotten, half-open connections are reset, and
   * established ones live on.
   */
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    unasked.clear();
    List<ForwardRequest> undecided = new ArrayList<>();
    tcp.forEachNode(
        node -> {
          if (node instanceof ForwardRequest request && request.pending) {
            undecided.add(request);
          }
        });
    undecided.forEach(this::settle);
    tcp.opens().abortHalfOpen(origin);
  }
}
