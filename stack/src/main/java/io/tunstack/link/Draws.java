package io.tunstack.link;

/**
 * Random numbers that are a function of where they are drawn: the same seed, packet and draw give
 * the same number, in whatever order they are asked for.
 */
final class Draws {
  /** An odd number without pattern: 2⁶⁴ over the golden ratio. */
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  /** Random numbers that one packet may take. */
  private static final int PER_PACKET = 16;

  private Draws() {}

  /** A seed that has nothing to do with the one it comes from. */
  static long derive(long seed, long which) {
    return mix(seed + mix(which + GAMMA));
  }

  /**
   * Draws for a packet.
   *
   * @param draw which of the packet's numbers, 0 to 15
   * @return 64 bits
   */
  static long bits(long seed, long index, int draw) {
    return mix(seed + (index * PER_PACKET + draw + 1) * GAMMA);
  }

  /**
   * Draws for a packet.
   *
   * @return evenly spread from 0 to 1, without 1
   */
  static double uniform(long seed, long index, int draw) {
    return (bits(seed, index, draw) >>> 11) * 0x1.0p-53;
  }

  /** Decides for a packet; never true where the probability is 0. */
  static boolean chance(long seed, long index, int draw, double probability) {
    return probability > 0 && uniform(seed, index, draw) < probability;
  }

  /** A bijection of 64 bits in which every bit of the input moves half of those of the output. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
