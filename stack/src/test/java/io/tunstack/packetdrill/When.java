package io.tunstack.packetdrill;

/**
 * When something happens, microseconds.
 *
 * @param relative whether it counts from what came before
 * @param any whether it may happen at any time from now on
 * @param start the time, or the first one
 * @param end the last one; {@code start} if there is one only
 * @param until when a call that blocks returns; -1 if it does not block
 */
record When(boolean relative, boolean any, long start, long end, long until) {
  /** Right behind what came before. */
  static final When NEXT = new When(true, false, 0, 0, -1);

  /** Counted from the beginning of the script. */
  When from(long base) {
    return relative
        ? new When(false, any, base + start, base + end, until < 0 ? -1 : base + until)
        : this;
  }

  /** Reads {@code 0.1}, {@code +.1}, {@code +0~+.1}, {@code +0...0.2} or {@code *}. */
  static When parse(Cursor in) {
    if (in.take("*")) {
      return new When(true, true, 0, 0, -1);
    }
    boolean relative = in.take("+");
    long start = in.micros();
    long end = start;
    long until = -1;
    if (in.take("~")) {
      in.take("+");
      end = in.micros();
    } else if (in.take("...")) {
      until = in.micros();
    }
    return new When(relative, false, start, end, until);
  }
}
