package io.tunstack.tcp;

import static io.tunstack.wire.TcpView.ACK;
import static io.tunstack.wire.TcpView.FIN;
import static io.tunstack.wire.TcpView.RST;
import static io.tunstack.wire.TcpView.SYN;

import io.tunstack.ip.Ipv4;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;

/**
 * How connections begin: a SYN in LISTEN (RFC 9293 §3.10.7.2), whatever comes in SYN-SENT
 * (§3.10.7.3), and the active OPEN (§3.10.1).
 */
final class Handshake {
  private final Tcp tcp;
  private final Ipv4 ipv4;
  private final IsnGenerator isns;
  private final SynCookies cookies;

  /** What a cookie says was agreed. */
  private final TcpOptions agreed = new TcpOptions();

  Handshake(Tcp tcp, Ipv4 ipv4, IsnGenerator isns, SynCookies cookies) {
    this.tcp = tcp;
    this.ipv4 = ipv4;
    this.isns = isns;
    this.cookies = cookies;
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
      return acknowledgment(listener, segment, now);
    }
    if (!segment.has(SYN) || segment.has(FIN)) {
      // A FIN has nothing to end here, and a SYN with one is not a request anybody makes.
      return DropReason.TCP_FLAGS;
    }
    if (listener.isAcceptQueueFull()) {
      tcp.count(Counter.TCP_LISTEN_DROPS);
      return DropReason.TCP_ACCEPT_QUEUE_FULL;
    }
    if (tcp.isFull()) {
      return DropReason.TCP_TOO_MANY_CONNECTIONS;
    }
    if (listener.halfOpen >= tcp.config().maxHalfOpen()) {
      if (!tcp.config().synCookies()) {
        tcp.count(Counter.TCP_REQ_Q_FULL_DROP);
        return DropReason.TCP_SYN_QUEUE_FULL;
      }
      sendCookie(listener, segment, now);
      return null;
    }
    accept(listener, segment, above, null, now);
    return null;
  }

  /**
   * Answers a SYN.
   *
   * @param above the initial sequence number must lie above this one; null for any
   * @param handler who hears of it; null if the listener's acceptor says that, once it stands
   */
  TcpConnection accept(
      Listener listener, Segment segment, Integer above, ConnectionHandler handler, long now) {
    TcpConnection c = passive(listener, segment);
    c.setHandler(handler);
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
    return c;
  }

  /** Answers a SYN without noting anything of it (RFC 4987 §3.6). */
  private void sendCookie(Listener listener, Segment segment, long now) {
    TcpConfig config = tcp.config();
    TcpOptions theirs = segment.options;
    agreed.clear().mss(tcp.writer().ownMss(listener.options));
    if (config.timestamps() && theirs.hasTimestamps()) {
      boolean sack = config.sack() && theirs.sackPermitted();
      boolean scale = config.windowScaling() && theirs.hasWindowShift();
      int offset =
          isns.timestampOffset(
              segment.local, segment.localPort, segment.remote, segment.remotePort);
      int value =
          SynCookies.timestampWith(
              SegmentWriter.timestamp(offset, now), scale ? theirs.windowShift() : -1, sack);
      agreed.timestamps(value, theirs.tsVal()).sackPermitted(sack);
      if (scale) {
        agreed.windowShift(Receiver.shiftToOffer(config, listener.options));
      }
    }
    int cookie = cookies.cookie(segment, mssOf(theirs), now);
    tcp.count(Counter.TCP_REQ_Q_FULL_DO_COOKIES);
    tcp.count(Counter.SYNCOOKIES_SENT);
    listener.cookieSent(now);
    ipv4.siblings().cookieSent(now);
    tcp.writer().sendCookie(segment, cookie, Receiver.windowForSyn(listener.options), agreed, now);
  }

  /** An ACK in LISTEN may answer a cookie; anything else it can only answer by mistake. */
  private DropReason acknowledgment(Listener listener, Segment segment, long now) {
    int mss = 0;
    if (takesCookies(listener, now) && !segment.has(SYN) && !tcp.isFull()) {
      mss = cookies.mss(segment, now);
      tcp.count(mss == 0 ? Counter.SYNCOOKIES_FAILED : Counter.SYNCOOKIES_RECV);
    }
    if (mss == 0) {
      tcp.writer().resetFor(segment, SendReason.RST_NO_SOCKET, TcpState.LISTEN, now);
      return DropReason.TCP_NO_SOCKET;
    }
    if (listener.isAcceptQueueFull()) {
      tcp.count(Counter.TCP_LISTEN_DROPS);
      return DropReason.TCP_ACCEPT_QUEUE_FULL;
    }
    return tcp.process(fromCookie(listener, segment, mss, now), now);
  }

  /** A connection for who sent a segment to a listener, in CLOSED. */
  private TcpConnection passive(Listener listener, Segment segment) {
    return new TcpConnection(
        tcp,
        listener,
        listener.options,
        segment.local,
        segment.localPort,
        segment.remote,
        segment.remotePort);
  }

  /** Whether a cookie can be out that is still good, this engine's or another's. */
  private boolean takesCookies(Listener listener, long now) {
    long last = ipv4.siblings().lastCookie();
    return listener.takesCookies(now)
        || (last != TimerWheel.NEVER && now - last <= SynCookies.VALID_NANOS);
  }

  /** The connection that a cookie was for, in SYN-RECEIVED. */
  private TcpConnection fromCookie(Listener listener, Segment segment, int mss, long now) {
    TcpOptions theirs = segment.options;
    agreed.clear().mss(mss);
    TcpConnection c = passive(listener, segment);
    prepare(c, now, segment.ack - 1);
    if (tcp.config().timestamps() && theirs.hasTimestamps()) {
      agreed.timestamps(theirs.tsVal(), 0);
      SynCookies.readTimestamp(theirs.tsEcr(), agreed);
    }
    takeOptions(c, agreed, segment.seq - 1, now);
    c.rcv.windowForSyn();
    c.snd.synSentUnnoticed(now);
    c.state = TcpState.SYN_RECEIVED;
    listener.halfOpen++;
    tcp.add(c);
    tcp.count(Counter.TCP_PASSIVE_OPENS);
    return c;
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
    takeOptions(c, segment.options, segment.seq, now);
    if (segment.has(ACK)) {
      c.ecn.onSynAck(segment.flags);
    } else {
      c.ecn.onSyn(segment.flags);
    }
    c.snd.acks().windowFromSyn(segment);
  }

  private void takeOptions(TcpConnection c, TcpOptions options, int irs, long now) {
    TcpConfig config = tcp.config();
    c.rcv.start(irs);
    c.timestamps = config.timestamps() && options.hasTimestamps();
    if (c.timestamps) {
      c.tsRecent = options.tsVal();
      c.tsRecentAt = now;
    }
    c.sackPermitted = config.sack() && options.sackPermitted();
    c.windowScaling = config.windowScaling() && options.hasWindowShift();
    if (c.windowScaling) {
      c.snd.shift = (byte) options.windowShift();
      c.rcv.shift = c.rcv.shiftToOffer();
    }
    int agreedMss = Math.min(mssOf(options), c.options().maxSegmentBytes());
    c.snd.pathMss.agree(agreedMss, c.timestamps ? SegmentWriter.TIMESTAMP_OPTION_BYTES : 0);
    c.snd.smss = c.snd.pathMss.mss(ipv4.pathMtu(c.remote, now), now);
  }

  private static int mssOf(TcpOptions options) {
    return options.hasMss() ? Math.max(Sender.MIN_MSS, options.mss()) : Sender.DEFAULT_MSS;
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
      c.snd.acks().take(segment, now);
      c.snd.established(segment, now);
      c.snd.acks().windowFromSyn(segment);
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
