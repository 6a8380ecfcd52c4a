package io.tunstack.tcp;

import io.tunstack.ip.IcmpError;

/** What ICMP errors mean to a connection (RFC 1122 §4.2.3.9, RFC 9293 §3.9.2.2). */
final class IcmpMeaning {
  private static final int UNREACHABLE = 3;
  private static final int PROTOCOL_UNREACHABLE = 2;
  private static final int PORT_UNREACHABLE = 3;
  private static final int NETWORK_PROHIBITED = 9;
  private static final int HOST_PROHIBITED = 10;
  private static final int PROHIBITED = 13;

  private IcmpMeaning() {}

  /**
   * Whether it may end a connection that is being opened: codes 2 to 4 (SHLD-26). "Fragmentation
   * needed" is among them in the RFC, but says something about a size and nothing about the peer:
   * it goes to the path's MTU. What an administrator has prohibited (RFC 1812 §5.2.7.1) stays so as
   * long as an open lasts; it is how many firewalls refuse, and ends an open on Linux too.
   */
  static boolean isHard(IcmpError error) {
    return isRefusal(error)
        || (error.type() == UNREACHABLE
            && (error.code() == NETWORK_PROHIBITED
                || error.code() == HOST_PROHIBITED
                || error.code() == PROHIBITED));
  }

  /** It comes from the peer itself. */
  private static boolean isRefusal(IcmpError error) {
    return error.type() == UNREACHABLE
        && (error.code() == PROTOCOL_UNREACHABLE || error.code() == PORT_UNREACHABLE);
  }

  /** What an application is told. */
  static CloseReason reason(IcmpError error) {
    return isRefusal(error) ? CloseReason.REFUSED : CloseReason.UNREACHABLE;
  }
}
