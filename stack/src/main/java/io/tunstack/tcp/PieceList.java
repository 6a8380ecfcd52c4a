package io.tunstack.tcp;

import io.tunstack.wire.Seq;

/** Some of the pieces of a scoreboard, one behind the other; a piece is in one list at most. */
final class PieceList {
  private final Pieces pieces;
  private int head = Pieces.NONE;
  private int tail = Pieces.NONE;
  private int bytes;

  /** Where the last one was put by sequence: they come in runs. */
  private int hint = Pieces.NONE;

  PieceList(Pieces pieces) {
    this.pieces = pieces;
  }

  int head() {
    return head;
  }

  /** How long they are together. */
  int bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return head == Pieces.NONE;
  }

  void addLast(int piece) {
    link(tail, piece);
  }

  /** Puts a piece behind another, or first behind {@link Pieces#NONE}. */
  void link(int before, int piece) {
    int[] next = pieces.next;
    int[] previous = pieces.previous;
    int after = before == Pieces.NONE ? head : next[before];
    previous[piece] = before;
    next[piece] = after;
    if (before == Pieces.NONE) {
      head = piece;
    } else {
      next[before] = piece;
    }
    if (after == Pieces.NONE) {
      tail = piece;
    } else {
      previous[after] = piece;
    }
    bytes += pieces.length(piece);
  }

  /** Puts a piece where its sequence numbers belong, looking from where the last one went. */
  void addInSequence(int piece) {
    int[] start = pieces.start;
    int before = hint == Pieces.NONE ? tail : hint;
    while (before != Pieces.NONE && Seq.gt(start[before], start[piece])) {
      before = pieces.previous[before];
      pieces.steps++;
    }
    int after = before == Pieces.NONE ? head : pieces.next[before];
    while (after != Pieces.NONE && Seq.lt(start[after], start[piece])) {
      before = after;
      after = pieces.next[after];
      pieces.steps++;
    }
    link(before, piece);
    hint = piece;
  }

  void remove(int piece) {
    int[] next = pieces.next;
    int[] previous = pieces.previous;
    if (previous[piece] == Pieces.NONE) {
      head = next[piece];
    } else {
      next[previous[piece]] = next[piece];
    }
    if (next[piece] == Pieces.NONE) {
      tail = previous[piece];
    } else {
      previous[next[piece]] = previous[piece];
    }
    if (hint == piece) {
      hint = Pieces.NONE;
    }
    bytes -= pieces.length(piece);
  }

  /** A piece of this list was cut: its second part comes behind it. */
  void afterSplit(int piece, int rest) {
    bytes -= pieces.length(rest);
    link(piece, rest);
  }

  /** A piece of this list has become longer. */
  void grown(int by) {
    bytes += by;
  }

  void clear() {
    head = Pieces.NONE;
    tail = Pieces.NONE;
    hint = Pieces.NONE;
    bytes = 0;
  }
}
