package io.tunstack.tcp;

import io.tunstack.wire.Seq;

/**
 * What of a scoreboard is taken for lost and waits to be sent again, by sequence: cut and joined to
 * what one packet carries when its turn comes, whatever it left as before.
 */
final class LostPieces {
  private final Pieces pieces;
  private final PieceList list;

  LostPieces(Pieces pieces) {
    this.pieces = pieces;
    this.list = new PieceList(pieces);
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  int bytes() {
    return list.bytes();
  }

  /** The lowest. */
  int first() {
    return list.head();
  }

  void add(int piece) {
    pieces.flags[piece] |= Pieces.LOST;
    list.addInSequence(piece);
  }

  void remove(int piece) {
    pieces.flags[piece] &= ~Pieces.LOST;
    list.remove(piece);
  }

  /** A lost piece was cut: its second part is lost too. */
  void afterSplit(int piece, int rest) {
    list.afterSplit(piece, rest);
  }

  /**
   * The piece to send next, the lowest, cut or joined with its lost neighbours to a length that
   * fits; {@link Pieces#NONE} if none is lost.
   *
   * @param limit bytes of text at most, above 0
   * @param room sequence numbers at most, above 0: the peer's window counts the FIN too
   * @param textEnd where the text ends; a FIN behind it adds nothing to the text
   */
  int next(int limit, int room, int textEnd) {
    int piece = first();
    if (piece == Pieces.NONE) {
      return Pieces.NONE;
    }
    int start = pieces.start[piece];
    int i = pieces.indexOf(start);
    int most = Math.min(limit, room);
    if (textLength(start, pieces.end[piece], textEnd) > most) {
      split(i, most);
      return piece;
    }
    if (pieces.length(piece) > room) {
      split(i, room);
      return piece;
    }
    while (isLostAt(i + 1)) {
      int end = pieces.end[pieces.at(i + 1)];
      if (textLength(start, end, textEnd) > most || Seq.distance(start, end) > room) {
        break;
      }
      joinFollower(i);
    }
    return piece;
  }

  private static int textLength(int start, int end, int textEnd) {
    return Seq.distance(start, Seq.min(end, textEnd));
  }

  private boolean isLostAt(int i) {
    return i < pieces.size() && pieces.has(pieces.at(i), Pieces.LOST);
  }

  private void split(int i, int offset) {
    int rest = pieces.split(i, offset);
    list.afterSplit(pieces.at(i), rest);
  }

  /** Makes neighbours one piece, so that they are cut anew when they leave again. */
  void joinAll() {
    int i = 0;
    while (i + 1 < pieces.size()) {
      if (isLostAt(i) && isLostAt(i + 1)) {
        joinFollower(i);
      } else {
        i++;
      }
    }
  }

  /** Makes the lost piece behind the one at {@code i} part of it. */
  private void joinFollower(int i) {
    int piece = pieces.at(i);
    int follower = pieces.at(i + 1);
    pieces.flags[piece] |= pieces.flags[follower];
    list.remove(follower);
    extend(piece, pieces.length(follower));
    pieces.remove(i + 1);
  }

  /** Makes a piece longer. */
  void extend(int piece, int bytes) {
    pieces.end[piece] += bytes;
    list.grown(bytes);
  }

  void clear() {
    list.clear();
  }
}
