package io.tunstack.tcp;

/** Decides what of that in flight is lost. Times are nanoseconds. */
interface LossDetector {
  /**
   * Takes an acknowledgment and marks on the board what it shows to be lost.
   *
   * @param recovering whether a recovery is under way
   * @return when to look again if nothing comes before; {@link io.tunstack.time.TimerWheel#NEVER}
   *     if time alone changes nothing
   */
  long onAck(AckSample s, int una, boolean recovering);

  /**
   * Looks again at what time has told.
   *
   * @return as {@link #onAck}
   */
  long onTimer(long now, boolean recovering);

  /** The retransmission timer has expired: marks what must be lost by now, the first at least. */
  void onTimeout(long now);

  /** A recovery has ended. */
  void onRecovered();

  /** A D-SACK says that something was sent in vain. */
  default void onDuplicateSack(int una, int nxt) {}

  /** Bytes that must have left the network although nothing says which: one for each duplicate. */
  default int assumedDelivered() {
    return 0;
  }

  /** How much later than what overtook it something has come lately; 0 if nothing has. */
  default long lateness() {
    return 0;
  }

  /** Whether segments were seen to overtake each other. */
  default boolean reorderingSeen() {
    return false;
  }
}
