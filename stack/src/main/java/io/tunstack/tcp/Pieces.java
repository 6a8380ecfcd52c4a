package io.tunstack.tcp;

import io.tunstack.wire.Seq;
import java.util.Arrays;

/**
 * The pieces of a {@link Scoreboard}: a number for each, arrays of what is known of it, and a ring
 * of the numbers by sequence.
 *
 * <pre>
 *   order    | 7 | 3 | 4 | 9 |         by sequence; binary search finds one
 *              |
 *              +--&gt; start[7], end[7], sentAt[7], ...
 * </pre>
 *
 * <p>No object is made for a piece, and the arrays only grow: in steady state a segment costs no
 * allocation.
 */
final class Pieces {
  /** No piece. */
  static final int NONE = -1;

  static final byte SACKED = 1;
  static final byte LOST = 2;
  static final byte RETRANSMITTED = 4;
  static final byte APP_LIMITED = 8;

  private static final int INITIAL = 8;

  /** Arrays beyond this are left to the collector: few connections need them at a time. */
  private static final int MAX_KEPT = 1_024;

  int[] start;
  int[] end;

  /** Pieces that were looked at or moved, which must not grow with how many there are. */
  long steps;

  /** The neighbours in the {@link PieceList} that a piece is in. */
  int[] next;

  int[] previous;

  byte[] flags;

  /** When it left, the last time and the first. */
  long[] sentAt;

  long[] firstSentAt;

  /** What {@link DeliveryRate} knew when it left. */
  long[] deliveredBefore;

  long[] deliveredAtBefore;
  long[] intervalSentAt;

  private int free = NONE;
  private int[] order;
  private int head;
  private int size;

  int size() {
    return size;
  }

  /** The piece at a place in the order of sequence. */
  int at(int i) {
    return order[(head + i) & (order.length - 1)];
  }

  int length(int piece) {
    return Seq.distance(start[piece], end[piece]);
  }

  boolean has(int piece, byte flag) {
    return (flags[piece] & flag) != 0;
  }

  /** The place of the first piece that ends after {@code seq}; the size if none does. */
  int indexOf(int seq) {
    int low = 0;
    int high = size;
    while (low < high) {
      steps++;
      int middle = (low + high) >>> 1;
      if (Seq.gt(end[at(middle)], seq)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** A new piece behind all others. */
  int append(int startSeq, int endSeq, long now) {
    int piece = allocate();
    start[piece] = startSeq;
    end[piece] = endSeq;
    flags[piece] = 0;
    firstSentAt[piece] = now;
    insert(size, piece);
    return piece;
  }

  /**
   * Cuts the piece at {@code i} in two; returns the second, which is as the first but in no list.
   */
  int split(int i, int offset) {
    int rest = allocate();
    int piece = at(i);
    start[rest] = start[piece] + offset;
    end[rest] = end[piece];
    end[piece] = start[rest];
    flags[rest] = flags[piece];
    sentAt[rest] = sentAt[piece];
    firstSentAt[rest] = firstSentAt[piece];
    deliveredBefore[rest] = deliveredBefore[piece];
    deliveredAtBefore[rest] = deliveredAtBefore[piece];
    intervalSentAt[rest] = intervalSentAt[piece];
    insert(i + 1, rest);
    return rest;
  }

  private int allocate() {
    if (start == null) {
      create();
    } else if (free == NONE) {
      enlarge();
    }
    int piece = free;
    free = next[piece];
    return piece;
  }

  private void create() {
    start = new int[INITIAL];
    end = new int[INITIAL];
    next = new int[INITIAL];
    previous = new int[INITIAL];
    flags = new byte[INITIAL];
    sentAt = new long[INITIAL];
    firstSentAt = new long[INITIAL];
    deliveredBefore = new long[INITIAL];
    deliveredAtBefore = new long[INITIAL];
    intervalSentAt = new long[INITIAL];
    order = new int[INITIAL];
    addFree(0);
  }

  private void enlarge() {
    int length = start.length;
    start = Arrays.copyOf(start, length * 2);
    end = Arrays.copyOf(end, length * 2);
    next = Arrays.copyOf(next, length * 2);
    previous = Arrays.copyOf(previous, length * 2);
    flags = Arrays.copyOf(flags, length * 2);
    sentAt = Arrays.copyOf(sentAt, length * 2);
    firstSentAt = Arrays.copyOf(firstSentAt, length * 2);
    deliveredBefore = Arrays.copyOf(deliveredBefore, length * 2);
    deliveredAtBefore = Arrays.copyOf(deliveredAtBefore, length * 2);
    intervalSentAt = Arrays.copyOf(intervalSentAt, length * 2);
    int[] newOrder = new int[length * 2];
    for (int i = 0; i < size; i++) {
      newOrder[i] = at(i);
    }
    order = newOrder;
    head = 0;
    addFree(length);
  }

  private void addFree(int from) {
    for (int piece = start.length - 1; piece >= from; piece--) {
      next[piece] = free;
      free = piece;
    }
  }

  private void insert(int i, int piece) {
    int mask = order.length - 1;
    steps += Math.min(i, size - i);
    if (i <= size / 2) {
      head = (head - 1) & mask;
      for (int k = 0; k < i; k++) {
        order[(head + k) & mask] = order[(head + k + 1) & mask];
      }
    } else {
      for (int k = size; k > i; k--) {
        order[(head + k) & mask] = order[(head + k - 1) & mask];
      }
    }
    order[(head + i) & mask] = piece;
    size++;
  }

  /** Takes the piece at {@code i} out, and its number is free. */
  void remove(int i) {
    int piece = at(i);
    int mask = order.length - 1;
    steps += 1 + Math.min(i, size - 1 - i);
    if (i <= size / 2) {
      for (int k = i; k > 0; k--) {
        order[(head + k) & mask] = order[(head + k - 1) & mask];
      }
      head = (head + 1) & mask;
    } else {
      for (int k = i; k + 1 < size; k++) {
        order[(head + k) & mask] = order[(head + k + 1) & mask];
      }
    }
    size--;
    next[piece] = free;
    free = piece;
  }

  /** Gives the memory back if it is much; only while there is no piece. */
  void trim() {
    if (start != null && start.length > MAX_KEPT) {
      clear();
    }
  }

  /** Gives the memory back. */
  void clear() {
    start = null;
    order = null;
    free = NONE;
    head = 0;
    size = 0;
  }
}
