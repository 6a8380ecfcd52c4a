package io.tunstack.link;

/** What one flow has behind it on a line: where its packets' fates come from. */
final class Flow {
  /** From the line's seed and the flow's name; with a packet's number it decides its fate. */
  final long seed;

  /** The number of the next packet. */
  long index;

  /** Whether {@link BurstLoss} is in its bad state. */
  boolean bad;

  Flow(long seed) {
    this.seed = seed;
  }
}
