package io.tunstack.net;

/** What an ICMP "destination unreachable" says (RFC 792, RFC 1812 §5.2.7.1). */
public enum Unreachable {
  /** The network cannot be reached. */
  NETWORK(0),
  /** The host cannot be reached. */
  HOST(1),
  /** Nobody has the port. */
  PORT(3),
  /** Somebody does not want it. */
  PROHIBITED(13);

  private final int code;

  Unreachable(int code) {
    this.code = code;
  }

  /**
   * Returns the code in the message.
   *
   * @return 0 to 15
   */
  public int code() {
    return code;
  }
}
