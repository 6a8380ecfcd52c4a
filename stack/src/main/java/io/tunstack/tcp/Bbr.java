package io.tunstack.tcp;

/**
 * BBR after the third version's draft (draft-ietf-ccwg-bbr): sends at the rate at which the path
 * was seen to deliver, and keeps in flight what the path holds, instead of filling it until it
 * loses.
 *
 * <pre>
 *   STARTUP --full--&gt; DRAIN --&gt; DOWN --&gt; CRUISE --&gt; REFILL --&gt; UP --+
 *                                ^                                   |
 *                                +-----------------------------------+
 *   PROBE_RTT, every five seconds, from any of them
 * </pre>
 *
 * <p>Simplified against the draft: flights at a loss are taken from the acknowledgment and not from
 * each transmission, and acknowledgments that come in bursts are allowed for by a fixed margin.
 */
final class Bbr implements CongestionControl {
  private enum Mode {
    STARTUP,
    DRAIN,
    DOWN,
    CRUISE,
    REFILL,
    UP,
    PROBE_RTT
  }

  private static final double STARTUP_GAIN = 2.77;
  private static final double DRAIN_GAIN = 0.5;
  private static final double DOWN_GAIN = 0.9;
  private static final double UP_GAIN = 1.25;
  private static final double CWND_GAIN = 2;
  private static final double UP_CWND_GAIN = 2.25;
  private static final double PROBE_RTT_GAIN = 0.5;

  /** A little slower than measured, so that a queue that has formed drains (§5.6.2). */
  private static final double PACING_MARGIN = 0.99;

  /** What is left free of the bound above for others to come (§2.7). */
  private static final double HEADROOM = 0.85;

  private static final double FULL_GROWTH = 1.25;
  private static final int FULL_ROUNDS = 3;
  private static final int FULL_LOSS_EVENTS = 6;
  private static final int MIN_SEGMENTS = 4;
  private static final long PROBE_RTT_NANOS = 200_000_000;

  /** Probing begins after two to three seconds, or as many round trips as Reno would need. */
  private static final long PROBE_WAIT_NANOS = 2_000_000_000L;

  private static final long PROBE_WAIT_SPREAD_NANOS = 1_000_000_000L;
  private static final int MAX_ROUNDS_BETWEEN_PROBES = 63;

  /** What is assumed of a round trip that nobody has measured yet. */
  private static final long UNKNOWN_RTT_NANOS = 1_000_000;

  private static final double NANOS_PER_SECOND = 1e9;

  private final CongestionWindow window;
  private final BbrModel model = new BbrModel();
  private Mode mode = Mode.STARTUP;
  private double pacingGain = STARTUP_GAIN;
  private double pacing;

  private boolean full;
  private double fullRate;
  private int roundsWithoutGrowth;

  private long cycleStart;
  private long probeWait;
  private int roundsInCycle;
  private int roundsInMode;
  private long probeRttEnd;
  private int cwndBefore;

  Bbr(CongestionWindow window) {
    this.window = window;
  }

  @Override
  public String name() {
    return "bbr";
  }

  @Override
  public boolean ownsWindow() {
    return true;
  }

  @Override
  public long pacingRate() {
    return (long) pacing;
  }

  @Override
  public void onEstablished(long now) {
    cycleStart = now;
    model.probeRttDone(now);
  }

  @Override
  public void onAck(AckSample s) {
    model.onAck(s, mode == Mode.STARTUP || mode == Mode.REFILL || mode == Mode.UP, window.cwnd);
    if (model.roundStart) {
      roundsInCycle++;
      roundsInMode++;
    }
    checkFull(s);
    advance(s);
    checkProbeRtt(s);
    model.finishRound(s);
    setPacing(s);
    setWindow(s);
  }

  /** §5.3.1.2, §5.3.1.3: the rate grows no more, or the path loses. */
  private void checkFull(AckSample s) {
    if (full || mode != Mode.STARTUP) {
      return;
    }
    if (model.losesTooMuch(s) && model.lossEventsInRound() >= FULL_LOSS_EVENTS) {
      full = true;
      model.boundAbove(Math.max((double) s.rateDelivered, model.bdp()));
    } else if (model.roundStart && !s.appLimited) {
      if (model.maxRate() >= fullRate * FULL_GROWTH) {
        fullRate = model.maxRate();
        roundsWithoutGrowth = 0;
      } else {
        full = ++roundsWithoutGrowth >= FULL_ROUNDS;
      }
    }
  }

  private void advance(AckSample s) {
    switch (mode) {
      case STARTUP -> {
        if (full) {
          enter(Mode.DRAIN, DRAIN_GAIN);
        }
      }
      case DRAIN -> {
        if (s.inFlight <= model.bdp()) {
          startDown(s);
        }
      }
      case DOWN -> {
        if (isTimeToProbe(s)) {
          startRefill();
        } else if (s.inFlight <= model.bdp() && s.inFlight <= HEADROOM * model.inflightHigh()) {
          enter(Mode.CRUISE, 1);
        }
      }
      case CRUISE -> {
        if (isTimeToProbe(s)) {
          startRefill();
        }
      }
      case REFILL -> {
        if (model.roundStart && roundsInMode > 1) {
          enter(Mode.UP, UP_GAIN);
          cycleStart = s.now;
        }
      }
      case UP -> probeUp(s);
      case PROBE_RTT -> {
        // Ended by time, below.
      }
    }
  }

  private void enter(Mode next, double gain) {
    mode = next;
    pacingGain = gain;
    roundsInMode = 0;
  }

  private void startDown(AckSample s) {
    enter(Mode.DOWN, DOWN_GAIN);
    cycleStart = s.now;
    roundsInCycle = 0;
    // Spread, so that flows do not probe together; what was delivered is as good as random.
    long spread = (s.totalDelivered * 0x9e3779b97f4a7c15L) >>> 34;
    probeWait = PROBE_WAIT_NANOS + spread % PROBE_WAIT_SPREAD_NANOS;
  }

  private boolean isTimeToProbe(AckSample s) {
    double segments = model.bdp() / window.smss;
    return s.now - cycleStart > probeWait
        || roundsInCycle >= Math.min(Math.max(segments, 1), MAX_ROUNDS_BETWEEN_PROBES);
  }

  private void startRefill() {
    model.forgetLows();
    enter(Mode.REFILL, 1);
  }

  private void probeUp(AckSample s) {
    if (model.losesTooMuch(s)) {
      model.boundAbove(s.priorInFlight);
      model.nextCycle();
      startDown(s);
      return;
    }
    if (s.priorInFlight + window.smss >= window.cwnd) {
      // The bound is what holds it back: raised faster, round by round (§5.3.3.6).
      model.raiseBound((double) s.acked * (1 << Math.min(roundsInMode, 8)) / 16);
    }
    boolean longEnough = s.now - cycleStart > model.minRtt && roundsInMode > 0;
    if (longEnough && s.inFlight >= UP_GAIN * model.bdp()) {
      model.nextCycle();
      startDown(s);
    }
  }

  /** §5.3.4: the queue is drained now and then to see how long the path takes when empty. */
  private void checkProbeRtt(AckSample s) {
    if (mode != Mode.PROBE_RTT) {
      if (model.probeRttDue()) {
        enter(Mode.PROBE_RTT, 1);
        cwndBefore = window.cwnd;
        probeRttEnd = 0;
      }
      return;
    }
    if (probeRttEnd == 0) {
      if (s.inFlight <= probeRttWindow()) {
        probeRttEnd = s.now + PROBE_RTT_NANOS;
        roundsInMode = 0;
      }
    } else if (s.now > probeRttEnd && roundsInMode > 0) {
      model.probeRttDone(s.now);
      window.cwnd = Math.max(window.cwnd, cwndBefore);
      if (full) {
        model.forgetLows();
        startDown(s);
      } else {
        enter(Mode.STARTUP, STARTUP_GAIN);
      }
    }
  }

  private double probeRttWindow() {
    return Math.max(PROBE_RTT_GAIN * model.bdp(), MIN_SEGMENTS * window.smss);
  }

  private void setPacing(AckSample s) {
    double rate = model.rate();
    if (rate == 0) {
      long rtt = s.srtt > 0 ? s.srtt : UNKNOWN_RTT_NANOS;
      rate = window.cwnd * NANOS_PER_SECOND / rtt;
    }
    double wanted = pacingGain * rate * PACING_MARGIN;
    if (full || wanted > pacing) {
      pacing = wanted;
    }
  }

  /** §5.6.4. */
  private void setWindow(AckSample s) {
    double gain = mode == Mode.UP ? UP_CWND_GAIN : CWND_GAIN;
    // Acknowledgments are delayed and come together: three segments more keep the path busy.
    double target = gain * model.bdp() + 3 * window.smss;
    double cwnd = window.cwnd + s.delivered;
    if (full) {
      cwnd = Math.min(cwnd, target);
    } else if (window.cwnd >= target && s.totalDelivered > window.initial()) {
      cwnd = window.cwnd;
    }
    cwnd = Math.min(cwnd, bound());
    window.cwnd = (int) Math.min(Math.max(cwnd, MIN_SEGMENTS * window.smss), CongestionWindow.MAX);
  }

  private double bound() {
    return switch (mode) {
      case DOWN, CRUISE -> Math.min(model.inflightLow(), HEADROOM * model.inflightHigh());
      case PROBE_RTT -> probeRttWindow();
      case STARTUP -> Double.MAX_VALUE;
      default -> Math.min(model.inflightLow(), model.inflightHigh());
    };
  }

  /** A loss is one sign among others, and is weighed in {@link #onAck}. */
  @Override
  public int onCongestion(int inUse, long now) {
    return window.ssthresh;
  }
}
