package io.tunstack.tcp;

import io.tunstack.time.Timer;
import io.tunstack.time.TimerWheel;

/**
 * A connection's deadlines behind one node in the wheel: what is armed there is the earliest of
 * them. {@link TimerWheel#NEVER} is a deadline that is not set.
 */
final class ConnectionTimers {
  /** What happens at a deadline. */
  interface Actions {
    void onRetransmitTimer(long now);

    void onLossTimer(long now);

    void onDelayedAckTimer(long now);

    void onFinWait2Timer(long now);

    void onKeepAliveTimer(long now);

    void onLingerTimer(long now);
  }

  private final TimerWheel wheel;
  private final Actions actions;
  private final Timer timer = new Timer(this::onTimer);
  private long retransmit = TimerWheel.NEVER;
  private long loss = TimerWheel.NEVER;
  private long delayedAck = TimerWheel.NEVER;
  private long finWait2 = TimerWheel.NEVER;
  private long keepAlive = TimerWheel.NEVER;
  private long linger = TimerWheel.NEVER;

  ConnectionTimers(TimerWheel wheel, Actions actions) {
    this.wheel = wheel;
    this.actions = actions;
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
    finWait2 = deadline;
    rearm();
  }

  void keepAliveAt(long deadline) {
    keepAlive = deadline;
    rearm();
  }

  void lingerAt(long deadline) {
    linger = deadline;
    rearm();
  }

  void cancelAll() {
    retransmit = TimerWheel.NEVER;
    loss = TimerWheel.NEVER;
    delayedAck = TimerWheel.NEVER;
    finWait2 = TimerWheel.NEVER;
    keepAlive = TimerWheel.NEVER;
    linger = TimerWheel.NEVER;
    wheel.cancel(timer);
  }

  private void rearm() {
    long next = Math.min(Math.min(retransmit, delayedAck), Math.min(finWait2, keepAlive));
    next = Math.min(next, Math.min(linger, loss));
    if (next == TimerWheel.NEVER) {
      wheel.cancel(timer);
    } else if (!timer.isArmed() || timer.deadline() != next) {
      wheel.arm(timer, next);
    }
  }

  private void onTimer(long now) {
    // Each is unset before its action, which may set it anew or cancel the others.
    if (finWait2 <= now) {
      finWait2 = TimerWheel.NEVER;
      actions.onFinWait2Timer(now);
    }
    if (linger <= now) {
      linger = TimerWheel.NEVER;
      actions.onLingerTimer(now);
    }
    if (delayedAck <= now) {
      delayedAck = TimerWheel.NEVER;
      actions.onDelayedAckTimer(now);
    }
    if (loss <= now) {
      // Before the time-out: what it finds may put that off.
      loss = TimerWheel.NEVER;
      actions.onLossTimer(now);
    }
    if (retransmit <= now) {
      retransmit = TimerWheel.NEVER;
      actions.onRetransmitTimer(now);
    }
    if (keepAlive <= now) {
      keepAlive = TimerWheel.NEVER;
      actions.onKeepAliveTimer(now);
    }
    rearm();
  }
}
