package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpView;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection: RFC 9293's transmission control block with the calls of its user interface (§3.9.1,
 * §3.10.1–3.10.6).
 *
 * <p>Its variables live in two halves, {@code snd} and {@code rcv}. Engine thread only.
 */
public final class TcpConnection extends TupleNode {
  /** The two ECN bits come behind the code point. */
  private static final int DSCP_SHIFT = 2;

  static final int READY_CONNECTED = 1;
  static final int READY_READABLE = 2;
  static final int READY_WRITABLE = 4;
  static final int READY_CLOSED = 8;
  static final int READY_URGENT = 16;
  static final int READY_SOFT_ERROR = 32;
  static final int READY_FLUSHED = 64;

  final Tcp tcp;
  final Sender snd;
  final Receiver rcv;

  /** Where a passive open came from; null for an active one (RFC 9293 MUST-11). */
  final Listener listener;

  TcpState state = TcpState.CLOSED;

  boolean windowScaling;
  boolean sackPermitted;
  boolean timestamps;
  int tsOffset;

  /** TS.Recent, and when it was set (RFC 7323 §4.3, §5.5). */
  int tsRecent;

  long tsRecentAt;

  /** Null while a millisecond is right: until the path was seen to reorder. */
  private CoarseTimestamps coarseTimestamps;

  /** Null until one was needed. */
  private ChallengeLimit challenges;

  /** Null when it is off, as it is by default (MUST-25). */
  KeepAliveProbes keepAlive;

  private ConnectionHandler handler;
  private CloseReason closeReason;

  /** The application has called close: it reads no more. */
  private boolean released;

  /** The application has read the end of the peer's stream. */
  private boolean endSeen;

  /** Both FINs are acknowledged; only the application may not have read everything yet. */
  private boolean finished;

  private boolean wantsWritable;

  /** It has been in ESTABLISHED. */
  private boolean stood;

  /** The application has been told that everything is acknowledged, or is going to be. */
  private boolean flushed;

  private ConnectionOptions options;

  /** The type-of-service octet of what is sent: DSCP, with the ECN bits zero. */
  int typeOfService;

  /** What ICMP reported last: what the connection has ended for, should it time out (MUST-47). */
  private CloseReason softError;

  /** What the application is about to be told of. */
  private CloseReason trouble;

  private int ready;

  /** Whether {@link Tcp} has it on its list of those that have something to tell. */
  boolean onReadyList;

  /** Whether {@link Tcp} has it on its list of those that may have something to send. */
  boolean onOwingList;

  /** Why the acknowledgment that is due now is due. */
  SendReason ackReason = SendReason.ACK;

  final Ecn ecn;
  final ConnectionTimers timers;

  TcpConnection(
      Tcp tcp,
      Listener listener,
      ConnectionOptions options,
      int local,
      int localPort,
      int remote,
      int remotePort) {
    super(local, localPort, remote, remotePort);
    this.tcp = tcp;
    this.timers = new ConnectionTimers(this);
    this.listener = listener;
    this.ecn = new Ecn(tcp.config().ecn());
    this.options = options;
    this.snd = new Sender(this, tcp.config(), options);
    this.rcv = new Receiver(tcp.workspace(), tcp.config(), options);
    this.typeOfService = options.dscp() << DSCP_SHIFT;
  }

  // ---- the user's calls --------------------------------------------------------------------

  /**
   * Says who hears of this connection.
   *
   * @param newHandler replaces an earlier one
   */
  public void setHandler(ConnectionHandler newHandler) {
    handler = newHandler;
  }

  /**
   * Returns the state.
   *
   * @return one of the eleven
   */
  public TcpState state() {
    return state;
  }

  /**
   * Tells whether the connection has not ended.
   *
   * @return false from its end on
   */
  public boolean isOpen() {
    return closeReason == null;
  }

  /**
   * RECEIVE (§3.10.3).
   *
   * @param target filled as far as possible
   * @return bytes; 0 if none wait; -1 at the end of the stream or of the connection
   */
  public int read(ByteBuffer target) {
    if (closeReason != null || released) {
      return -1;
    }
    return afterReading(rcv.read(target));
  }

  /**
   * RECEIVE without a copy.
   *
   * @param taker is shown received bytes that lie together, if there are any, and moves the
   *     position over what it takes; the buffer is lent until it returns
   * @return bytes taken; 0 if none wait or it took none; -1 at the end of the stream or of the
   *     connection
   */
  public int take(Consumer<ByteBuffer> taker) {
    if (closeReason != null || released) {
      return -1;
    }
    return afterReading(rcv.take(taker));
  }

  private int afterReading(int n) {
    if (n > 0) {
      owe();
      return n;
    }
    if (rcv.atEnd()) {
      endSeen = true;
      finishIfDone();
      return -1;
    }
    return 0;
  }

  /**
   * Copies received bytes without taking them: a later {@link #read} gives them again.
   *
   * @param target filled as far as possible
   * @return what {@link #read} would answer
   */
  public int peek(ByteBuffer target) {
    if (closeReason != null || released) {
      return -1;
    }
    int n = rcv.peek(target);
    return n == 0 && rcv.atEnd() ? -1 : n;
  }

  /**
   * Tells whether {@link #read} has something to say.
   *
   * @return true if it would give bytes or answer -1
   */
  public boolean isReadable() {
    return closeReason != null || released || rcv.readable() > 0 || rcv.atEnd();
  }

  /**
   * Tells whether the peer's direction has ended.
   *
   * @return true once its FIN is in order, and after the connection's end
   */
  public boolean isInputEnded() {
    return closeReason != null || rcv.finReceived();
  }

  /**
   * Tells whether both directions have been closed.
   *
   * @return true when both FINs are out, and after the connection's end
   */
  public boolean isHungUp() {
    return closeReason != null || (rcv.finReceived() && snd.finQueued);
  }

  /**
   * Tells what went wrong last: how the connection ended, or, while it stands, what ICMP has said
   * about its path (RFC 9293 MUST-47).
   *
   * @return empty if nothing did
   */
  public Optional<CloseReason> lastError() {
    CloseReason last = closeReason == null ? softError : closeReason;
    return Optional.ofNullable(last == CloseReason.FINISHED ? null : last);
  }

  /**
   * Tells whether the handshake was completed.
   *
   * @return true from ESTABLISHED on, for good
   */
  public boolean hasStood() {
    return stood;
  }

  /**
   * Tells how many bytes are queued and have not been sent.
   *
   * @return bytes
   */
  public int unsent() {
    return snd.unsent();
  }

  /**
   * Tells how many bytes have been sent and not acknowledged.
   *
   * @return bytes of text
   */
  public int unacknowledged() {
    return snd.unacknowledged();
  }

  /**
   * Tells how many bytes wait to be read.
   *
   * @return bytes; 0 once the connection is closed to the application
   */
  public int available() {
    return released ? 0 : rcv.readable();
  }

  /**
   * Tells how far urgent data goes (MUST-33).
   *
   * @return bytes left to read up to its end; 0 if there is none
   */
  public int urgentRemaining() {
    return released ? 0 : rcv.urgentRemaining();
  }

  /**
   * SEND (§3.10.2).
   *
   * @param source drained as far as there is room
   * @return bytes accepted
   * @throws IllegalStateException if nothing may be sent any more
   */
  public int write(ByteBuffer source) {
    requireWritable();
    int n = snd.queue.write(source);
    wantsWritable |= source.hasRemaining();
    if (n > 0) {
      owe();
    }
    return n;
  }

  /**
   * SEND of bytes that stay where they are.
   *
   * @param source drained as far as there is room; direct, or it is copied. What was taken must not
   *     change until it is acknowledged
   * @return bytes accepted
   * @throws IllegalStateException if nothing may be sent any more
   */
  public int lend(ByteBuffer source) {
    requireWritable();
    int n = snd.queue.lend(source);
    wantsWritable |= source.hasRemaining();
    if (n > 0) {
      owe();
    }
    return n;
  }

  /**
   * SEND without a copy.
   *
   * @param limit bytes at most, above 0
   * @param maker is given room in the send buffer that lies together, if there is any, and moves
   *     the position behind what it puts there; the buffer is lent until it returns
   * @return bytes queued; 0 if it put none; -1 if there is no room
   * @throws IllegalStateException if nothing may be sent any more
   */
  public int fill(int limit, Consumer<ByteBuffer> maker) {
    requireWritable();
    int n = snd.queue.fill(limit, maker);
    wantsWritable |= n < 0;
    if (n > 0) {
      owe();
    }
    return n;
  }

  private void requireWritable() {
    if (!canWrite()) {
      throw new IllegalStateException(
          "the connection " + tuple() + " does not take data any more: it was closed or has ended");
    }
  }

  private boolean canWrite() {
    return closeReason == null && !snd.finQueued && !released && !finished;
  }

  /**
   * Tells how much {@link #write} accepts now.
   *
   * @return bytes
   */
  public int writable() {
    return canWrite() ? snd.queue.room() : 0;
  }

  /** CLOSE of our direction (§3.10.4): a FIN behind what was written. */
  public void shutdownOutput() {
    if (!canWrite()) {
      return;
    }
    snd.finQueued = true;
    enterClosingState();
    owe();
  }

  /** The move that a CLOSE makes; in the opening states it is made up for once established. */
  void enterClosingState() {
    if (state == TcpState.ESTABLISHED) {
      state = TcpState.FIN_WAIT_1;
    } else if (state == TcpState.CLOSE_WAIT) {
      state = TcpState.LAST_ACK;
    }
  }

  /** CLOSE of both directions; a RST if bytes are unread (RFC 2525 §2.17). */
  public void close() {
    if (closeReason != null || released) {
      return;
    }
    long now = tcp.now();
    if (state == TcpState.SYN_SENT) {
      end(CloseReason.ABORTED);
      return;
    }
    if (rcv.readable() > 0 && mayStillSend()) {
      tcp.count(Counter.TCP_ABORT_ON_CLOSE);
      abort(CloseReason.ABORTED, SendReason.RST_UNREAD_DATA, now);
      return;
    }
    if (options.linger().isPresent() && options.linger().get().isZero() && mayStillSend()) {
      abort(CloseReason.ABORTED, SendReason.RST_LINGER, now);
      return;
    }
    shutdownOutput();
    released = true;
    if (options.linger().isPresent() && !snd.finAcknowledged() && !finished) {
      timers.lingerAt(now + options.linger().get().toNanos());
    }
    if (state == TcpState.FIN_WAIT_2) {
      armFinWait2(now);
    }
    finishIfDone();
  }

  /** The states in which a RST still tells the peer something (§3.10.5). */
  private boolean mayStillSend() {
    return switch (state) {
      case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT -> true;
      default -> false;
    };
  }

  /** ABORT (§3.10.5). */
  public void abort() {
    abort(CloseReason.ABORTED, SendReason.RST_ABORT, tcp.now());
  }

  void abort(CloseReason reason, SendReason sendReason, long now) {
    if (closeReason != null) {
      return;
    }
    if (mayStillSend()) {
      tcp.writer().sendReset(this, resetSequence(), sendReason, now);
    }
    end(reason);
  }

  /**
   * SND.NXT, but never beyond the peer's window, where the RST would be ignored: the peer may have
   * shrunk it.
   */
  private int resetSequence() {
    return state.isSynchronized() ? Seq.min(snd.sndNxt, snd.sndUna + snd.sndWnd) : snd.sndNxt;
  }

  /**
   * Changes the options.
   *
   * @param wanted all of them; those that differ from {@link #options} take effect now
   */
  public void setOptions(ConnectionOptions wanted) {
    ConnectionOptions before = options;
    options = wanted;
    if (closeReason != null || finished) {
      return;
    }
    snd.noDelay = wanted.noDelay();
    snd.queue.setCapacity(wanted.sendBufferBytes());
    if (wanted.receiveBufferBytes() != before.receiveBufferBytes()) {
      rcv.setBuffer(wanted);
    }
    typeOfService = wanted.dscp() << DSCP_SHIFT;
    if (!wanted.congestionControl().equals(before.congestionControl())) {
      snd.useCongestionControl(wanted.congestionControl());
    }
    if (state.isSynchronized()) {
      snd.limitSegment(wanted.maxSegmentBytes(), tcp.now());
    }
    if (!wanted.keepAlive().equals(before.keepAlive())) {
      tcp.timeOuts().setKeepAlive(this, wanted.keepAlive().orElse(null), true);
    }
    spaceFreed();
    owe();
  }

  /**
   * Returns the options.
   *
   * @return what was chosen, or what the listener or the stack had
   */
  public ConnectionOptions options() {
    return options;
  }

  /**
   * STATUS (§3.10.6).
   *
   * @return a snapshot
   */
  public TcpInfo info() {
    return new TcpInfo(
        tuple(),
        state,
        snd.rtt.rto(),
        snd.rtt.srtt(),
        snd.rtt.rttvar(),
        snd.window.cwnd,
        snd.window.ssthresh,
        snd.sndWnd,
        rcv.window(),
        snd.unacknowledged(),
        snd.unsent(),
        rcv.readable(),
        snd.sacked(),
        snd.lost(),
        snd.retransmits,
        snd.smss,
        tcp.pathMtu(this, tcp.now()),
        windowScaling,
        snd.shift,
        rcv.shift,
        timestamps,
        sackPermitted,
        snd.congestion.name(),
        snd.recovery.phaseName(),
        snd.recovery.reorderingSeen());
  }

  // ---- what happens to it ------------------------------------------------------------------

  /**
   * ICMP says that what we sent did not arrive (RFC 9293 §3.9.2.2, RFC 5927 §5): a hard error ends
   * an open that is under way; anything else is told, and remembered for when the connection times
   * out.
   */
  void icmpError(boolean hard, CloseReason reason) {
    if (hard && !state.isSynchronized()) {
      end(reason);
    } else {
      softError = reason;
      tellTrouble(reason);
    }
  }

  /** Lets the application know what may be wrong; the connection goes on. */
  void tellTrouble(CloseReason reason) {
    trouble = reason;
    becomeReady(READY_SOFT_ERROR);
  }

  /** R2 (RFC 9293 §3.10.8, USER TIMEOUT): nobody is there to be sent a RST. */
  void timedOut() {
    tcp.count(Counter.TCP_ABORT_ON_TIMEOUT);
    end(timeOutReason());
  }

  CloseReason timeOutReason() {
    return softError == null ? CloseReason.TIMED_OUT : softError;
  }

  /** TSval of what is sent now (RFC 7323 §3.2). */
  int timestamp(long now) {
    int fine = SegmentWriter.timestamp(tsOffset, now);
    return coarseTimestamps == null ? fine : coarseTimestamps.show(fine);
  }

  /** How long TSval stays the same at least, nanoseconds. */
  long timestampTick() {
    return coarseTimestamps == null ? SegmentWriter.NANOS_PER_TICK : coarseTimestamps.tickNanos();
  }

  /** Whether the timestamps that the peer echoes are worth measuring with. */
  boolean hasFineTimestamps() {
    return timestamps && timestampTick() == SegmentWriter.NANOS_PER_TICK;
  }

  /** Takes how much later than what overtook it something has come; 0 once that is long ago. */
  void pathReorders(long lateness, long now) {
    if (coarseTimestamps == null) {
      if (lateness == 0) {
        return;
      }
      coarseTimestamps = new CoarseTimestamps(SegmentWriter.timestamp(tsOffset, now));
    }
    coarseTimestamps.adapt(lateness);
  }

  /** Whether one more acknowledgment may answer what is not accepted. */
  boolean mayChallenge(long now) {
    if (challenges == null) {
      challenges = new ChallengeLimit(tcp.random());
    }
    return challenges.allow(now);
  }

  /** The limit on those, or null if it was never asked. */
  ChallengeLimit challenges() {
    return challenges;
  }

  /** Bytes that come now have no reader. */
  boolean isReleased() {
    return released;
  }

  /** The handshake is complete (§3.10.7.3, §3.10.7.4). */
  void established() {
    state = TcpState.ESTABLISHED;
    stood = true;
    if (options.keepAlive().isPresent()) {
      tcp.timeOuts().setKeepAlive(this, options.keepAlive().get(), true);
    }
    if (listener != null) {
      listener.halfOpen--;
      listener.complete++;
    }
    if (snd.finQueued) {
      enterClosingState();
    }
    becomeReady(READY_CONNECTED);
  }

  /** Our FIN is acknowledged, and with it everything in front of it. */
  void outputAcknowledged() {
    if (!flushed) {
      flushed = true;
      timers.lingerAt(TimerWheel.NEVER);
      becomeReady(READY_FLUSHED);
    }
  }

  /** The peer's FIN is acknowledged and so is ours, or both at once: only waiting is left. */
  void enterTimeWait(long now) {
    if (rcv.ackDue()) {
      // The FIN came in this batch, and at its end there is no connection to acknowledge it.
      sendAck(ackReason, now);
    }
    state = TcpState.TIME_WAIT;
    tcp.enterTimeWait(this, now);
    leaveProtocol();
  }

  /** LAST-ACK is over. */
  void lastAckDone() {
    state = TcpState.CLOSED;
    tcp.remove(this);
    leaveProtocol();
  }

  private void leaveProtocol() {
    finished = true;
    timers.cancelAll();
    snd.clear();
    tcp.addUnread(this);
    finishIfDone();
  }

  private void finishIfDone() {
    if (finished && (released || endSeen)) {
      endWith(CloseReason.FINISHED);
    }
  }

  /** The connection ends here and now, whatever state it is in. */
  void end(CloseReason reason) {
    if (closeReason != null) {
      return;
    }
    if (state == TcpState.SYN_RECEIVED && listener != null) {
      listener.halfOpen--;
    }
    if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) {
      tcp.count(Counter.TCP_ATTEMPT_FAILS);
    } else if (state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT) {
      tcp.count(Counter.TCP_ESTAB_RESETS);
    }
    if (!finished) {
      tcp.remove(this);
      timers.cancelAll();
      snd.clear();
    }
    state = TcpState.CLOSED;
    endWith(reason);
  }

  private void endWith(CloseReason reason) {
    if (closeReason == null) {
      closeReason = reason;
      rcv.clear();
      tcp.removeUnread(this);
      becomeReady(READY_CLOSED);
    }
  }

  /** Room has come free: tells the application if it was refused and half the buffer is empty. */
  void spaceFreed() {
    if (wantsWritable && snd.queue.length() <= snd.queue.capacity() / 2) {
      wantsWritable = false;
      becomeReady(READY_WRITABLE);
    }
  }

  void becomeReady(int bit) {
    ready |= bit;
    tcp.addReady(this);
  }

  /** Something may have to be sent at the end of the batch. */
  void owe() {
    tcp.addOwing(this);
  }

  /** Calls the handler for what has happened; called from the ready list only. */
  void runCallbacks() {
    if ((ready & READY_CONNECTED) != 0) {
      ready &= ~READY_CONNECTED;
      if (listener != null) {
        listener.complete--;
      }
      if (listener != null && closeReason == null && handler == null) {
        handler = listener.acceptor.accept(this);
      }
      if (handler != null && !released) {
        handler.onConnected(this);
      }
    }
    if ((ready & (READY_URGENT | READY_SOFT_ERROR)) != 0) {
      runRareCallbacks();
    }
    if ((ready & READY_READABLE) != 0) {
      ready &= ~READY_READABLE;
      if (handler != null && closeReason == null && !released) {
        handler.onReadable(this);
      }
    }
    if ((ready & READY_WRITABLE) != 0) {
      ready &= ~READY_WRITABLE;
      if (handler != null && canWrite()) {
        handler.onWritable(this);
      }
    }
    if ((ready & READY_FLUSHED) != 0) {
      ready &= ~READY_FLUSHED;
      if (handler != null && closeReason == null) {
        handler.onFlushed(this);
      }
    }
    if ((ready & READY_CLOSED) != 0) {
      ready = 0;
      if (handler != null) {
        handler.onClosed(this, closeReason);
      }
    }
  }

  private void runRareCallbacks() {
    int which = ready;
    ready &= ~(READY_URGENT | READY_SOFT_ERROR);
    if (handler == null || closeReason != null || released) {
      return;
    }
    if ((which & READY_SOFT_ERROR) != 0) {
      handler.onSoftError(this, trouble);
    }
    if ((which & READY_URGENT) != 0) {
      handler.onUrgent(this);
    }
  }

  /**
   * Sends what is owed: data, then an acknowledgment if no data carried it.
   *
   * @return how many segments of data left
   */
  int flush(long now) {
    if (!state.isSynchronized() || state == TcpState.TIME_WAIT) {
      return 0;
    }
    int sent = snd.output(now);
    if (rcv.ackDue()) {
      sendAck(ackReason, now);
    } else if (rcv.windowUpdateDue(snd.smss)) {
      sendAck(SendReason.WINDOW_UPDATE, now);
    } else if (rcv.unacknowledged() > 0 && !timers.delayedAckArmed()) {
      timers.delayedAckAt(now + tcp.delayedAckNanos());
    }
    return sent;
  }

  void sendAck(SendReason reason, long now) {
    tcp.writer().send(this, snd.sndNxt, TcpView.ACK, 0, reason, now);
  }

  /** An acknowledgment has left, with data or alone. */
  void ackLeft() {
    rcv.ackSent();
    ackReason = SendReason.ACK;
    timers.delayedAckAt(TimerWheel.NEVER);
  }

  void count(Counter counter) {
    tcp.count(counter);
  }

  void count(Counter counter, long amount) {
    tcp.count(counter, amount);
  }

  // ---- timers ------------------------------------------------------------------------------

  void armFinWait2(long now) {
    timers.finWait2At(now + tcp.config().finWait2Timeout().toNanos());
  }

  /** Sends SYN or SYN,ACK again, with the sequence number it had. */
  void sendSynAgain(long now) {
    snd.synSentAgain(now);
    tcp.count(Counter.TCP_SYN_RETRANS);
    tcp.count(Counter.TCP_RETRANS_SEGS);
    int flags = state == TcpState.SYN_SENT ? TcpView.SYN : TcpView.SYN | TcpView.ACK;
    tcp.writer().sendSyn(this, flags, SendReason.RETRANSMIT_TIMEOUT, now);
  }

  /** Whether a segment that starts at {@code seq} comes after everything received. */
  boolean isBeyondReceived(int seq) {
    return Seq.gt(seq, rcv.rcvNxt());
  }
}
