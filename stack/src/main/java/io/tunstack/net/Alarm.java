package io.tunstack.net;

import java.time.Duration;

/** A timer of the application's, on the stack's clock and the engine thread. */
public interface Alarm {
  /**
   * Sets it, replacing an earlier setting.
   *
   * @param delay from now
   */
  void arm(Duration delay);

  /** Unsets it; does nothing if it is not set. */
  void cancel();

  /**
   * Tells whether it is set.
   *
   * @return false after it rang or was cancelled
   */
  boolean isArmed();
}
