package io.tunstack.tcp;

/** What a {@link Scoreboard} has only while something is in flight. */
final class FlightBook {
  /** That of every board that has nothing in flight; nothing is ever written to it. */
  static final FlightBook EMPTY = new FlightBook();

  final Pieces pieces = new Pieces();
  final PieceList flight = new PieceList(pieces);
  final LostPieces lost = new LostPieces(pieces);
  final RangeSet sackedRanges = new RangeSet(Integer.MAX_VALUE);

  int sackedBytes;
  int sackedSegments;
  int lostAgain;
  int highestSacked;
  long lastRetransmission = Long.MIN_VALUE;
  long lastTimeout = Long.MIN_VALUE;

  /** Forgets what is in flight. */
  void clear() {
    pieces.clear();
    flight.clear();
    lost.clear();
    reset();
  }

  /** Makes it as new, except for arrays of a usual size; only while nothing is in flight. */
  void reset() {
    pieces.trim();
    sackedRanges.clear();
    sackedBytes = 0;
    sackedSegments = 0;
    lostAgain = 0;
    highestSacked = 0;
    lastRetransmission = Long.MIN_VALUE;
    lastTimeout = Long.MIN_VALUE;
  }
}
