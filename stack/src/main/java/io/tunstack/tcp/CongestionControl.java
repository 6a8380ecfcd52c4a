package io.tunstack.tcp;

/**
 * How the congestion window grows, and how far it falls. The sender does not know which algorithm
 * it has; an algorithm knows nothing of sequence numbers, and moves the {@link CongestionWindow}
 * that it was made with. All sizes are bytes, all times nanoseconds.
 */
interface CongestionControl {
  /** The name by which it is chosen. */
  String name();

  /**
   * The window stands: at the end of the handshake, or when another algorithm is taken over from.
   */
  default void onEstablished(long now) {}

  /**
   * Something new was delivered, and no reduction is under way. What was SACKed before it was
   * acknowledged counts once: {@link AckSample#delivered}.
   *
   * <p>If {@link AckSample#cwndLimited} is false the window must not grow.
   */
  void onAck(AckSample s);

  /**
   * A congestion event: something was lost, or the network marked a packet.
   *
   * @param inUse how much of the window was used: what FlightSize is in RFC 5681 §3.1
   * @return the new slow-start threshold
   */
  int onCongestion(int inUse, long now);

  /** The retransmission time-out expired; {@link #onCongestion} was asked before. */
  default void onTimeout(long now) {}

  /** The last congestion event was none (RFC 4015, RFC 9438 §4.9.2). */
  default void onUndo() {}

  /** Something is sent after nothing was for longer than a time-out; the window has been cut. */
  default void onIdleRestart(long now) {}

  /**
   * Whether what arrives with the end of a recovery counts for the growth that follows. It does
   * where growth is counted in round trips, and small windows have few; not where the time since
   * decides.
   */
  default boolean countsEndOfRecovery() {
    return false;
  }

  /**
   * Whether it sets the window itself on every acknowledgment, in recovery too; then no other part
   * reduces it.
   */
  default boolean ownsWindow() {
    return false;
  }

  /** How fast to send, bytes per second; 0 for as fast as the window allows. */
  default long pacingRate() {
    return 0;
  }
}
