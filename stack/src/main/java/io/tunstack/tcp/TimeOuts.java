package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.TcpView;

/** The time-outs of a connection (RFC 9293 §3.10.8): what happens when one of its timers rings. */
final class TimeOuts implements ConnectionTimers.Actions {
  /** R1 of RFC 9293 §3.8.3: retransmissions after which the application is told, at least 3. */
  private static final int R1_RETRANSMISSIONS = 3;

  private final TcpConnection c;

  /** Null when it is off, as it is by default (MUST-25). */
  private KeepAlive keepAlive;

  private int unansweredProbes;

  /** When the last acceptable segment came. */
  private long lastHeard;

  TimeOuts(TcpConnection connection) {
    this.c = connection;
  }

  /** A segment has come that the peer, and hardly anybody else, can have sent. */
  void heard(long now) {
    lastHeard = now;
    unansweredProbes = 0;
  }

  /**
   * Switches keep-alive.
   *
   * @param settings null switches it off
   * @param alive whether there is still a peer to ask
   */
  void setKeepAlive(KeepAlive settings, boolean alive) {
    keepAlive = settings;
    unansweredProbes = 0;
    c.timers.keepAliveAt(
        settings == null || !alive ? TimerWheel.NEVER : c.tcp.now() + settings.idle().toNanos());
  }

  @Override
  public void onRetransmitTimer(long now) {
    if (!c.state.isSynchronized()) {
      resendSyn(now);
    } else if (isBurden()) {
      c.count(Counter.TCP_ABORT_ON_MEMORY);
      c.abort(CloseReason.ABORTED, SendReason.RST_MEMORY, now);
    } else {
      c.snd.onTimer(now);
    }
    if (c.isOpen() && c.snd.rtt.backoff() == R1_RETRANSMISSIONS) {
      c.tellTrouble(CloseReason.TIMED_OUT);
    }
  }

  /**
   * Persist goes on for ever while the peer answers (MUST-37); but when memory is short, a
   * connection that its application has left and whose peer takes nothing is given up (RFC 6429).
   */
  private boolean isBurden() {
    return c.isReleased() && c.snd.sndWnd == 0 && c.tcp.slabs().isUnderPressure();
  }

  @Override
  public void onLossTimer(long now) {
    if (c.state.isSynchronized()) {
      c.snd.onLossTimer(now);
    }
  }

  private void resendSyn(long now) {
    TcpConfig config = c.tcp.config();
    boolean passive = c.listener != null;
    long configured = (passive ? config.synAckTimeout() : config.synTimeout()).toNanos();
    long limit = Math.min(configured, c.snd.userTimeoutNanos);
    if (c.snd.synWaiting(now) >= limit) {
      c.end(c.timeOutReason());
      return;
    }
    c.snd.rtt.backOff();
    c.sendSynAgain(now);
    // The last wait is cut so that the limit is kept to, not the next doubling.
    long untilLimit = limit - c.snd.synWaiting(now);
    c.timers.retransmitAt(now + Math.min(c.snd.rtt.rto(), untilLimit));
  }

  @Override
  public void onDelayedAckTimer(long now) {
    if (c.rcv.unacknowledged() > 0) {
      c.count(Counter.TCP_DELAYED_ACKS);
      c.sendAck(SendReason.ACK_DELAYED, now);
    }
  }

  /** The peer never closed its direction, and nobody waits for it any more. */
  @Override
  public void onFinWait2Timer(long now) {
    c.end(CloseReason.FINISHED);
  }

  /** What was to be acknowledged by now is not. */
  @Override
  public void onLingerTimer(long now) {
    c.abort(CloseReason.ABORTED, SendReason.RST_LINGER, now);
  }

  @Override
  public void onKeepAliveTimer(long now) {
    long idleEnd = lastHeard + keepAlive.idle().toNanos();
    if (now < idleEnd) {
      c.timers.keepAliveAt(idleEnd);
      return;
    }
    if (unansweredProbes >= keepAlive.count()) {
      c.count(Counter.TCP_ABORT_ON_TIMEOUT);
      c.abort(c.timeOutReason(), SendReason.RST_TIMEOUT, now);
      return;
    }
    if (c.state.isSynchronized() && c.snd.flight() == 0) {
      // One below SND.NXT, without data: every peer must answer that (SHLD-12).
      unansweredProbes++;
      c.count(Counter.TCP_KEEP_ALIVE);
      c.tcp.writer().send(c, c.snd.sndNxt - 1, TcpView.ACK, 0, SendReason.KEEP_ALIVE, now);
    }
    c.timers.keepAliveAt(now + keepAlive.interval().toNanos());
  }
}
