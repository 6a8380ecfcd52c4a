package io.tunstack.sim;

/** Millions of numbers without an object for each: open addressing, half full at most. */
final class LongSet {
  private static final int INITIAL = 1 << 16;

  private long[] slots = new long[INITIAL];
  private int size;

  /** Zero marks a free slot, so the number zero is kept apart. */
  private boolean hasZero;

  long size() {
    return (long) size + (hasZero ? 1 : 0);
  }

  /** Adds a number; false if it was there. */
  boolean add(long value) {
    if (value == 0) {
      boolean isNew = !hasZero;
      hasZero = true;
      return isNew;
    }
    if (size * 2 >= slots.length) {
      grow();
    }
    return put(value);
  }

  private boolean put(long value) {
    int at = (int) (value ^ (value >>> 32)) & (slots.length - 1);
    while (slots[at] != 0) {
      if (slots[at] == value) {
        return false;
      }
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = value;
    size++;
    return true;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    size = 0;
    for (long value : old) {
      if (value != 0) {
        put(value);
      }
    }
  }
}
