package io.tunstack.link;

/**
 * Random early detection, as Floyd and Jacobson (1993) describe it, in its gentle form: the longer
 * the queue is on average, the more arriving packets are signalled.
 *
 * <pre>
 *   probability
 *      1 |                          /     thresholds, of the queue's limit:
 *        |                       /          minimum   1/6
 *    0.1 |                 . /              maximum   1/2
 *      0 |_________. - '                    all       1
 *             minimum    maximum    limit
 * </pre>
 */
final class Red implements QueueManager {
  static final double MAX_PROBABILITY = 0.1;

  /** How much one packet counts in the average: some five hundred packets are its memory. */
  static final double WEIGHT = 0.002;

  private static final int MINIMUM_PART = 6;
  private static final int MAXIMUM_PART = 2;

  /** The size whose transmission is a step of an idle queue's average. */
  private static final int TYPICAL_BITS = 8 * 1000;

  private static final double NANOS_PER_SECOND = 1e9;

  // Which of a packet's random numbers decides; apart from those of Impairment and BurstLoss.
  private static final int SIGNAL = 12;

  private final double minimum;
  private final double maximum;
  private final double limit;
  private final double stepNanos;
  private double average;
  private long sinceSignal;
  private long emptySince;

  Red(Bottleneck bottleneck) {
    limit = bottleneck.queueBytes();
    minimum = limit / MINIMUM_PART;
    maximum = limit / MAXIMUM_PART;
    long rate = bottleneck.bitsPerSecond();
    stepNanos = rate == 0 ? 1 : TYPICAL_BITS * NANOS_PER_SECOND / rate;
  }

  @Override
  public boolean signalsArrival(Parcel parcel, long queueBytes, long now) {
    if (queueBytes == 0) {
      average *= Math.pow(1 - WEIGHT, Math.max(0, now - emptySince) / stepNanos);
    }
    average += WEIGHT * (queueBytes - average);
    double probability = probability();
    if (probability == 0) {
      sinceSignal = 0;
      return false;
    }
    // Evenly spread instead of geometrically: the original's section 7.
    double spread = probability / Math.max(probability, 1 - sinceSignal * probability);
    sinceSignal++;
    boolean signals = Draws.chance(parcel.seed, parcel.index, SIGNAL, spread);
    if (signals) {
      sinceSignal = 0;
    }
    return signals;
  }

  @Override
  public boolean signalsDeparture(Parcel parcel, long queueBytes, long now) {
    if (queueBytes == 0) {
      emptySince = now;
    }
    return false;
  }

  private double probability() {
    if (average < minimum) {
      return 0;
    }
    if (average < maximum) {
      return MAX_PROBABILITY * (average - minimum) / (maximum - minimum);
    }
    double rest = (average - maximum) / (limit - maximum);
    return Math.min(1, MAX_PROBABILITY + (1 - MAX_PROBABILITY) * rest);
  }
}
