package io.tunstack.tcp;

/** The eleven states of a connection (RFC 9293 §3.3.2). */
public enum TcpState {
  /** No connection at all. */
  CLOSED,
  /** Waiting for a connection request from anybody. */
  LISTEN,
  /** A connection request is sent, its answer awaited. */
  SYN_SENT,
  /** A request is received and one is sent, its acknowledgment awaited. */
  SYN_RECEIVED,
  /** Data flows both ways. */
  ESTABLISHED,
  /** We closed first; our FIN is not acknowledged yet. */
  FIN_WAIT_1,
  /** We closed first; our FIN is acknowledged, the peer's awaited. */
  FIN_WAIT_2,
  /** The peer closed; our application has not. */
  CLOSE_WAIT,
  /** Both closed at once; our FIN is not acknowledged yet. */
  CLOSING,
  /** The peer closed, then we; our FIN is not acknowledged yet. */
  LAST_ACK,
  /** Both closed; waiting for old segments to die. */
  TIME_WAIT;

  /**
   * Tells whether both sides know each other's sequence numbers (RFC 9293 §3.5): every state but
   * CLOSED, LISTEN, SYN-SENT and SYN-RECEIVED.
   *
   * @return true from ESTABLISHED on
   */
  public boolean isSynchronized() {
    return switch (this) {
      case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED -> false;
      default -> true;
    };
  }
}
