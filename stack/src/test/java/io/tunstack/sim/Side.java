package io.tunstack.sim;

/** Which of the two hosts. */
enum Side {
  /** Opens actively. */
  CLIENT(0x00),
  /** Listens. */
  SERVER(0x55);

  /** Makes the two streams differ at every position. */
  private final int mask;

  Side(int mask) {
    this.mask = mask;
  }

  Side other() {
    return this == CLIENT ? SERVER : CLIENT;
  }

  /** The byte that this side sends at a position of its stream. */
  byte byteAt(long position) {
    return (byte) (position ^ (position >>> 7) ^ (position >>> 14) * 13 ^ mask);
  }
}
