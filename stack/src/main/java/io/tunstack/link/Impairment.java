package io.tunstack.link;

import java.time.Duration;

/**
 * How bad a path is. What becomes of a packet is a function of this, a seed and the packet's number
 * on the path, and of nothing else, so that the same seed loses the same packets again.
 *
 * @param delay how long every packet takes
 * @param jitter how much longer it may take, evenly spread; packets overtake each other by it
 * @param loss how probably a packet is lost, 0 to 1
 * @param duplication how probably it arrives twice, 0 to 1
 * @param reordering how probably it is held back so long that others overtake it, 0 to 1
 * @param corruption how probably one of its bits is flipped, 0 to 1
 */
public record Impairment(
    Duration delay,
    Duration jitter,
    double loss,
    double duplication,
    double reordering,
    double corruption) {
  /** A perfect path: nothing is lost and nothing takes time. */
  public static final Impairment NONE = new Impairment(Duration.ZERO, Duration.ZERO, 0, 0, 0, 0);

  /** How much longer than the round of delay and jitter a packet that is reordered takes. */
  private static final long HELD_BACK_NANOS = 1_000_000;

  // Which of a packet's random numbers decides what.
  private static final int LOSS = 0;
  private static final int DUPLICATION = 1;
  private static final int JITTER = 2;
  private static final int REORDERING = 3;
  private static final int CORRUPTION = 4;
  private static final int WHICH_BIT = 5;

  /**
   * Checks the ranges.
   *
   * @param delay zero or more
   * @param jitter zero or more
   * @param loss 0 to 1
   * @param duplication 0 to 1
   * @param reordering 0 to 1
   * @param corruption 0 to 1
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public Impairment {
    if (delay.isNegative() || jitter.isNegative()) {
      throw new IllegalArgumentException(
          "delay is " + delay + " and jitter " + jitter + "; use zero or more for both");
    }
    requireProbability("loss", loss);
    requireProbability("duplication", duplication);
    requireProbability("reordering", reordering);
    requireProbability("corruption", corruption);
  }

  static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " is " + value + "; use a probability, 0 to 1");
    }
  }

  /**
   * Changes how long packets take.
   *
   * @param newDelay every packet
   * @param newJitter and by how much that varies
   * @return a changed copy
   */
  public Impairment withDelay(Duration newDelay, Duration newJitter) {
    return new Impairment(newDelay, newJitter, loss, duplication, reordering, corruption);
  }

  /**
   * Changes the share that is lost.
   *
   * @param probability 0 to 1
   * @return a changed copy
   */
  public Impairment withLoss(double probability) {
    return new Impairment(delay, jitter, probability, duplication, reordering, corruption);
  }

  /**
   * Changes the share that arrives twice.
   *
   * @param probability 0 to 1
   * @return a changed copy
   */
  public Impairment withDuplication(double probability) {
    return new Impairment(delay, jitter, loss, probability, reordering, corruption);
  }

  /**
   * Changes the share that is held back.
   *
   * @param probability 0 to 1
   * @return a changed copy
   */
  public Impairment withReordering(double probability) {
    return new Impairment(delay, jitter, loss, duplication, probability, corruption);
  }

  /**
   * Changes the share that arrives with a bit flipped.
   *
   * @param probability 0 to 1
   * @return a changed copy
   */
  public Impairment withCorruption(double probability) {
    return new Impairment(delay, jitter, loss, duplication, reordering, probability);
  }

  /**
   * Says what becomes of a packet.
   *
   * @param seed the path's
   * @param index the packet's number on the path, from 0
   * @return always the same for the same arguments; {@link #delay} is not part of it
   */
  public Fate fate(long seed, long index) {
    if (Draws.chance(seed, index, LOSS, loss)) {
      return Fate.DROP;
    }
    int copies = Draws.chance(seed, index, DUPLICATION, duplication) ? 2 : 1;
    long extra = (long) (jitter.toNanos() * Draws.uniform(seed, index, JITTER));
    if (Draws.chance(seed, index, REORDERING, reordering)) {
      extra += delay.toNanos() + jitter.toNanos() + HELD_BACK_NANOS;
    }
    int bit = Fate.INTACT;
    if (Draws.chance(seed, index, CORRUPTION, corruption)) {
      bit = (int) (Draws.bits(seed, index, WHICH_BIT) >>> 33);
    }
    return new Fate(copies, extra, bit);
  }
}
