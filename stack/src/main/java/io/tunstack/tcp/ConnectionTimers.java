package io.tunstack.tcp;

import io.tunstack.time.Timer;
import io.tunstack.time.TimerWheel;

/**
 * A connection's deadlines as one node in the wheel: what is armed there is the earliest of them.
 * {@link TimerWheel#NEVER} is a deadline that is not set.
 */
final class ConnectionTimers extends Timer {
  private final TcpConnection c;
  private long retransmit = TimerWheel.NEVER;
  private long loss = TimerWheel.NEVER;
  private long delayedAck = TimerWheel.NEVER;

  /** Null until one of them is set. */
  private Seldom seldom;

  /** The deadlines that most connections never have. */
  private static final class Seldom {
    private long finWait2 = TimerWheel.NEVER;
    private long keepAlive = TimerWheel.NEVER;
    private long linger = TimerWheel.NEVER;

    private long earliest() {
      return Math.min(finWait2, Math.min(keepAlive, linger));
    }
  }

  ConnectionTimers(TcpConnection connection) {
    this.c = connection;
  }

  /** The retransmission timer's deadline, or the persist timer's: never do both run. */
  long retransmit() {
    return retransmit;
  }

  void retransmitAt(long deadline) {
    if (deadline != retransmit) {
      retransmit = deadline;
      rearm();
    }
  }

  /** When to look for losses that time shows, or to probe for one. */
  void lossAt(long deadline) {
    if (deadline != loss) {
      loss = deadline;
      rearm();
    }
  }

  boolean delayedAckArmed() {
    return delayedAck != TimerWheel.NEVER;
  }

  void delayedAckAt(long deadline) {
    if (deadline != delayedAck) {
      delayedAck = deadline;
      rearm();
    }
  }

  void finWait2At(long deadline) {
    seldom().finWait2 = deadline;
    rearm();
  }

  void keepAliveAt(long deadline) {
    if (deadline != TimerWheel.NEVER || seldom != null) {
      seldom().keepAlive = deadline;
      rearm();
    }
  }

  void lingerAt(long deadline) {
    if (deadline != TimerWheel.NEVER || seldom != null) {
      seldom().linger = deadline;
      rearm();
    }
  }

  private Seldom seldom() {
    if (seldom == null) {
      seldom = new Seldom();
    }
    return seldom;
  }

  void cancelAll() {
    retransmit = TimerWheel.NEVER;
    loss = TimerWheel.NEVER;
    delayedAck = TimerWheel.NEVER;
    seldom = null;
    c.tcp.wheel().cancel(this);
  }

  private void rearm() {
    long next = Math.min(Math.min(retransmit, delayedAck), loss);
    if (seldom != null) {
      next = Math.min(next, seldom.earliest());
    }
    if (next == TimerWheel.NEVER) {
      c.tcp.wheel().cancel(this);
    } else if (!isArmed() || deadline() != next) {
      c.tcp.wheel().arm(this, next);
    }
  }

  @Override
  protected void onTimer(long now) {
    TimeOuts actions = c.tcp.timeOuts();
    // Each is unset before its action, which may set it anew or cancel the others.
    if (seldom != null && seldom.finWait2 <= now) {
      seldom.finWait2 = TimerWheel.NEVER;
      actions.onFinWait2Timer(c);
    }
    if (seldom != null && seldom.linger <= now) {
      seldom.linger = TimerWheel.NEVER;
      actions.onLingerTimer(c, now);
    }
    if (delayedAck <= now) {
      delayedAck = TimerWheel.NEVER;
      actions.onDelayedAckTimer(c, now);
    }
    if (loss <= now) {
      // Before the time-out: what it finds may put that off.
      loss = TimerWheel.NEVER;
      actions.onLossTimer(c, now);
    }
    if (retransmit <= now) {
      retransmit = TimerWheel.NEVER;
      actions.onRetransmitTimer(c, now);
    }
    if (seldom != null && seldom.keepAlive <= now) {
      seldom.keepAlive = TimerWheel.NEVER;
      actions.onKeepAliveTimer(c, now);
    }
    rearm();
  }
}
