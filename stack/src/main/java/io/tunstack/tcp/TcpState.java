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
   * Tells whether the peer's sequence numbers are known: every state but CLOSED, LISTEN and
   * SYN-SENT, and, as RFC 9293 has it, SYN-RECEIVED.
   *
   * @return true from ESTABLISHED on
   */
  public boolean isSynchronized() {
    return ordinal() >= ESTABLISHED.ordinal();
  }
}
