package io.tunstack.time;

/**
 * Something that may have to happen later: a node that a {@link TimerWheel} strings into its
 * buckets, so that arming and cancelling allocate nothing. Belongs to the wheel's thread.
 */
public final class Timer {
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

  final Action action;
  long deadline;
  int slot = UNARMED;
  Timer previous;
  Timer next;

  /**
   * Makes a timer that is not armed.
   *
   * @param action what happens when it fires
   */
  public Timer(Action action) {
    this.action = action;
    this.previous = this;
    this.next = this;
  }

  /**
   * Tells whether the timer is going to fire.
   *
   * @return true between arming and firing or cancelling
   */
  public boolean isArmed() {
    return slot != UNARMED;
  }

  /**
   * Returns when it fires.
   *
   * @return nanoseconds; meaningful only while armed
   */
  public long deadline() {
    return deadline;
  }

  void linkBefore(Timer head) {
    previous = head.previous;
    next = head;
    previous.next = this;
    head.previous = this;
  }

  void unlink() {
    previous.next = next;
    next.previous = previous;
    previous = this;
    next = this;
  }
}
