package io.tunstack.tcp;

/**
 * What BBR believes of the path: how fast it delivers, how long it takes when empty, how much it
 * holds before it loses (draft-ietf-ccwg-bbr §2, §5.5). Bytes, bytes per second, nanoseconds.
 */
final class BbrModel {
  private static final double BETA = 0.7;
  private static final double LOSS_THRESHOLD = 0.02;
  private static final long MIN_RTT_WINDOW = 10_000_000_000L;
  private static final long PROBE_RTT_INTERVAL = 5_000_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NO_LIMIT = Double.MAX_VALUE;

  /** The greatest rates of this cycle of probing and of the one before. */
  private final double[] maxRates = new double[2];

  private int cycle;

  /** What losses outside probing have left of the rate, until the next probing. */
  private double rateLow = NO_LIMIT;

  private double inflightLow = NO_LIMIT;

  /** Beyond this the path was seen to lose too much. */
  private double inflightHigh = NO_LIMIT;

  private double latestRate;
  private double latestInflight;

  long minRtt = Long.MAX_VALUE;
  private long minRttAt;

  /** The smallest round trip of the last seconds: when it grows old, the queue is to be drained. */
  private long probeRttMin = Long.MAX_VALUE;

  private long probeRttAt;
  private boolean probeRttDue;

  private long roundEnd;
  boolean roundStart;
  private long lostInRound;
  private long deliveredAtRoundStart;
  private int lossEventsInRound;

  /** Takes an acknowledgment; {@code probing} says that losses are asked for. */
  void onAck(AckSample s, boolean probing, int cwnd) {
    roundStart = s.rateInterval > 0 && s.priorDelivered >= roundEnd;
    lostInRound += s.lost;
    lossEventsInRound += s.lost > 0 ? 1 : 0;
    if (s.rateInterval > 0) {
      double sample = s.rateDelivered * NANOS_PER_SECOND / s.rateInterval;
      if (!s.appLimited || sample >= maxRate()) {
        maxRates[cycle] = Math.max(maxRates[cycle], sample);
      }
      latestRate = Math.max(latestRate, sample);
      latestInflight = Math.max(latestInflight, (double) s.rateDelivered);
    }
    if (roundStart) {
      if (lostInRound > 0 && !probing) {
        lowerBounds(cwnd);
      }
      roundEnd = s.totalDelivered;
      latestRate = 0;
      latestInflight = 0;
    }
    updateMinRtt(s);
  }

  private void lowerBounds(int cwnd) {
    rateLow = rateLow == NO_LIMIT ? maxRate() : rateLow;
    inflightLow = inflightLow == NO_LIMIT ? cwnd : inflightLow;
    rateLow = Math.max(latestRate, BETA * rateLow);
    inflightLow = Math.max(latestInflight, BETA * inflightLow);
  }

  private void updateMinRtt(AckSample s) {
    probeRttDue = s.now > probeRttAt + PROBE_RTT_INTERVAL;
    if (s.rtt == AckSample.NO_RTT) {
      return;
    }
    if (s.rtt < probeRttMin || probeRttDue) {
      probeRttMin = s.rtt;
      probeRttAt = s.now;
    }
    if (probeRttMin < minRtt || s.now > minRttAt + MIN_RTT_WINDOW) {
      minRtt = probeRttMin;
      minRttAt = probeRttAt;
    }
  }

  boolean probeRttDue() {
    return probeRttDue;
  }

  /** What the queue was drained for has been measured. */
  void probeRttDone(long now) {
    probeRttAt = now;
  }

  /** Whether more was lost in this round than a path without congestion loses. */
  boolean losesTooMuch(AckSample s) {
    long round = Math.max(s.totalDelivered - deliveredAtRoundStart, s.priorInFlight);
    return lostInRound > LOSS_THRESHOLD * (round + lostInRound);
  }

  int lossEventsInRound() {
    return lossEventsInRound;
  }

  /** Counts the losses of the next round from nothing; call at the end of a round's processing. */
  void finishRound(AckSample s) {
    if (roundStart) {
      lostInRound = 0;
      lossEventsInRound = 0;
      deliveredAtRoundStart = s.totalDelivered;
    }
  }

  double maxRate() {
    return Math.max(maxRates[0], maxRates[1]);
  }

  double rate() {
    return Math.min(maxRate(), rateLow);
  }

  /** The product of rate and round trip, bytes; 0 while one is unknown. */
  double bdp() {
    return minRtt == Long.MAX_VALUE ? 0 : rate() * minRtt / NANOS_PER_SECOND;
  }

  double inflightHigh() {
    return inflightHigh;
  }

  double inflightLow() {
    return inflightLow;
  }

  /** The path has lost too much at this flight. */
  void boundAbove(double inFlight) {
    inflightHigh = Math.max(inFlight, BETA * bdp());
  }

  /** The path has taken more than was believed. */
  void raiseBound(double bytes) {
    if (inflightHigh != NO_LIMIT) {
      inflightHigh += bytes;
    }
  }

  /** Probing begins: what losses had taught in between is forgotten. */
  void forgetLows() {
    rateLow = NO_LIMIT;
    inflightLow = NO_LIMIT;
  }

  /** Probing has ended: rates of two cycles ago count no more. */
  void nextCycle() {
    if (maxRates[cycle] > 0) {
      cycle ^= 1;
      maxRates[cycle] = 0;
    }
  }
}
