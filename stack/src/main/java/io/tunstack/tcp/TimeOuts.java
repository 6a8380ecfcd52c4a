package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.TcpView;

/**
 * The time-outs of a stack's connections (RFC 9293 §3.10.8): what happens when one of a
 * connection's timers rings.
 */
final class TimeOuts {
  /** R1 of RFC 9293 §3.8.3: retransmissions after which the application is told, at least 3. */
  private static final int R1_RETRANSMISSIONS = 3;

  private final Tcp tcp;

  TimeOuts(Tcp tcp) {
    this.tcp = tcp;
  }

  /**
   * Switches keep-alive.
   *
   * @param c whose
   * @param settings null switches it off
   * @param alive whether there is still a peer to ask
   */
  void setKeepAlive(TcpConnection c, KeepAlive settings, boolean alive) {
    long now = tcp.now();
    c.keepAlive = settings == null ? null : new KeepAliveProbes(settings, now);
    c.timers.keepAliveAt(
        settings == null || !alive ? TimerWheel.NEVER : now + settings.idle().toNanos());
  }

  void onRetransmitTimer(TcpConnection c, long now) {
    if (!c.state.isSynchronized()) {
      resendSyn(c, now);
    } else if (isBurden(c)) {
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
  private boolean isBurden(TcpConnection c) {
    return c.isReleased() && c.snd.sndWnd == 0 && tcp.slabs().isUnderPressure();
  }

  void onLossTimer(TcpConnection c, long now) {
    if (c.state.isSynchronized()) {
      c.snd.onLossTimer(now);
    }
  }

  private void resendSyn(TcpConnection c, long now) {
    TcpConfig config = tcp.config();
    boolean passive = c.listener != null;
    long configured = (passive ? config.synAckTimeout() : config.synTimeout()).toNanos();
    long limit = Math.min(configured, c.options().userTimeout().toNanos());
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

  void onDelayedAckTimer(TcpConnection c, long now) {
    if (c.rcv.unacknowledged() > 0) {
      c.count(Counter.TCP_DELAYED_ACKS);
      c.sendAck(SendReason.ACK_DELAYED, now);
    }
  }

  /** The peer never closed its direction, and nobody waits for it any more. */
  void onFinWait2Timer(TcpConnection c) {
    c.end(CloseReason.FINISHED);
  }

  /** What was to be acknowledged by now is not. */
  void onLingerTimer(TcpConnection c, long now) {
    c.abort(CloseReason.ABORTED, SendReason.RST_LINGER, now);
  }

  void onKeepAliveTimer(TcpConnection c, long now) {
    KeepAliveProbes probes = c.keepAlive;
    KeepAlive settings = probes.settings;
    long idleEnd = probes.lastHeard + settings.idle().toNanos();
    if (now < idleEnd) {
      c.timers.keepAliveAt(idleEnd);
      return;
    }
    if (probes.unanswered >= settings.count()) {
      c.count(Counter.TCP_ABORT_ON_TIMEOUT);
      c.abort(c.timeOutReason(), SendReason.RST_TIMEOUT, now);
      return;
    }
    if (c.state.isSynchronized() && c.snd.flight() == 0) {
      // One below SND.NXT, without data: every peer must answer that (SHLD-12).
      probes.unanswered++;
      c.count(Counter.TCP_KEEP_ALIVE);
      tcp.writer().send(c, c.snd.sndNxt - 1, TcpView.ACK, 0, SendReason.KEEP_ALIVE, now);
    }
    c.timers.keepAliveAt(now + settings.interval().toNanos());
  }
}
