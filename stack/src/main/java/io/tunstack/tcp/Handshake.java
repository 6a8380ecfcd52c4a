package io.tunstack.tcp;

import static io.tunstack.wire.TcpView.ACK;
import static io.tunstack.wire.TcpView.FIN;
import static io.tunstack.wire.TcpView.RST;
import static io.tunstack.wire.TcpView.SYN;

import io.tunstack.ip.Ipv4;
import io.tunstack.link.OutboundPacket;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;
import io.tunstack.wire.TcpView;

/**
 * How connections begin: a SYN in LISTEN (RFC 9293 §3.10.7.2), whatever comes in SYN-SENT
 * (§3.10.7.3), and the active OPEN (§3.10.1).
 */
final class Handshake {
  private final Tcp tcp;
  private final Ipv4 ipv4;
  private final IsnGenerator isns;

  Handshake(Tcp tcp, Ipv4 ipv4, IsnGenerator isns) {
    this.tcp = tcp;
    this.ipv4 = ipv4;
    this.isns = isns;
  }

  /** OPEN, active: sends a SYN. */
  void open(TcpConnection c, long now) {
    prepare(c, now, isn(c, now));
    c.state = TcpState.SYN_SENT;
    tcp.count(Counter.TCP_ACTIVE_OPENS);
    tcp.writer().sendSyn(c, SYN, SendReason.SYN, now);
    c.snd.synSent(now);
    c.timers.retransmitAt(now + c.snd.rtt.rto());
  }

  /**
   * SEGMENT ARRIVES in LISTEN: first RST, second ACK, third SYN, fourth anything else.
   *
   * @param above the initial sequence number must lie above this one; null for any
   */
  DropReason listen(Listener listener, Segment segment, Integer above, long now) {
    if (segment.has(RST)) {
      return DropReason.TCP_RST_IGNORED;
    }
    if (segment.has(ACK)) {
      tcp.writer().resetFor(segment, SendReason.RST_NO_SOCKET, TcpState.LISTEN, now);
      return DropReason.TCP_NO_SOCKET;
    }
    if (!segment.has(SYN) || segment.has(FIN)) {
      // A FIN has nothing to end here, and a SYN with one is not a request anybody makes.
      return DropReason.TCP_FLAGS;
    }
    if (listener.halfOpen >= tcp.config().maxHalfOpen()) {
      return DropReason.TCP_SYN_QUEUE_FULL;
    }
    if (tcp.isFull()) {
      return DropReason.TCP_TOO_MANY_CONNECTIONS;
    }
    accept(listener, segment, above, now);
    return null;
  }

  private void accept(Listener listener, Segment segment, Integer above, long now) {
    TcpConnection c =
        new TcpConnection(
            tcp, listener, segment.local, segment.localPort, segment.remote, segment.remotePort);
    int iss = isn(c, now);
    if (above != null && !Seq.gt(iss, above)) {
      iss = above + 1;
    }
    prepare(c, now, iss);
    takeSyn(c, segment, now);
    c.state = TcpState.SYN_RECEIVED;
    listener.halfOpen++;
    tcp.add(c);
    tcp.count(Counter.TCP_PASSIVE_OPENS);
    // Text in the SYN is not kept: it is not acknowledged, so the peer sends it again.
    tcp.writer().sendSyn(c, SYN | ACK, SendReason.SYN_ACK, now);
    c.snd.synSent(now);
    c.timers.retransmitAt(now + c.snd.rtt.rto());
  }

  private int isn(TcpConnection c, long now) {
    return isns.isn(c.local, c.localPort, c.remote, c.remotePort, now);
  }

  private void prepare(TcpConnection c, long now, int iss) {
    c.snd.start(iss);
    c.tsOffset = isns.timestampOffset(c.local, c.localPort, c.remote, c.remotePort);
    c.tsRecentAt = now;
  }

  /** Notes what the peer's SYN says: its sequence number, window and options. */
  private void takeSyn(TcpConnection c, Segment segment, long now) {
    TcpConfig config = tcp.config();
    TcpOptions options = segment.options;
    c.rcv.start(segment.seq);
    c.timestamps = config.timestamps() && options.hasTimestamps();
    if (c.timestamps) {
      c.tsRecent = options.tsVal();
      c.tsRecentAt = now;
    }
    c.sackPermitted = config.sack() && options.sackPermitted();
    c.windowScaling = config.windowScaling() && options.hasWindowShift();
    if (c.windowScaling) {
      c.snd.shift = options.windowShift();
      c.rcv.shift = c.rcv.shiftToOffer();
    }
    int peerMss = options.hasMss() ? Math.max(Sender.MIN_MSS, options.mss()) : Sender.DEFAULT_MSS;
    int linkMss = ipv4.mtu() - OutboundPacket.IP_HEADER_ROOM - TcpView.MIN_HEADER;
    int perSegment = c.timestamps ? SegmentWriter.TIMESTAMP_OPTION_BYTES : 0;
    c.snd.smss = Math.min(peerMss, linkMss) - perSegment;
    c.snd.windowFromSyn(segment);
  }

  /** SEGMENT ARRIVES in SYN-SENT; answers null, or why the segment was dropped. */
  DropReason synSent(TcpConnection c, Segment segment, long now) {
    // First, the ACK.
    boolean ack = segment.has(ACK);
    if (ack && (Seq.le(segment.ack, c.snd.iss) || Seq.gt(segment.ack, c.snd.sndNxt))) {
      if (!segment.has(RST)) {
        tcp.writer().resetFor(segment, SendReason.RST_BAD_ACK, c.state, now);
      }
      return DropReason.TCP_BAD_ACK_OPENING;
    }
    // Second, the RST: without an acceptable ACK anybody could have sent it.
    if (segment.has(RST)) {
      if (!ack) {
        return DropReason.TCP_RST_IGNORED;
      }
      c.end(CloseReason.REFUSED);
      return null;
    }
    // Third, security, is no more. Fourth, the SYN. Fifth: neither SYN nor RST is nothing.
    if (!segment.has(SYN)) {
      return DropReason.TCP_FLAGS;
    }
    takeSyn(c, segment, now);
    segment.seq++;
    segment.flags &= ~SYN;
    if (ack) {
      c.snd.acknowledge(segment, now);
      c.snd.established(segment);
      c.snd.windowFromSyn(segment);
      c.established();
      c.rcv.ackNow = true;
      c.ackReason = SendReason.ACK_HANDSHAKE;
      return null;
    }
    // Both sides opened at once: our SYN goes again, now with an acknowledgment (figure 8).
    c.state = TcpState.SYN_RECEIVED;
    tcp.writer().sendSyn(c, SYN | ACK, SendReason.SYN_ACK, now);
    return null;
  }
}
