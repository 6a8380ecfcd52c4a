package io.tunstack.tcp;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.Ipv4;
import io.tunstack.link.OutboundPacket;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;

/** Puts segments together: header, options, checksum; the text stays where it is. */
final class SegmentWriter {
  /** Timestamps with their padding. */
  static final int TIMESTAMP_OPTION_BYTES = 12;

  private static final int MAX_BLOCKS_WITH_TIMESTAMPS = 3;
  static final long NANOS_PER_TICK = 1_000_000;

  /** Text in one packet at most, whatever the headers: for links that cut it. */
  static final int MAX_PACKET_TEXT =
      Ipv4View.MAX_TOTAL_LENGTH - OutboundPacket.IP_HEADER_ROOM - TcpView.MAX_HEADER;

  private final Ipv4 ipv4;
  private final Counters counters;
  private final TcpOptions options = new TcpOptions();
  private SegmentObserver observer;

  SegmentWriter(Ipv4 ipv4, Counters counters) {
    this.ipv4 = ipv4;
    this.counters = counters;
  }

  void observe(SegmentObserver newObserver) {
    observer = newObserver;
  }

  /** Whether packets to an address may be of several segments, for the link to cut. */
  boolean offloadsTo(int remote) {
    return ipv4.offloadsTo(remote);
  }

  /** RFC 7323 §5.4: a tick of a millisecond, from an origin of each connection's own. */
  static int timestamp(int offset, long now) {
    return offset + (int) (now / NANOS_PER_TICK);
  }

  /** How long ago a timestamp of ours was sent, nanoseconds; negative if it never was. */
  static long sinceTimestamp(int offset, int echo, long now) {
    return (timestamp(offset, now) - echo) * NANOS_PER_TICK;
  }

  /** The largest segment that the link takes and the application wants (RFC 9293 §3.7.1). */
  int ownMss(ConnectionOptions wanted) {
    int linkMss = ipv4.mtu() - OutboundPacket.IP_HEADER_ROOM - TcpView.MIN_HEADER;
    return Math.min(linkMss, wanted.maxSegmentBytes());
  }

  /** Sends SYN or SYN,ACK with the options that {@code c} offers or has agreed to. */
  void sendSyn(TcpConnection c, int flags, SendReason reason, long now) {
    TcpConfig config = c.tcp.config();
    boolean answer = (flags & TcpView.ACK) != 0;
    options.clear().mss(ownMss(c.options()));
    if (answer ? c.sackPermitted : config.sack()) {
      options.sackPermitted(true);
    }
    if (answer ? c.timestamps : config.timestamps()) {
      options.timestamps(c.timestamp(now), answer ? c.tsRecent : 0);
    }
    if (answer ? c.windowScaling : config.windowScaling()) {
      options.windowShift(c.rcv.shiftToOffer());
    }
    OutboundPacket packet = ipv4.newPacket();
    int ack = answer ? c.rcv.rcvNxt() : 0;
    int allFlags = flags;
    allFlags |= answer ? c.ecn.flagsOfSynAck() : c.ecn.flagsOfSyn(reason.isRetransmission());
    TcpView.emit(
        packet.header(), c.localPort, c.remotePort, c.snd.iss, ack, allFlags, c.rcv.windowForSyn());
    if (answer) {
      c.rcv.ackSent();
    }
    finish(packet, c.local, c.remote);
    emit(packet, c, c.snd.iss, ack, flags, 0, reason, now);
  }

  /** Sends a SYN,ACK on behalf of nobody yet. */
  void sendCookie(Segment syn, int seq, int window, TcpOptions agreed, long now) {
    int flags = TcpView.SYN | TcpView.ACK;
    int ack = syn.seq + 1;
    OutboundPacket packet = ipv4.newPacket();
    TcpView.emit(packet.header(), syn.localPort, syn.remotePort, seq, ack, flags, window);
    finish(packet, agreed, syn.local, syn.remote, 0);
    counters.increment(Counter.TCP_OUT_SEGS);
    counters.sent(SendReason.SYN_COOKIE);
    if (observer != null) {
      tell(tupleOf(syn), seq, ack, flags, 0, SendReason.SYN_COOKIE, TcpState.LISTEN, now);
    }
    ipv4.send(packet, syn.local, syn.remote, TcpView.PROTOCOL, 0, true);
  }

  private static FourTuple tupleOf(Segment segment) {
    return new FourTuple(
        new IpAddress(segment.local),
        segment.localPort,
        new IpAddress(segment.remote),
        segment.remotePort);
  }

  /**
   * Sends a segment of an established connection; its text is {@code length} bytes of the queue.
   */
  void send(TcpConnection c, int seq, int flags, int length, SendReason reason, long now) {
    OutboundPacket packet = ipv4.newPacket();
    int ack = c.rcv.rcvNxt();
    boolean zeroBefore = c.rcv.zeroAdvertised();
    int window = c.rcv.windowField(c.snd.smss);
    if (zeroBefore != (window == 0)) {
      counters.increment(
          zeroBefore ? Counter.TCP_FROM_ZERO_WINDOW_ADV : Counter.TCP_TO_ZERO_WINDOW_ADV);
    }
    int allFlags = flags | c.ecn.flags(isNewText(reason, length));
    TcpView.emit(packet.header(), c.localPort, c.remotePort, seq, ack, allFlags, window);
    options.clear();
    if (c.timestamps) {
      options.timestamps(c.timestamp(now), c.tsRecent);
    }
    if (c.sackPermitted && c.rcv.hasSackBlocks() && length == 0) {
      c.rcv.addSackBlocks(
          options, c.timestamps ? MAX_BLOCKS_WITH_TIMESTAMPS : TcpOptions.MAX_SACK_BLOCKS);
    }
    if (length > 0) {
      c.snd.queue.addRanges(packet, seq, length);
    }
    finish(packet, options, c.local, c.remote, c.snd.smss);
    c.ackLeft();
    emit(packet, c, seq, ack, flags, length, reason, now);
  }

  private static boolean isNewText(SendReason reason, int length) {
    return length > 0 && (reason == SendReason.DATA || reason == SendReason.FIN);
  }

  /** Sends a RST on a connection (RFC 9293 §3.10.5). */
  void sendReset(TcpConnection c, int seq, SendReason reason, long now) {
    OutboundPacket packet = ipv4.newPacket();
    int ack = c.rcv.rcvNxt();
    int flags = TcpView.RST | TcpView.ACK;
    TcpView.emit(packet.header(), c.localPort, c.remotePort, seq, ack, flags, 0);
    options.clear();
    if (c.timestamps) {
      // RFC 7323 §3.2: SHOULD.
      options.timestamps(c.timestamp(now), c.tsRecent);
    }
    finish(packet, c.local, c.remote);
    counters.increment(Counter.TCP_OUT_RSTS);
    emit(packet, c, seq, ack, flags, 0, reason, now);
  }

  /** Answers a segment with a RST (RFC 9293 §3.10.7.1). */
  void resetFor(Segment segment, SendReason reason, TcpState state, long now) {
    boolean ack = segment.has(TcpView.ACK);
    int seq = ack ? segment.ack : 0;
    int ackNumber = ack ? 0 : segment.seq + segment.len();
    int flags = ack ? TcpView.RST : TcpView.RST | TcpView.ACK;
    OutboundPacket packet = ipv4.newPacket();
    TcpView.emit(packet.header(), segment.localPort, segment.remotePort, seq, ackNumber, flags, 0);
    options.clear();
    finish(packet, segment.local, segment.remote);
    counters.increment(Counter.TCP_OUT_SEGS);
    counters.increment(Counter.TCP_OUT_RSTS);
    counters.sent(reason);
    if (observer != null) {
      tell(tupleOf(segment), seq, ackNumber, flags, 0, reason, state, now);
    }
    ipv4.send(packet, segment.local, segment.remote, TcpView.PROTOCOL, 0, true);
  }

  /** Acknowledges on behalf of a connection in TIME-WAIT. */
  void acknowledge(TimeWaitEntry entry, SendReason reason, long now) {
    OutboundPacket packet = ipv4.newPacket();
    TcpView.emit(
        packet.header(),
        entry.localPort,
        entry.remotePort,
        entry.sndNxt,
        entry.rcvNxt,
        TcpView.ACK,
        entry.windowField);
    options.clear();
    if (entry.timestamps) {
      options.timestamps(timestamp(entry.tsOffset, now), entry.tsRecent);
    }
    finish(packet, entry.local, entry.remote);
    counters.increment(Counter.TCP_OUT_SEGS);
    counters.sent(reason);
    if (observer != null) {
      tell(
          entry.tuple(),
          entry.sndNxt,
          entry.rcvNxt,
          TcpView.ACK,
          0,
          reason,
          TcpState.TIME_WAIT,
          now);
    }
    ipv4.send(packet, entry.local, entry.remote, TcpView.PROTOCOL, 0, true);
  }

  private void finish(OutboundPacket packet, int local, int remote) {
    finish(packet, options, local, remote, 0);
  }

  /** {@code segmentBytes}: how much text a segment has, if the packet may be more than one. */
  private void finish(
      OutboundPacket packet, TcpOptions list, int local, int remote, int segmentBytes) {
    ByteBuf header = packet.header();
    int at = OutboundPacket.IP_HEADER_ROOM;
    list.emit(header);
    int headerLength = header.writerIndex() - at;
    TcpView.setHeaderLength(header, at, headerLength);
    int length = headerLength + packet.payloadLength();
    long sum = Checksum.pseudoHeader(local, remote, TcpView.PROTOCOL, length);
    if (ipv4.offloadsTo(remote)) {
      packet.leaveToLink(segmentBytes);
      TcpView.setChecksum(header, at, Checksum.fold(sum));
      return;
    }
    sum = Checksum.combine(sum, Checksum.sum(header, at, headerLength), false);
    boolean odd = false;
    for (int i = 0; i < packet.rangeCount(); i++) {
      int range = packet.rangeLength(i);
      long part = Checksum.sum(packet.rangeBuffer(i), packet.rangeOffset(i), range);
      sum = Checksum.combine(sum, part, odd);
      odd ^= (range & 1) != 0;
    }
    TcpView.setChecksum(header, at, Checksum.finish(sum));
  }

  private void emit(
      OutboundPacket packet,
      TcpConnection c,
      int seq,
      int ack,
      int flags,
      int length,
      SendReason reason,
      long now) {
    if (!reason.isRetransmission()) {
      int segment = packet.segmentBytes();
      counters.add(Counter.TCP_OUT_SEGS, segment == 0 ? 1 : (length + segment - 1) / segment);
    }
    counters.sent(reason);
    if (observer != null) {
      tell(c.tuple(), seq, ack, flags, length, reason, c.state, now);
    }
    int typeOfService = c.typeOfService | c.ecn.typeOfService(isNewText(reason, length));
    ipv4.send(packet, c.local, c.remote, TcpView.PROTOCOL, typeOfService, true);
  }

  private void tell(
      FourTuple tuple,
      int seq,
      int ack,
      int flags,
      int length,
      SendReason reason,
      TcpState state,
      long now) {
    observer.onSegment(
        new SegmentEvent(
            SegmentEvent.Direction.SENT,
            now,
            tuple,
            seq,
            ack,
            flags,
            length,
            reason.name(),
            state,
            state));
  }
}
