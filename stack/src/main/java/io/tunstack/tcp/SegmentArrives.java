package io.tunstack.tcp;

import static io.tunstack.wire.TcpView.ACK;
import static io.tunstack.wire.TcpView.FIN;
import static io.tunstack.wire.TcpView.RST;
import static io.tunstack.wire.TcpView.SYN;
import static io.tunstack.wire.TcpView.URG;

import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.Seq;

/**
 * SEGMENT ARRIVES in SYN-RECEIVED and later (RFC 9293 §3.10.7.4), one step after another. Each step
 * answers null to go on, or why the segment ends there.
 */
final class SegmentArrives {
  /** RFC 7323 §5.5: after 24 days without a segment the timestamp says nothing. */
  private static final long TS_RECENT_VALID_NANOS = 24L * 24 * 3600 * 1_000_000_000L;

  private final Tcp tcp;

  SegmentArrives(Tcp tcp) {
    this.tcp = tcp;
  }

  /** Processes a segment; answers null, or why it was dropped. */
  DropReason process(TcpConnection c, Segment segment, long now) {
    // First, the sequence number, and before it the timestamp that guards it.
    DropReason drop = checkTimestamp(c, segment, now);
    if (drop == null) {
      drop = checkSequence(c, segment, now);
    }
    if (drop != null) {
      return drop;
    }
    if (c.keepAlive != null) {
      c.keepAlive.heard(now);
    }
    // Second, the RST bit.
    if (segment.has(RST)) {
      return reset(c, segment, now);
    }
    // Third, security, is no more. Fourth, the SYN bit.
    if (segment.has(SYN)) {
      return synInWindow(c, now);
    }
    // Fifth, the ACK field.
    if (!segment.has(ACK)) {
      return DropReason.TCP_FLAGS;
    }
    drop = checkAcknowledgment(c, segment, now);
    if (drop != null) {
      return drop;
    }
    // Sixth, the URG bit.
    if (segment.has(URG)) {
      noteUrgent(c, segment);
    }
    // Seventh, the segment text.
    if (segment.textLength > 0) {
      drop = processText(c, segment, now);
      if (drop != null) {
        return drop;
      }
    }
    // Eighth, the FIN bit, or one that came before its turn.
    processFin(c, segment, now);
    return null;
  }

  /**
   * RFC 7323 §5.3 R1: protection against wrapped sequence numbers. A SYN is let through to be
   * challenged: it may be that of a peer which has lost its state, and with it its timestamps, and
   * only the challenge tells it so (RFC 5961 §4.2). A RST is judged by its number alone (§5.2).
   */
  private DropReason checkTimestamp(TcpConnection c, Segment segment, long now) {
    if (!c.timestamps || segment.has(RST) || segment.has(SYN)) {
      return null;
    }
    if (!segment.options.hasTimestamps()) {
      return DropReason.TCP_TIMESTAMP_MISSING;
    }
    if (isOld(c, segment, now)) {
      // Most often the original of what was sent again too early and has overtaken it: without word
      // of the duplicate the peer would not learn that its path reorders (RFC 2883, RFC 8985 §6.2).
      noteDuplicate(c, segment);
      refuse(c, segment, now);
      return DropReason.TCP_PAWS;
    }
    return null;
  }

  private static boolean isOld(TcpConnection c, Segment segment, long now) {
    return Seq.olderTimestamp(segment.options.tsVal(), c.tsRecent)
        && now - c.tsRecentAt < TS_RECENT_VALID_NANOS;
  }

  /** Does any of it lie in the window? */
  private DropReason checkSequence(TcpConnection c, Segment segment, long now) {
    if (c.state == TcpState.SYN_RECEIVED
        && segment.has(SYN)
        && !segment.has(RST)
        && segment.seq == c.rcv.irs) {
      if (!segment.has(ACK)) {
        return synAgain(c, segment, now);
      }
      if (c.listener == null) {
        // Both opened at once, and this is the peer's answer to our SYN (figure 7): only its
        // acknowledgment is new.
        segment.flags &= ~SYN;
        segment.seq++;
      }
    }
    if (isAcceptable(c, segment)) {
      return null;
    }
    if (!segment.has(RST)) {
      if (segment.has(SYN)) {
        return challengeSyn(c, now);
      }
      noteDuplicate(c, segment);
      refuse(c, segment, now);
    }
    return DropReason.TCP_SEQUENCE;
  }

  /**
   * Table 6 of §3.10.7.4, with allowances that Linux makes too: a segment without length may lie on
   * the window's right edge, because a peer that has filled the window acknowledges from there, and
   * may start as early as what we last acknowledged. With a zero window a segment that starts at
   * RCV.NXT is let through for its ACK, URG or RST (MUST-66); its text is trimmed away.
   */
  private static boolean isAcceptable(TcpConnection c, Segment segment) {
    int nxt = c.rcv.rcvNxt();
    int window = c.rcv.window();
    if (segment.has(RST)) {
      return Seq.inWindow(segment.seq, nxt, Math.max(window, 1));
    }
    int len = segment.len();
    if (len == 0) {
      return Seq.ge(segment.seq, c.rcv.lastAckSent) && Seq.le(segment.seq, nxt + window);
    }
    if (isLastAgain(c, segment)) {
      return true;
    }
    if (window == 0) {
      return segment.seq == nxt;
    }
    // Begins in the window, or began before it and reaches into it. Both measure a distance from
    // where something starts: two comparisons of edges would take the other half of the numbers in.
    return Seq.inWindow(segment.seq, nxt, window) || Seq.inWindow(nxt, segment.seq, len);
  }

  /**
   * What the peer sent last, sent again: table 6 refuses it, and Linux does not. Its text is old,
   * but it may bring the only word of what the peer has received meanwhile, which would otherwise
   * have to wait for a time-out of ours.
   */
  private static boolean isLastAgain(TcpConnection c, Segment segment) {
    return segment.has(ACK)
        && !segment.has(SYN)
        && !segment.has(FIN)
        && segment.textLength > 0
        && segment.seq + segment.textLength == c.rcv.rcvNxt()
        && takesText(c.state);
  }

  /** The peer's SYN once more: it has not seen our answer, which goes out again. */
  private DropReason synAgain(TcpConnection c, Segment segment, long now) {
    if (c.mayChallenge(now)) {
      // The answer echoes this SYN's timestamp: its number is below Last.ACK.sent (RFC 7323 §4.3).
      noteTimestamp(c, segment, now);
      c.sendSynAgain(now);
    } else {
      tcp.countDrop(DropReason.CHALLENGE_RATE_LIMIT);
    }
    return DropReason.TCP_DUPLICATE;
  }

  /** A RST in the window: only the exact number resets (RFC 5961 §3.2). */
  private DropReason reset(TcpConnection c, Segment segment, long now) {
    if (segment.seq != c.rcv.rcvNxt()) {
      answer(c, SendReason.ACK_CHALLENGE, now);
      return DropReason.TCP_RST_CHALLENGED;
    }
    // A passive open returns to LISTEN, where its listener still is; an active one is refused.
    c.end(c.state == TcpState.SYN_RECEIVED ? CloseReason.REFUSED : CloseReason.RESET);
    return null;
  }

  /**
   * A SYN in the window. A passive open that is not complete returns to LISTEN, as it does for a
   * RST: whoever opened it has begun anew. Once synchronized it is challenged (RFC 5961 §4.2).
   */
  private DropReason synInWindow(TcpConnection c, long now) {
    if (c.state == TcpState.SYN_RECEIVED && c.listener != null) {
      c.end(CloseReason.REFUSED);
      return null;
    }
    return challengeSyn(c, now);
  }

  private DropReason challengeSyn(TcpConnection c, long now) {
    answer(c, SendReason.ACK_CHALLENGE, now);
    return DropReason.TCP_SYN_CHALLENGED;
  }

  private DropReason checkAcknowledgment(TcpConnection c, Segment segment, long now) {
    Sender snd = c.snd;
    if (c.state == TcpState.SYN_RECEIVED) {
      if (Seq.le(segment.ack, snd.sndUna) || Seq.gt(segment.ack, snd.sndNxt)) {
        tcp.writer().resetFor(segment, SendReason.RST_BAD_ACK, c.state, now);
        return DropReason.TCP_BAD_ACK_OPENING;
      }
      if (c.listener != null && c.listener.isAcceptQueueFull()) {
        // As if the ACK had been lost: our SYN,ACK goes out again, and by then there may be room.
        tcp.count(Counter.TCP_LISTEN_DROPS);
        return DropReason.TCP_ACCEPT_QUEUE_FULL;
      }
      noteTimestamp(c, segment, now);
      snd.acks().take(segment, now);
      snd.established(segment, now);
      c.established();
    } else {
      // RFC 5961 §5.2: neither of what was never sent, nor older than a window ago.
      if (Seq.gt(segment.ack, snd.sndNxt) || Seq.lt(segment.ack, snd.sndUna - snd.maxSndWnd)) {
        answer(c, SendReason.ACK_CHALLENGE, now);
        return DropReason.TCP_ACK_RANGE;
      }
      noteTimestamp(c, segment, now);
      if (Seq.ge(segment.ack, snd.sndUna)) {
        if (snd.acks().take(segment, now)) {
          c.spaceFreed();
        } else if (segment.len() == 0) {
          tcp.count(Counter.TCP_PURE_ACKS);
        }
      }
    }
    afterAcknowledgment(c, now);
    return null;
  }

  /**
   * TS.Recent (RFC 7323 §4.3), once sequence number and acknowledgment have shown that the segment
   * is the peer's: a stranger's would turn PAWS against the peer.
   */
  private static void noteTimestamp(TcpConnection c, Segment segment, long now) {
    if (c.timestamps
        && segment.options.hasTimestamps()
        && Seq.le(segment.seq, c.rcv.lastAckSent)
        && !isOld(c, segment, now)) {
      c.tsRecent = segment.options.tsVal();
      c.tsRecentAt = now;
    }
  }

  /** What follows from our FIN being acknowledged. */
  private static void afterAcknowledgment(TcpConnection c, long now) {
    if (!c.snd.finAcknowledged()) {
      return;
    }
    c.outputAcknowledged();
    switch (c.state) {
      case FIN_WAIT_1 -> {
        c.state = TcpState.FIN_WAIT_2;
        if (c.isReleased()) {
          c.armFinWait2(now);
        }
      }
      case CLOSING -> c.enterTimeWait(now);
      case LAST_ACK -> c.lastAckDone();
      default -> {
        // In the other states our FIN is not out, or its acknowledgment was seen before.
      }
    }
  }

  /** RCV.UP: where urgent data ends; the data itself stays in line (RFC 6093). */
  private static void noteUrgent(TcpConnection c, Segment segment) {
    if (takesText(c.state) && c.rcv.urgent(segment.seq + segment.urgentPointer)) {
      c.becomeReady(TcpConnection.READY_URGENT);
    }
  }

  /** The states in which the peer may still have something to say. */
  private static boolean takesText(TcpState state) {
    return state == TcpState.ESTABLISHED
        || state == TcpState.FIN_WAIT_1
        || state == TcpState.FIN_WAIT_2;
  }

  private DropReason processText(TcpConnection c, Segment segment, long now) {
    if (!takesText(c.state)) {
      // The peer's FIN has come: there is no text behind it.
      return DropReason.TCP_AFTER_FIN;
    }
    if (c.ecn.onText(segment.flags, segment.typeOfService)) {
      c.rcv.ackNow = true;
    }
    noteDuplicate(c, segment);
    if (!trim(c, segment)) {
      if (segment.has(FIN) && segment.seq == c.rcv.rcvNxt()) {
        // Its text is old and its FIN may be new, which is then what is acknowledged.
        return null;
      }
      c.sendAck(SendReason.ACK_DUPLICATE, now);
      return segment.has(FIN) ? null : DropReason.TCP_SEQUENCE;
    }
    if (c.isReleased()) {
      tcp.writer().resetFor(segment, SendReason.RST_AFTER_CLOSE, c.state, now);
      c.end(CloseReason.ABORTED);
      return DropReason.TCP_AFTER_CLOSE;
    }
    return queueText(c, segment, now);
  }

  /** What of the text lies below RCV.NXT came before: the next acknowledgment says so. */
  private void noteDuplicate(TcpConnection c, Segment segment) {
    int nxt = c.rcv.rcvNxt();
    if (segment.textLength == 0 || !Seq.lt(segment.seq, nxt)) {
      return;
    }
    c.rcv.textRepeated();
    if (c.sackPermitted) {
      c.rcv.noteDuplicate(segment.seq, Seq.min(segment.seq + segment.textLength, nxt));
      c.rcv.ackNow = true;
      tcp.count(Counter.TCP_DSACK_OLD_SENT);
    }
  }

  /**
   * Cuts off what was received, what lies past the window and past a FIN; false if none is left.
   */
  private static boolean trim(TcpConnection c, Segment segment) {
    int nxt = c.rcv.rcvNxt();
    if (Seq.lt(segment.seq, nxt)) {
      segment.trimFront(Math.min(segment.textLength, Seq.distance(segment.seq, nxt)));
    }
    int end = segment.seq + segment.textLength;
    int limit = nxt + c.rcv.window();
    if (c.rcv.finKnown()) {
      limit = Seq.min(limit, c.rcv.finSeq());
    }
    if (Seq.gt(end, limit)) {
      segment.textLength = Math.max(0, segment.textLength - Seq.distance(limit, end));
      segment.flags &= ~FIN;
    }
    return segment.textLength > 0;
  }

  private DropReason queueText(TcpConnection c, Segment segment, long now) {
    c.rcv.textArrived(c.snd.rtt.rto(), now);
    int before = c.rcv.rcvNxt();
    boolean hadGaps = c.rcv.hasOutOfOrder();
    boolean beyond = c.isBeyondReceived(segment.seq);
    int end = segment.seq + segment.textLength;
    if (c.sackPermitted && hadGaps && c.rcv.noteDuplicateBeyond(segment.seq, end)) {
      tcp.count(Counter.TCP_DSACK_OFO_SENT);
    }
    boolean kept = c.rcv.text(segment);
    if (!kept && !beyond) {
      tcp.count(Counter.PRUNE_CALLED);
      if (c.rcv.prune()) {
        tcp.count(Counter.OFO_PRUNED);
        kept = c.rcv.text(segment);
      }
    }
    int advanced = Seq.distance(before, c.rcv.rcvNxt());
    if (advanced > 0) {
      tcp.count(Counter.TCP_IN_BYTES, advanced);
      tune(c, segment, now);
      c.becomeReady(TcpConnection.READY_READABLE);
    }
    if (!kept) {
      segment.flags &= ~FIN;
      c.sendAck(SendReason.ACK_DUPLICATE, now);
      return beyond ? DropReason.TCP_OUT_OF_ORDER_MEMORY : DropReason.TCP_RECEIVE_MEMORY;
    }
    if (beyond) {
      tcp.count(Counter.TCP_OFO_QUEUE);
      c.sendAck(SendReason.ACK_OUT_OF_ORDER, now);
    } else if (hadGaps && !segment.has(FIN) && !c.rcv.finNext()) {
      // What fills a gap is acknowledged at once (RFC 5681 §4.2), a FIN behind it along with it.
      c.sendAck(SendReason.ACK_OUT_OF_ORDER, now);
    }
    return null;
  }

  private static void tune(TcpConnection c, Segment segment, long now) {
    int echo = segment.options.tsEcr();
    boolean echoes = c.hasFineTimestamps() && segment.options.hasTimestamps();
    long elapsed = echoes ? SegmentWriter.sinceTimestamp(c.tsOffset, echo, now) : -1;
    c.rcv.tune(echo, elapsed, now);
  }

  /** FIN: it counts once everything before it has come. */
  private static void processFin(TcpConnection c, Segment segment, long now) {
    if (!c.state.isSynchronized()) {
      return;
    }
    if (segment.has(FIN)) {
      c.rcv.fin(segment.seq + segment.textLength);
    }
    if (!c.rcv.consumeFin()) {
      if (segment.has(FIN) && segment.textLength == 0 && !c.rcv.finReceived()) {
        // Text beyond a gap has been answered already; a bare FIN wants its duplicate ACK too.
        c.sendAck(SendReason.ACK_OUT_OF_ORDER, now);
      }
      return;
    }
    c.becomeReady(TcpConnection.READY_READABLE);
    c.rcv.ackNow = true;
    c.ackReason = SendReason.ACK_FIN;
    switch (c.state) {
      case ESTABLISHED -> c.state = TcpState.CLOSE_WAIT;
      case FIN_WAIT_1 -> c.state = TcpState.CLOSING;
      case FIN_WAIT_2 -> c.enterTimeWait(now);
      default -> {
        // The receiver steps over a FIN once, and these three are the states before that.
      }
    }
  }

  /**
   * Acknowledges a segment that is not accepted. Text may be a retransmission of what was received,
   * whose acknowledgment was lost, so it is answered each time; only segments without text could be
   * one half of a loop of acknowledgments.
   */
  private void refuse(TcpConnection c, Segment segment, long now) {
    if (segment.textLength > 0) {
      c.sendAck(SendReason.ACK_DUPLICATE, now);
    } else {
      answer(c, SendReason.ACK_DUPLICATE, now);
    }
  }

  /** An acknowledgment for what is not accepted, as often as the limit allows. */
  private void answer(TcpConnection c, SendReason reason, long now) {
    if (!c.mayChallenge(now)) {
      tcp.countDrop(DropReason.CHALLENGE_RATE_LIMIT);
      return;
    }
    if (reason == SendReason.ACK_CHALLENGE) {
      tcp.count(Counter.TCP_CHALLENGE_ACK);
    }
    c.sendAck(reason, now);
  }
}
