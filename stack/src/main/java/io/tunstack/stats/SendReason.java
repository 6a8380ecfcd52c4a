package io.tunstack.stats;

/** Why a packet left. Each is a counter of its own. */
public enum SendReason {
  /** A SYN of an active open. */
  SYN,
  /** A SYN,ACK. */
  SYN_ACK,
  /** A SYN,ACK that carries a cookie because the half-open queue is full. */
  SYN_COOKIE,
  /** New data. */
  DATA,
  /** A FIN, alone or behind the last data. */
  FIN,
  /** Data, SYN or FIN again after a time-out. */
  RETRANSMIT_TIMEOUT,
  /** Data again after three duplicate acknowledgments. */
  RETRANSMIT_FAST,
  /** The last segment again, to learn whether the end of a flight was lost (RFC 8985 §7). */
  LOSS_PROBE,
  /** Data again because a partial acknowledgment showed the next hole (RFC 6582). */
  RETRANSMIT_PARTIAL_ACK,
  /** Data again in smaller pieces, because the path carries less than thought (RFC 1191). */
  RETRANSMIT_PATH_MTU,
  /** An acknowledgment at the end of a batch. */
  ACK,
  /** The acknowledgment that completes a handshake. */
  ACK_HANDSHAKE,
  /** An acknowledgment by the delayed-acknowledgment timer. */
  ACK_DELAYED,
  /** An acknowledgment of something out of order, or of a gap that was filled. */
  ACK_OUT_OF_ORDER,
  /** An acknowledgment of a duplicate or of something outside the window. */
  ACK_DUPLICATE,
  /** An acknowledgment of a FIN. */
  ACK_FIN,
  /** A challenge acknowledgment (RFC 5961). */
  ACK_CHALLENGE,
  /** The window opened. */
  WINDOW_UPDATE,
  /** A zero-window probe. */
  WINDOW_PROBE,
  /** A keep-alive probe. */
  KEEP_ALIVE,
  /** A RST for a segment that belongs to no connection. */
  RST_NO_SOCKET,
  /** A RST for an unacceptable acknowledgment in an opening state. */
  RST_BAD_ACK,
  /** A RST because the application aborted. */
  RST_ABORT,
  /** A RST because the application closed with data unread. */
  RST_UNREAD_DATA,
  /** A RST because the application closed with no, or no more, time to linger. */
  RST_LINGER,
  /** A RST because data came after the application closed. */
  RST_AFTER_CLOSE,
  /** A RST because memory is short and nobody is left who wants the connection. */
  RST_MEMORY,
  /** A RST because the connection timed out. */
  RST_TIMEOUT,
  /** A RST because a callback of the application threw. */
  RST_CALLBACK,
  /** An ICMP echo reply. */
  ICMP_ECHO_REPLY,
  /** An ICMP error. */
  ICMP_ERROR,
  /** A UDP datagram. */
  UDP;

  /**
   * Tells whether it carries nothing that was not sent before, so that {@code TcpOutSegs} leaves it
   * out (RFC 4022).
   *
   * @return true for the retransmissions
   */
  public boolean isRetransmission() {
    return switch (this) {
      case RETRANSMIT_TIMEOUT,
          RETRANSMIT_FAST,
          LOSS_PROBE,
          RETRANSMIT_PARTIAL_ACK,
          RETRANSMIT_PATH_MTU ->
          true;
      default -> false;
    };
  }
}
