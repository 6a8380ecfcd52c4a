package io.tunstack.tcp;

import java.time.Duration;

/**
 * When a connection that is idle is asked whether its peer is still there (RFC 9293 §3.8.4). Off
 * unless an application switches it on.
 *
 * @param idle how long nothing was heard before the first probe; the RFC wants two hours by default
 * @param interval between probes that are not answered
 * @param count probes that go unanswered before the connection is given up, at least 1
 */
public record KeepAlive(Duration idle, Duration interval, int count) {
  /** Two hours, as MUST-28 has it; 75 seconds and nine probes, as Linux has it. */
  public static final KeepAlive DEFAULT =
      new KeepAlive(Duration.ofHours(2), Duration.ofSeconds(75), 9);

  /**
   * Checks the ranges.
   *
   * @param idle above zero
   * @param interval above zero
   * @param count at least 1
   */
  public KeepAlive {
    if (idle.isNegative() || idle.isZero() || interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "keep-alive idle time " + idle + " and interval " + interval + " must be above zero");
    }
    if (count < 1) {
      throw new IllegalArgumentException("keep-alive count is " + count + "; use at least 1");
    }
  }
}
