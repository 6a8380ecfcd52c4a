package io.tunstack.tcp;

/**
 * PRR (RFC 9937): how much may leave during recovery, so that the window has come down to ssthresh
 * at its end without a pause at its beginning or a burst at its end. Bytes.
 */
final class ProportionalRateReduction {
  private long delivered;
  private long out;
  private long recoverFlight;

  /**
   * Begins.
   *
   * @param flightSize RecoverFS: what was in flight before the acknowledgment that began recovery
   */
  void start(int flightSize) {
    delivered = 0;
    out = 0;
    recoverFlight = Math.max(1, flightSize);
  }

  /** Notes what leaves. */
  void onSent(int bytes) {
    out += bytes;
  }

  /**
   * Takes an acknowledgment (§6).
   *
   * @param newlyDelivered by this acknowledgment
   * @param inFlight after it
   * @param safe it advanced SND.UNA and showed no further loss: slow start may catch up
   * @return the congestion window until the next one
   */
  int onAck(int newlyDelivered, int inFlight, int ssthresh, int smss, boolean safe) {
    delivered += newlyDelivered;
    long sendable;
    if (inFlight > ssthresh) {
      sendable = (delivered * ssthresh + recoverFlight - 1) / recoverFlight - out;
    } else {
      sendable = Math.max(delivered - out, newlyDelivered);
      if (safe) {
        sendable += smss;
      }
      sendable = Math.min(ssthresh - inFlight, sendable);
    }
    if (out == 0) {
      // The retransmission that recovery begins with is never held back.
      sendable = Math.max(sendable, smss);
    }
    return inFlight + (int) Math.max(0, sendable);
  }
}
