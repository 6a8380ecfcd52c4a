package io.tunstack.tcp;

/**
 * How fast what is sent arrives: totals that each transmission is stamped with when it leaves, so
 * that its delivery tells how much was delivered in how long (the delivery-rate estimation that BBR
 * is built on; a round trip is over when a piece arrives that left after the previous one ended).
 */
final class DeliveryRate {
  /** Bytes delivered so far. */
  long delivered;

  /** When that was. */
  long deliveredAt;

  /** When the first piece of the present sampling interval left. */
  long firstSentAt;

  /** Bytes marked lost so far. */
  long lost;

  /** Samples are limited by the application until so much is delivered; 0 if not. */
  private long appLimitedUntil;

  /** The application has nothing to send although it could. */
  void onAppLimited(int inFlight) {
    appLimitedUntil = Math.max(1, delivered + inFlight);
  }

  boolean isAppLimited() {
    return appLimitedUntil != 0;
  }

  /** A piece leaves while nothing is in flight: the interval begins. */
  void startInterval(long now) {
    firstSentAt = now;
    deliveredAt = now;
  }

  /** Adds what was delivered. */
  void onDelivered(int bytes, long now) {
    delivered += bytes;
    deliveredAt = now;
    if (appLimitedUntil != 0 && delivered > appLimitedUntil) {
      appLimitedUntil = 0;
    }
  }

  /** Notes with a piece that leaves what is known now. */
  void stamp(Pieces pieces, int piece) {
    pieces.deliveredBefore[piece] = delivered;
    pieces.deliveredAtBefore[piece] = deliveredAt;
    pieces.intervalSentAt[piece] = firstSentAt;
    pieces.flags[piece] &= ~Pieces.APP_LIMITED;
    if (isAppLimited()) {
      pieces.flags[piece] |= Pieces.APP_LIMITED;
    }
  }

  /**
   * Takes a piece that was delivered; of those of an acknowledgment, the one that left last counts.
   */
  void sample(Pieces pieces, int piece, AckSample s) {
    if (s.rateInterval == 0 || pieces.deliveredBefore[piece] >= s.priorDelivered) {
      s.priorDelivered = pieces.deliveredBefore[piece];
      s.appLimited = pieces.has(piece, Pieces.APP_LIMITED);
      long sending = pieces.sentAt[piece] - pieces.intervalSentAt[piece];
      long arriving = s.now - pieces.deliveredAtBefore[piece];
      s.rateInterval = Math.max(1, Math.max(sending, arriving));
      firstSentAt = pieces.sentAt[piece];
    }
  }
}
