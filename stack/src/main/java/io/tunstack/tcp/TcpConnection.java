package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpView;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection: RFC 9293's transmission control block with the calls of its user interface (§3.9.1,
 * §3.10.1–3.10.6).
 *
 * <p>Its variables live in two halves, {@code snd} and {@code rcv}. Engine thread only.
 */
public final class TcpConnection extends TupleNode {
  static final int READY_CONNECTED = 1;
  static final int READY_READABLE = 2;
  static final int READY_WRITABLE = 4;
  static final int READY_CLOSED = 8;
  static final int READY_URGENT = 16;
  static final int READY_SOFT_ERROR = 32;

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

  final ChallengeLimit challenges;

  private ConnectionHandler handler;
  private CloseReason closeReason;

  /** The application has called close: it reads no more. */
  private boolean released;

  /** The application has read the end of the peer's stream. */
  private boolean endSeen;

  /** Both FINs are acknowledged; only the application may not have read everything yet. */
  private boolean finished;

  private boolean wantsWritable;

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

  final TimeOuts timeOuts = new TimeOuts(this);
  final ConnectionTimers timers;

  TcpConnection(Tcp tcp, Listener listener, int local, int localPort, int remote, int remotePort) {
    super(local, localPort, remote, remotePort);
    this.tcp = tcp;
    this.challenges = new ChallengeLimit(tcp.random());
    this.timers = new ConnectionTimers(tcp.wheel(), timeOuts);
    this.listener = listener;
    this.snd = new Sender(this, tcp.config());
    this.rcv = new Receiver(tcp.slabs(), tcp.config());
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
    int n = rcv.read(target);
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
   * Tells how many bytes wait to be read.
   *
   * @return bytes
   */
  public int available() {
    return rcv.readable();
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
    if (!canWrite()) {
      throw new IllegalStateException(
          "the connection " + tuple() + " does not take data any more: it was closed or has ended");
    }
    int n = snd.queue.write(source);
    wantsWritable |= source.hasRemaining();
    if (n > 0) {
      owe();
    }
    return n;
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
    shutdownOutput();
    released = true;
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
   * Switches Nagle's algorithm.
   *
   * @param noDelay true switches it off
   */
  public void setNoDelay(boolean noDelay) {
    snd.noDelay = noDelay;
    owe();
  }

  /**
   * Switches keep-alive on or off.
   *
   * @param settings null switches it off
   */
  public void setKeepAlive(KeepAlive settings) {
    timeOuts.setKeepAlive(settings, isOpen() && !finished);
  }

  /**
   * Limits how long what was sent, a SYN too, may stay unacknowledged before the connection is
   * given up: R2 of RFC 9293 §3.8.3, for this connection. The user time-out of RFC 5482, kept to
   * ourselves: the option is neither sent nor heeded.
   *
   * @param timeout above zero
   */
  public void setUserTimeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("the user time-out is " + timeout + "; use more than 0");
    }
    snd.userTimeoutNanos = timeout.toNanos();
  }

  /**
   * Chooses the congestion control; a connection that stands keeps its window.
   *
   * @param name one of {@link CongestionControls#names}
   * @throws IllegalArgumentException if there is no such algorithm
   */
  public void setCongestionControl(String name) {
    snd.useCongestionControl(name);
  }

  /**
   * Chooses the differentiated-services field of what is sent from now on (MUST-48).
   *
   * @param dscp 0 to 63
   */
  public void setDscp(int dscp) {
    if (dscp < 0 || dscp > 63) {
      throw new IllegalArgumentException("DSCP is " + dscp + "; use 0 to 63");
    }
    typeOfService = dscp << 2;
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
        snd.congestion.cwnd(),
        snd.congestion.ssthresh(),
        snd.sndWnd,
        rcv.window(),
        snd.unacknowledged(),
        snd.unsent(),
        rcv.readable(),
        snd.sacked(),
        snd.lost(),
        snd.retransmits,
        snd.smss,
        tcp.pmtu(this),
        windowScaling,
        snd.shift,
        rcv.shift,
        timestamps,
        sackPermitted,
        snd.congestion.name());
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

  /** Bytes that come now have no reader. */
  boolean isReleased() {
    return released;
  }

  /** The handshake is complete (§3.10.7.3, §3.10.7.4). */
  void established() {
    state = TcpState.ESTABLISHED;
    if (listener != null) {
      listener.halfOpen--;
      listener.complete++;
    }
    if (snd.finQueued) {
      enterClosingState();
    }
    becomeReady(READY_CONNECTED);
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
      timers.delayedAckAt(now + tcp.config().delayedAck().toNanos());
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
