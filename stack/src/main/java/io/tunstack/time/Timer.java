package io.tunstack.time;

/**
 * Something that may have to happen later: a node that a {@link TimerWheel} strings into its
 * buckets, so that arming and cancelling allocate nothing. Belongs to the wheel's thread.
 *
 * <p>What there are a million of extends it, to be one object; for anything else there is {@link
 * #of}.
 */
public abstract class Timer {
  /** What happens when the time has come. */
  @FunctionalInterface
  public interface Action {
    /**
     * Called once for each arming, on the wheel's thread; it may arm and cancel any timer.
     *
     * @param now the instant that {@link TimerWheel#expire} was called with, nanoseconds
     */
    void onTimer(long now);
  }

  static final int UNARMED = -1;

  long deadline;
  int slot = UNARMED;
  Timer previous;
  Timer next;

  /** Makes a timer that is not armed. */
  protected Timer() {}

  /**
   * Makes a timer that is not armed.
   *
   * @param action what happens when it fires
   * @return the timer
   */
  public static Timer of(Action action) {
    return new ActionTimer(action);
  }

  /**
   * Called once for each arming, on the wheel's thread; it may arm and cancel any timer.
   *
   * @param now the instant that {@link TimerWheel#expire} was called with, nanoseconds
   */
  protected abstract void onTimer(long now);

  /**
   * Tells whether the timer is going to fire.
   *
   * @return true between arming and firing or cancelling
   */
  public final boolean isArmed() {
    return slot != UNARMED;
  }

  /**
   * Returns when it fires.
   *
   * @return nanoseconds; meaningful only while armed
   */
  public final long deadline() {
    return deadline;
  }

  /** Makes this the head of a list, which is empty. */
  final void makeHead() {
    previous = this;
    next = this;
  }

  final void linkBefore(Timer head) {
    previous = head.previous;
    next = head;
    previous.next = this;
    head.previous = this;
  }

  final void unlink() {
    previous.next = next;
    next.previous = previous;
    previous = null;
    next = null;
  }

  private static final class ActionTimer extends Timer {
    private final Action action;

    ActionTimer(Action action) {
      this.action = action;
    }

    @Override
    protected void onTimer(long now) {
      action.onTimer(now);
    }
  }
}
