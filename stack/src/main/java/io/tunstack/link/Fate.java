package io.tunstack.link;

/**
 * What becomes of one packet on an impaired path.
 *
 * @param copies how often it arrives: 0 loses it, 1 delivers it, 2 duplicates it; up to {@link
 *     #MAX_COPIES}
 * @param extraNanos how much later than the path's own delay it arrives, nanoseconds, 0 or more
 * @param flippedBit which bit arrives wrong, counted from the packet's first and modulo its length;
 *     {@link #INTACT} for none
 */
public record Fate(int copies, long extraNanos, int flippedBit) {
  /** Copies at most: more than two says nothing that two do not, and scripts shrink better. */
  public static final int MAX_COPIES = 8;

  /** No bit is flipped. */
  public static final int INTACT = -1;

  /** It arrives once, in time and whole. */
  public static final Fate DELIVER = new Fate(1, 0, INTACT);

  /** It never arrives. */
  public static final Fate DROP = new Fate(0, 0, INTACT);

  /** It arrives twice. */
  public static final Fate DUPLICATE = new Fate(2, 0, INTACT);

  /**
   * Checks the ranges.
   *
   * @param copies 0 to {@link #MAX_COPIES}
   * @param extraNanos 0 or more
   * @param flippedBit 0 or more, or {@link #INTACT}
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public Fate {
    if (copies < 0 || copies > MAX_COPIES) {
      throw new IllegalArgumentException(
          "copies is " + copies + "; use 0 (lost) to " + MAX_COPIES + " (as often as that)");
    }
    if (extraNanos < 0) {
      throw new IllegalArgumentException("extraNanos is " + extraNanos + "; use 0 or more");
    }
    if (flippedBit < INTACT) {
      throw new IllegalArgumentException(
          "flippedBit is " + flippedBit + "; use 0 or more, or INTACT");
    }
  }

  /**
   * A packet that others overtake.
   *
   * @param nanos how much later than usual it arrives, 0 or more
   * @return the fate
   */
  public static Fate delayed(long nanos) {
    return new Fate(1, nanos, INTACT);
  }

  /**
   * A packet that arrives with a bit wrong.
   *
   * @param bit which, counted from the packet's first bit and modulo its length
   * @return the fate
   */
  public static Fate corrupted(int bit) {
    return new Fate(1, 0, bit);
  }
}
