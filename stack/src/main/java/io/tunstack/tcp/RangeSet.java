package io.tunstack.tcp;

import io.tunstack.wire.Seq;
import java.util.Arrays;

/**
 * Disjoint, sorted ranges of sequence numbers, none touching another: what was received out of
 * order. Two primitive arrays with binary search; adding shifts at most as many ints as the cap
 * says, which is a memory move and not a walk.
 */
final class RangeSet {
  private static final int INITIAL = 8;
  private static final int MAX_KEPT = 64;

  /** One that is empty and takes nothing. */
  static final RangeSet NONE = new RangeSet(0);

  private final int maxRanges;
  private int[] starts;
  private int[] ends;
  private int size;

  RangeSet(int maxRanges) {
    this.maxRanges = maxRanges;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  int start(int index) {
    return starts[index];
  }

  int end(int index) {
    return ends[index];
  }

  /** Returns the index of the range that holds {@code seq}, or -1. */
  int indexOf(int seq) {
    int i = firstEndingAfter(seq);
    return i < size && Seq.le(starts[i], seq) ? i : -1;
  }

  /** Returns the index of the first range that ends after {@code seq}; {@link #size()} if none. */
  int firstEndingAfter(int seq) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Seq.gt(ends[middle], seq)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * Adds a range, merging it with those it overlaps or touches.
   *
   * @return false if that would make more ranges than the cap allows; nothing is added then
   */
  boolean add(int start, int end) {
    int from = firstEndingAfter(start - 1);
    int to = from;
    int mergedStart = start;
    int mergedEnd = end;
    while (to < size && Seq.le(starts[to], end)) {
      mergedStart = Seq.min(mergedStart, starts[to]);
      mergedEnd = Seq.max(mergedEnd, ends[to]);
      to++;
    }
    if (to == from) {
      if (size == maxRanges) {
        return false;
      }
      makeRoom(from);
    } else if (to > from + 1) {
      System.arraycopy(starts, to, starts, from + 1, size - to);
      System.arraycopy(ends, to, ends, from + 1, size - to);
      size -= to - from - 1;
    }
    starts[from] = mergedStart;
    ends[from] = mergedEnd;
    return true;
  }

  /** Removes the first range. */
  void removeFirst() {
    size--;
    System.arraycopy(starts, 1, starts, 0, size);
    System.arraycopy(ends, 1, ends, 0, size);
  }

  /** Removes everything before {@code seq}. */
  void removeBefore(int seq) {
    int gone = firstEndingAfter(seq);
    if (gone > 0) {
      size -= gone;
      System.arraycopy(starts, gone, starts, 0, size);
      System.arraycopy(ends, gone, ends, 0, size);
    }
    if (size > 0) {
      starts[0] = Seq.max(starts[0], seq);
    }
  }

  /** Forgets everything; arrays of a usual size stay. */
  void clear() {
    size = 0;
    if (starts != null && starts.length > MAX_KEPT) {
      starts = null;
      ends = null;
    }
  }

  private void makeRoom(int index) {
    if (starts == null) {
      starts = new int[INITIAL];
      ends = new int[INITIAL];
    } else if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    System.arraycopy(starts, index, starts, index + 1, size - index);
    System.arraycopy(ends, index, ends, index + 1, size - index);
    size++;
  }
}
