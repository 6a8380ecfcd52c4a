package io.tunstack.tcp;

/**
 * Congestion window validation (RFC 7661): how much of a window was in use of late, and so whether
 * its size still says something about the path. Bytes, nanoseconds.
 *
 * <pre>
 *               less than half of it was acknowledged in any round trip
 *               of the last second, and nothing but the application is why
 *   validated ---------------------------------------------------------&gt; non-validated: kept, not grown
 *       ^                                                                   |      |
 *       +---- half of it is acknowledged within a round trip, or a loss ----+      | every five minutes
 *                                                                                  v
 *                                                                                 halved
 * </pre>
 *
 * <p>A loss in the non-validated phase is answered by what was in use, not by what might have been.
 * The RFC calls that pipeACK: the most that was acknowledged in a round trip of the sampling period
 * (§4.2). It is undefined at first and after a recovery, and the window validated then.
 */
final class WindowValidation {
  /** §4.2: the sampling period is three round trips, a second at least. */
  static final long MIN_SAMPLING_PERIOD = 1_000_000_000L;

  private static final int SAMPLING_ROUND_TRIPS = 3;

  /** §4.4: how long a window is kept that is not used, and then what is left of it. */
  static final long NON_VALIDATED_PERIOD = 300_000_000_000L;

  /** Into so many parts the sampling period is cut; what is older than three of them fades. */
  private static final int PARTS = 4;

  /** There is no pipeACK. */
  static final int UNDEFINED = -1;

  /** The largest sample of each part, {@link #part} being the present one. */
  private final int[] most = new int[PARTS];

  private int part;
  private long partEnd;
  private boolean defined;
  private boolean validated = true;

  /** When it was validated last, or reduced for not being. */
  private long validatedAt;

  /** What was in use when a loss was noticed in the non-validated phase; 0 if none was. */
  private int lossInUse;

  /** What has left again since. */
  private int sentAgain;

  WindowValidation(long now) {
    partEnd = now;
    validatedAt = now;
  }

  /** Takes how much was delivered in the round trip that ends now; not during recovery (§4.2). */
  void onDelivered(long sample, long srtt, long now) {
    turn(srtt, now);
    most[part] = (int) Math.max(most[part], Math.min(sample, CongestionWindow.MAX));
    defined = true;
  }

  /** Leaves behind the parts of the period that have passed. */
  private void turn(long srtt, long now) {
    if (now < partEnd) {
      return;
    }
    long length = Math.max(MIN_SAMPLING_PERIOD, SAMPLING_ROUND_TRIPS * srtt) / PARTS;
    long passed = 1 + (now - partEnd) / length;
    for (int i = 0; i < Math.min(passed, PARTS); i++) {
      part = (part + 1) % PARTS;
      most[part] = 0;
    }
    partEnd += passed * length;
  }

  /** The most that was delivered in a round trip of late (§4.2). */
  int pipeAck(long srtt, long now) {
    if (!defined) {
      return UNDEFINED;
    }
    turn(srtt, now);
    int max = 0;
    for (int each : most) {
      max = Math.max(max, each);
    }
    return max;
  }

  /**
   * Decides which phase it is (§4.3).
   *
   * @param limiting whether it is the window that holds the sender back
   */
  void look(int cwnd, boolean limiting, long srtt, long now) {
    int pipeAck = pipeAck(srtt, now);
    if (pipeAck == UNDEFINED || 2L * pipeAck >= cwnd) {
      validated = true;
    } else if (!limiting) {
      validated = false;
    }
    if (validated) {
      validatedAt = now;
    }
  }

  boolean isValidated() {
    return validated;
  }

  /**
   * Whether the window was kept for long enough without being used (§4.4.3); it is asked again for
   * the next period.
   */
  boolean isKeptTooLong(long now) {
    if (validated || now - validatedAt < NON_VALIDATED_PERIOD) {
      return false;
    }
    validatedAt += NON_VALIDATED_PERIOD;
    return true;
  }

  /**
   * A congestion event begins (§4.4.2).
   *
   * @param flight what is in flight, as it counts for the reduction otherwise
   * @return what counts as in use
   */
  int onCongestion(int flight, long srtt, long now) {
    if (validated) {
      return flight;
    }
    lossInUse = Math.max(flight, pipeAck(srtt, now));
    sentAgain = 0;
    return lossInUse;
  }

  void onSentAgain(int bytes) {
    sentAgain += bytes;
  }

  /**
   * The recovery is over: what was lost of a window that nobody had vouched for is taken off, and
   * pipeACK is undefined again (§4.4.2).
   *
   * @param cwnd what it would be otherwise
   * @return the congestion window
   */
  int afterRecovery(int cwnd, int smss, long now) {
    int after = lossInUse == 0 ? cwnd : Math.min(cwnd, (lossInUse - sentAgain) / 2);
    restart(now);
    return Math.max(smss, after);
  }

  /** Nothing is known: after a time-out, or what looked like a loss and was none. */
  void restart(long now) {
    for (int i = 0; i < PARTS; i++) {
      most[i] = 0;
    }
    defined = false;
    validated = true;
    validatedAt = now;
    lossInUse = 0;
  }
}
