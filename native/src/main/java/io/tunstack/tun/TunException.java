package io.tunstack.tun;

import java.io.Serial;

/**
 * The device could not be made or taken over. The message says what happened, why, and what to type
 * next; it may have several lines.
 */
public final class TunException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** What went wrong, for those who turn it into an exit code. */
  public enum Kind {
    /** This is not a 64-bit Linux. */
    UNSUPPORTED_SYSTEM,
    /** JNA's own library could not be unpacked or loaded. */
    NATIVE_LIBRARY,
    /** There is no {@code /dev/net/tun}, or nothing behind it. */
    NO_TUN_DRIVER,
    /** The kernel wants a privilege that this process does not have. */
    PERMISSION,
    /** The name is in use, by another process or by an interface of another sort. */
    NAME_IN_USE,
    /** The address or its network is on another interface already. */
    ADDRESS_IN_USE,
    /** A persistent device exists and is set up for something else. */
    CONFIGURED_OTHERWISE,
    /** Anything else that the kernel refused. */
    FAILED
  }

  /** What went wrong. */
  private final Kind kind;

  /**
   * Makes the exception.
   *
   * @param kind what went wrong
   * @param message what happened, why, and what to type next
   */
  public TunException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /**
   * Makes the exception with a cause.
   *
   * @param kind what went wrong
   * @param message what happened, why, and what to type next
   * @param cause what was caught
   */
  public TunException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * Tells what went wrong.
   *
   * @return never null
   */
  public Kind kind() {
    return kind;
  }
}
