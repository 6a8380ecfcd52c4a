package io.tunstack.link;

/**
 * Loss that comes in bursts: the model of Gilbert and Elliott. A flow is in a good or a bad state,
 * and may change with every packet; each state loses packets with a probability of its own.
 *
 * <pre>
 *                 goesBad
 *          good ----------&gt; bad
 *          lossInGood       lossInBad
 *               &lt;----------
 *                 goesGood
 * </pre>
 *
 * <p>A burst lasts 1/{@code goesGood} packets on average. These are the four numbers of {@code tc
 * netem loss gemodel}: p, r, 1-h and 1-k.
 *
 * @param goesBad how probably a packet finds the state changed from good to bad, 0 to 1
 * @param goesGood how probably from bad to good, 0 to 1
 * @param lossInBad how probably the bad state loses a packet, 0 to 1
 * @param lossInGood how probably the good state does, 0 to 1
 */
public record BurstLoss(double goesBad, double goesGood, double lossInBad, double lossInGood) {
  /** No bursts: nothing is lost. */
  public static final BurstLoss NONE = new BurstLoss(0, 1, 0, 0);

  // Which of a packet's random numbers decides what; apart from those of Impairment.
  private static final int STATE = 8;
  private static final int LOSS = 9;

  /**
   * Checks the ranges.
   *
   * @param goesBad 0 to 1
   * @param goesGood 0 to 1
   * @param lossInBad 0 to 1
   * @param lossInGood 0 to 1
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public BurstLoss {
    Impairment.requireProbability("goesBad", goesBad);
    Impairment.requireProbability("goesGood", goesGood);
    Impairment.requireProbability("lossInBad", lossInBad);
    Impairment.requireProbability("lossInGood", lossInGood);
  }

  /**
   * Makes the simple model of Gilbert: everything is lost in the bad state, nothing in the good.
   *
   * @param goesBad how probably a packet begins a burst, 0 to 1
   * @param goesGood how probably a packet ends one, 0 to 1
   * @return the model
   */
  public static BurstLoss of(double goesBad, double goesGood) {
    return new BurstLoss(goesBad, goesGood, 1, 0);
  }

  /**
   * Tells the share of packets that is lost in the long run.
   *
   * @return 0 to 1
   */
  public double longRunShare() {
    if (goesBad == 0) {
      return lossInGood;
    }
    double bad = goesBad / (goesBad + goesGood);
    return bad * lossInBad + (1 - bad) * lossInGood;
  }

  /** Whether the state is bad for a packet, given what it was for the packet before. */
  boolean isBad(boolean wasBad, long seed, long index) {
    boolean changes = Draws.chance(seed, index, STATE, wasBad ? goesGood : goesBad);
    return wasBad != changes;
  }

  /** Whether a packet is lost, given the state that it found. */
  boolean loses(boolean bad, long seed, long index) {
    return Draws.chance(seed, index, LOSS, bad ? lossInBad : lossInGood);
  }
}
