package io.tunstack.udp;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Ipv4Datagram;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.UdpView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Datagrams to any host, of which an application decides. They wait, bounded, for the end of the
 * batch; the application may keep each of them and answer in its destination's name.
 */
public final class UdpForwarding {
  private static final Logger LOG = LoggerFactory.getLogger(UdpForwarding.class);
  private static final int MAX_ICMP_CODE = 15;

  private final Udp udp;
  private final Ipv4 ip;
  private final Counters counters;
  private final LongSupplier clock;
  private final DatagramForwarder forwarder;
  private final int maxQueuedBytes;
  private final ArrayDeque<ForwardedDatagram> waiting = new ArrayDeque<>();
  private long queuedBytes;
  private boolean open = true;

  /** The stack is closed. */
  private boolean ended;

  UdpForwarding(
      Udp udp,
      Ipv4 ip,
      Counters counters,
      LongSupplier clock,
      int maxQueuedBytes,
      DatagramForwarder forwarder) {
    this.udp = udp;
    this.ip = ip;
    this.counters = counters;
    this.clock = clock;
    this.maxQueuedBytes = maxQueuedBytes;
    this.forwarder = forwarder;
  }

  boolean isOpen() {
    return open;
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** Takes a datagram that has been checked; answers why it is dropped, or null if it is kept. */
  DropReason add(Ipv4Datagram datagram) {
    int headers = datagram.payloadOffset() - datagram.headerOffset() + UdpView.HEADER_LENGTH;
    int at = datagram.payloadOffset();
    int length = UdpView.length(datagram.buffer(), at) - UdpView.HEADER_LENGTH;
    FourTuple tuple =
        new FourTuple(
            new IpAddress(datagram.destination()),
            UdpView.destinationPort(datagram.buffer(), at),
            new IpAddress(datagram.source()),
            UdpView.sourcePort(datagram.buffer(), at));
    byte[] packet =
        ByteBufUtil.getBytes(datagram.buffer(), datagram.headerOffset(), headers + length, true);
    ForwardedDatagram kept = new ForwardedDatagram(this, tuple, packet, headers, length);
    if (queuedBytes + kept.cost() > maxQueuedBytes) {
      return DropReason.UDP_RECEIVE_BUFFER;
    }
    queuedBytes += kept.cost();
    waiting.add(kept);
    counters.increment(Counter.UDP_FORWARD_DATAGRAMS);
    return null;
  }

  /** Hands over what waits now. */
  void runCallbacks() {
    int rounds = waiting.size();
    for (int i = 0; i < rounds && !waiting.isEmpty(); i++) {
      ForwardedDatagram datagram = waiting.remove();
      queuedBytes -= datagram.cost();
      callBack(datagram);
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private void callBack(ForwardedDatagram datagram) {
    try {
      forwarder.onDatagram(datagram);
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      counters.increment(Counter.UDP_FORWARD_FAILURES);
      LOG.error("the forwarder threw at {}; the datagram is lost", datagram, e);
    }
  }

  boolean answer(ForwardedDatagram to, ByteBuffer text) {
    if (ended) {
      throw new IllegalStateException("the stack is closed; nothing can be answered any more");
    }
    return udp.send(to.tuple(), text, 0, ip.defaultTimeToLive(), false);
  }

  void unreachable(ForwardedDatagram datagram, int code) {
    if (code < 0 || code > MAX_ICMP_CODE) {
      throw new IllegalArgumentException("ICMP code " + code + " is not in 0 to 15");
    }
    if (ended) {
      return;
    }
    ip.sendUnreachable(Unpooled.wrappedBuffer(datagram.packet()), code, clock.getAsLong());
  }

  /** The stack closes. */
  void end() {
    ended = true;
    close();
  }

  /** Stops: datagrams that wait are dropped. Those that were handed over can be answered still. */
  public void close() {
    open = false;
    waiting.clear();
    queuedBytes = 0;
  }
}
