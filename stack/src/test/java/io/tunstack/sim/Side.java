package io.tunstack.sim;

/** Which of the two hosts. */
enum Side {
  /** Opens actively. */
  CLIENT,
  /** Listens. */
  SERVER;

  Side other() {
    return this == CLIENT ? SERVER : CLIENT;
  }

  /** The byte that this side sends at a position of its stream. */
  byte byteAt(long position) {
    return (byte) (position ^ (position >>> 7) ^ (position >>> 14) * 13 ^ ordinal() * 0x55L);
  }
}
