package io.tunstack.tcp;

/**
 * How much may be in flight. The sender does not know which algorithm it has; an algorithm knows
 * nothing of sequence numbers. All sizes are bytes, all times nanoseconds. Those there are stand in
 * {@link CongestionControls}.
 */
interface CongestionControl {
  /** The name by which it is chosen. */
  String name();

  /** The congestion window. */
  int cwnd();

  /** The slow-start threshold; {@link Integer#MAX_VALUE} until the first loss. */
  int ssthresh();

  /**
   * The handshake is complete and SMSS is known.
   *
   * @param synLost whether our SYN had to be sent again: the window starts at one segment then (RFC
   *     5681 §3.1)
   */
  void onEstablished(int smss, boolean synLost);

  /** This algorithm takes over from another, on a connection that stands. */
  void onTakeOver(int smss, int cwnd, int ssthresh);

  /** SMSS has changed. */
  void onSmssChanged(int smss);

  /**
   * New data was acknowledged, outside recovery.
   *
   * @param acked bytes
   * @param cwndLimited whether the window was what held the sender back; if not, it must not grow
   *     (RFC 7661 §4.3)
   */
  void onAck(int acked, boolean cwndLimited);

  /** Three duplicate acknowledgments: RFC 5681 §3.2 steps 2 and 3. */
  void onEnterRecovery(int flightSize);

  /** Another duplicate acknowledgment: step 4. */
  void onDuplicateAckInRecovery();

  /** A partial acknowledgment (RFC 6582 §3.2 step 3). */
  void onPartialAck(int acked);

  /** A full acknowledgment (RFC 6582 §3.2 step 3). */
  void onExitRecovery(int flightSize);

  /**
   * The retransmission time-out expired (RFC 5681 §3.1).
   *
   * @param first whether it is the first of an episode: ssthresh is halved once, not each time
   */
  void onRetransmissionTimeout(int flightSize, boolean first);

  /** Nothing was sent for longer than a retransmission time-out (RFC 5681 §4.1). */
  void onIdleRestart();
}
