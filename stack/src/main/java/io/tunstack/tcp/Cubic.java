package io.tunstack.tcp;

/**
 * CUBIC (RFC 9438) with HyStart++ (RFC 9406): after a loss the window grows fast, then slowly
 * around where the loss was, then fast again to find more, by the time that has passed and not by
 * round trips.
 *
 * <pre>
 *   cwnd                              /
 *    W_max  - - - - - - ___________ /
 *                    /  :
 *                  /    :
 *    0.7 W_max    |     :                W(t) = C (t - K)³ + W_max
 *                 0     K               t
 * </pre>
 */
final class Cubic implements CongestionControl {
  /** How much of the window is kept (§4.6). */
  static final double BETA = 0.7;

  /** How steep the curve is, segments per second³ (§5.1). */
  static final double C = 0.4;

  /** Growth that gives Reno's average with CUBIC's decrease (§4.3). */
  private static final double RENO_ALPHA = 3 * (1 - BETA) / (1 + BETA);

  /** The window grows by half in a round trip at most (§4.2). */
  private static final double MAX_GROWTH = 1.5;

  /**
   * L: what an acknowledgment that covers many segments counts for at most, where nothing spreads
   * what it lets leave (RFC 9406 §4.2).
   */
  private static final int LIMIT_SEGMENTS = 8;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NO_EPOCH = Long.MIN_VALUE;

  private final CongestionWindow window;

  /** Null while the window does not limit what is sent, and once the first slow start is over. */
  private HyStart hyStart;

  /** Null until slow start ends for the first time. */
  private Curve curve;

  private long lastAck;

  /** Where congestion avoidance stands; in segments, as the RFC has them. */
  private static final class Curve {
    private double wMax;
    private double k;
    private double wEst;
    private double cwndPrior;

    /** When congestion avoidance began, shifted by the times in which the application was idle. */
    private long epoch = NO_EPOCH;

    /** What the window should have grown by and could not, being no whole byte. */
    private double rest;

    private double undoWMax;
    private double undoK;
    private double undoWEst;
    private double undoCwndPrior;
    private long undoEpoch = NO_EPOCH;

    private void begin(double cwnd, long now) {
      epoch = now;
      wEst = cwnd;
      rest = 0;
      if (cwnd < wMax) {
        k = Math.cbrt((wMax - cwnd) / C);
      } else {
        k = 0;
        wMax = cwnd;
      }
    }

    /** W_cubic(t) of figure 1, segments. */
    private double at(double seconds) {
      double t = seconds - k;
      return C * t * t * t + wMax;
    }

    private void save() {
      undoWMax = wMax;
      undoK = k;
      undoWEst = wEst;
      undoCwndPrior = cwndPrior;
      undoEpoch = epoch;
    }

    private void restore() {
      wMax = undoWMax;
      k = undoK;
      wEst = undoWEst;
      cwndPrior = undoCwndPrior;
      epoch = undoEpoch;
    }
  }

  Cubic(CongestionWindow window) {
    this.window = window;
  }

  @Override
  public String name() {
    return "cubic";
  }

  @Override
  public void onEstablished(long now) {
    lastAck = now;
  }

  @Override
  public void onAck(AckSample s) {
    boolean starting = window.inSlowStart() && window.ssthresh == Integer.MAX_VALUE;
    if (!starting) {
      hyStart = null;
    } else if (hyStart == null && s.cwndLimited) {
      hyStart = new HyStart();
    }
    if (hyStart != null && hyStart.onAck(s)) {
      window.ssthresh = window.cwnd;
    }
    if (!s.cwndLimited) {
      // While the application has nothing to send the curve stands still (§5.8).
      if (curve != null && curve.epoch != NO_EPOCH) {
        curve.epoch += s.now - lastAck;
      }
      lastAck = s.now;
      return;
    }
    lastAck = s.now;
    if (window.inSlowStart()) {
      // A packet of many segments is acknowledged at once, and that is no stretched one.
      int limit =
          window.paced
              ? CongestionWindow.MAX
              : Math.max(LIMIT_SEGMENTS * window.smss, window.packetBytes);
      window.grow(Math.min(s.delivered, limit) / (hyStart == null ? 1 : hyStart.divisor()));
    } else {
      avoid(s);
    }
  }

  /** Congestion avoidance (§4.2–4.5). */
  private void avoid(AckSample s) {
    double cwnd = (double) window.cwnd / window.smss;
    double delivered = (double) s.delivered / window.smss;
    if (curve == null) {
      curve = new Curve();
    }
    if (curve.epoch == NO_EPOCH) {
      curve.begin(cwnd, s.now);
    }
    double alpha = curve.wEst >= curve.cwndPrior ? 1 : RENO_ALPHA;
    curve.wEst += alpha * delivered / cwnd;
    double seconds = (s.now - curve.epoch) / NANOS_PER_SECOND;
    double grown;
    if (curve.at(seconds) < curve.wEst) {
      // The Reno-friendly region (§4.3).
      grown = Math.max(0, curve.wEst - cwnd);
    } else {
      double target = curve.at(seconds + s.srtt / NANOS_PER_SECOND);
      target = Math.max(cwnd, Math.min(target, MAX_GROWTH * cwnd));
      grown = (target - cwnd) / cwnd * delivered;
    }
    curve.rest += grown * window.smss;
    int bytes = (int) Math.min(curve.rest, CongestionWindow.MAX);
    curve.rest -= bytes;
    window.grow(bytes);
  }

  @Override
  public int onCongestion(int inUse, long now) {
    if (curve == null) {
      curve = new Curve();
    }
    curve.save();
    double used = (double) inUse / window.smss;
    // Fast convergence (§4.7): who is pushed back gives more room to those who come.
    curve.wMax = used < curve.wMax ? used * (1 + BETA) / 2 : used;
    curve.cwndPrior = used;
    curve.epoch = NO_EPOCH;
    return window.atLeastTwo((long) (inUse * BETA));
  }

  @Override
  public void onUndo() {
    if (curve != null) {
      curve.restore();
    }
  }

  @Override
  public void onIdleRestart(long now) {
    if (curve != null) {
      curve.epoch = NO_EPOCH;
    }
    hyStart = null;
  }
}
