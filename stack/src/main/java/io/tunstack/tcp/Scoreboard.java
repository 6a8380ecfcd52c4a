package io.tunstack.tcp;

import io.tunstack.wire.Seq;

/**
 * What is in flight, piece by piece: when each left, whether it went again, whether the peer has it
 * (RFC 2018, RFC 6675), whether it is taken for lost.
 *
 * <pre>
 *   by sequence   |  7  |  3  |  4  |  9  |  5  |     a ring of pieces; binary search finds one
 *
 *   in flight     3 - 5 - 7                           by the time they left (RFC 8985)
 *   lost          4                                   by sequence, waiting to be sent again
 *   SACKed        9                                   in neither list
 * </pre>
 *
 * <p>A piece is what left in one transmission and may be many segments; SACK splits it, at
 * segments. Part of a segment that is SACKed counts for nothing: the information is advisory, and a
 * peer cannot make us keep thousands of crumbs. The ranges that are SACKed are kept besides, so
 * that a block which grows by a segment costs the work of a segment, not of the block.
 */
final class Scoreboard {
  /** No piece. */
  static final int NONE = Pieces.NONE;

  private static final byte SACKED = Pieces.SACKED;
  private static final byte LOST = Pieces.LOST;
  private static final byte RETRANSMITTED = Pieces.RETRANSMITTED;

  private final DeliveryRate rate;
  private final Pieces pieces = new Pieces();
  private final PieceList flight = new PieceList(pieces);
  private final LostPieces lost = new LostPieces(pieces);
  private final RangeSet sackedRanges = new RangeSet(Integer.MAX_VALUE);

  private int segment = Sender.DEFAULT_MSS;
  private int sackedBytes;
  private int sackedSegments;
  private int lostAgain;
  private int highestSacked;
  private long lastRetransmission = Long.MIN_VALUE;
  private long lastTimeout = Long.MIN_VALUE;

  Scoreboard(DeliveryRate rate) {
    this.rate = rate;
  }

  /** Says how long a full segment is: SACK is believed by whole ones. */
  void setSegment(int smss) {
    segment = smss;
  }

  boolean isEmpty() {
    return pieces.size() == 0;
  }

  /** Bytes that left and are neither SACKed nor taken for lost: RFC 6675's pipe. */
  int inFlight() {
    return flight.bytes();
  }

  int sackedBytes() {
    return sackedBytes;
  }

  /** How many segments are SACKed. */
  int sackedSegments() {
    return sackedSegments;
  }

  /** Bytes taken for lost and not sent again yet. */
  int lostBytes() {
    return lost.bytes();
  }

  /** The end of the highest SACKed piece, if any is; the start of all otherwise. */
  int highestSacked(int una) {
    return sackedBytes > 0 ? highestSacked : una;
  }

  /** How many retransmissions were taken for lost so far. */
  int lostAgain() {
    return lostAgain;
  }

  // ---- sending -----------------------------------------------------------------------------

  /** Notes a piece of new data that leaves; pieces come in order. */
  void sent(int startSeq, int endSeq, long now) {
    stamp(pieces.append(startSeq, endSeq, now), now);
  }

  /** Notes that a lost piece leaves again. */
  void sentAgain(int piece, long now) {
    lost.remove(piece);
    pieces.flags[piece] |= RETRANSMITTED;
    lastRetransmission = now;
    stamp(piece, now);
  }

  private void stamp(int piece, long now) {
    if (flight.isEmpty()) {
      rate.startInterval(now);
    }
    pieces.sentAt[piece] = now;
    rate.stamp(pieces, piece);
    flight.addLast(piece);
  }

  /**
   * Notes that the first bytes of all, or those of a SYN, left again outside the order of things:
   * what covers them cannot be measured any more.
   */
  void firstSentAgain(long now) {
    lastRetransmission = now;
    if (pieces.size() > 0) {
      pieces.flags[first()] |= RETRANSMITTED;
    }
  }

  // ---- what the peer says ------------------------------------------------------------------

  /** Takes everything before {@code ack} off the board. */
  void acknowledge(int ack, AckSample s) {
    while (pieces.size() > 0 && Seq.lt(pieces.start[first()], ack)) {
      int piece = first();
      if (Seq.gt(pieces.end[piece], ack)) {
        // The rest is no transmission of its own that an acknowledgment could be late for.
        split(0, Seq.distance(pieces.start[piece], ack));
      }
      deliver(piece, s);
      pieces.remove(0);
    }
    sackedRanges.removeBefore(ack);
  }

  /**
   * Takes a SACK block that lies in (SND.UNA, SND.NXT].
   *
   * <p>The work is that of finding it, and of each piece that is SACKed for the first time.
   */
  void sack(int left, int right, AckSample s) {
    int from = alignUp(left);
    int to = alignDown(right);
    if (Seq.ge(from, to)) {
      return;
    }
    boolean first = sackedBytes == 0;
    int at = from;
    int range = sackedRanges.firstEndingAfter(at);
    while (Seq.lt(at, to)) {
      boolean last = range >= sackedRanges.size() || Seq.ge(sackedRanges.start(range), to);
      sackRun(at, last ? to : sackedRanges.start(range), s);
      at = last ? to : sackedRanges.end(range);
      range++;
    }
    sackedRanges.add(from, to);
    highestSacked = first ? to : Seq.max(highestSacked, to);
  }

  /** Marks what lies in [from, to), none of which is SACKed yet. */
  private void sackRun(int from, int to, AckSample s) {
    if (Seq.ge(from, to)) {
      return;
    }
    int i = pieces.indexOf(from);
    while (i < pieces.size()) {
      int piece = pieces.at(i);
      if (Seq.ge(pieces.start[piece], to)) {
        return;
      }
      if (Seq.lt(pieces.start[piece], from)) {
        split(i, Seq.distance(pieces.start[piece], from));
        i++;
        piece = pieces.at(i);
      }
      if (Seq.gt(pieces.end[piece], to)) {
        split(i, Seq.distance(pieces.start[piece], to));
      }
      int length = length(piece);
      deliver(piece, s);
      pieces.flags[piece] |= SACKED;
      sackedBytes += length;
      sackedSegments += segments(length);
      s.newlySacked += length;
      i++;
    }
  }

  /** The first boundary of a segment at or after {@code seq}. */
  private int alignUp(int seq) {
    int i = pieces.indexOf(seq);
    if (i == pieces.size()) {
      return seq;
    }
    int piece = pieces.at(i);
    int start = pieces.start[piece];
    int into = Math.max(0, Seq.distance(start, seq));
    return Seq.min(start + (into + segment - 1) / segment * segment, pieces.end[piece]);
  }

  /** The last boundary of a segment at or before {@code seq}. */
  private int alignDown(int seq) {
    int i = pieces.indexOf(seq - 1);
    if (i == pieces.size()) {
      return seq;
    }
    int piece = pieces.at(i);
    int start = pieces.start[piece];
    return seq == pieces.end[piece] ? seq : start + Seq.distance(start, seq) / segment * segment;
  }

  private void deliver(int piece, AckSample s) {
    int length = length(piece);
    if (pieces.has(piece, SACKED)) {
      // Its news is old: it was told when the block came.
      sackedBytes -= length;
      sackedSegments -= segments(length);
      return;
    }
    if (pieces.has(piece, LOST)) {
      lost.remove(piece);
    } else {
      flight.remove(piece);
    }
    s.delivered += length;
    s.longest = Math.max(s.longest, Math.min(length, segment));
    rate.onDelivered(length, s.now);
    long left = pieces.sentAt[piece];
    int end = pieces.end[piece];
    if (pieces.has(piece, RETRANSMITTED)) {
      s.retransmissionDelivered = true;
      if (s.now - left >= s.minRtt) {
        // Sooner than any round trip: that was the earlier transmission (RFC 8985 §6.2 step 2).
        s.noteNewest(left, end);
      }
    } else {
      s.originalDelivered |= Seq.le(end, s.recoveryPoint);
      s.reordered |= Seq.lt(end, s.priorFack);
      s.noteNewest(left, end);
      if (left >= (s.sackPermitted ? lastTimeout : lastRetransmission)) {
        // Without SACK, what left before a retransmission may only have waited for that one. With
        // it, what was said of it may be lost, and is said again after the time-out.
        s.measure(s.now - left);
      }
    }
    rate.sample(pieces, piece, s);
  }

  /** The peer has dropped what it had SACKed: what it said counts no more (RFC 2018 §8). */
  void forgetSacks() {
    for (int i = 0; i < pieces.size(); i++) {
      int piece = pieces.at(i);
      if (pieces.has(piece, SACKED)) {
        pieces.flags[piece] = (byte) ((pieces.flags[piece] | RETRANSMITTED) & ~SACKED);
        lost.add(piece);
      }
    }
    sackedBytes = 0;
    sackedSegments = 0;
    sackedRanges.clear();
  }

  boolean isFirstSacked() {
    return pieces.size() > 0 && pieces.has(first(), SACKED);
  }

  // ---- losses ------------------------------------------------------------------------------

  /** The piece in flight that left first. */
  int oldestInFlight() {
    return flight.head();
  }

  /** The one that left after it. */
  int nextInFlight(int piece) {
    return pieces.next[piece];
  }

  /** The unacknowledged piece with the lowest sequence numbers. */
  int first() {
    return pieces.size() == 0 ? NONE : pieces.at(0);
  }

  /** The piece with the highest. */
  int last() {
    return pieces.size() == 0 ? NONE : pieces.at(pieces.size() - 1);
  }

  int start(int piece) {
    return pieces.start[piece];
  }

  int end(int piece) {
    return pieces.end[piece];
  }

  int length(int piece) {
    return pieces.length(piece);
  }

  long sentAt(int piece) {
    return pieces.sentAt[piece];
  }

  boolean isRetransmitted(int piece) {
    return pieces.has(piece, RETRANSMITTED);
  }

  boolean isInFlight(int piece) {
    return !pieces.has(piece, SACKED) && !pieces.has(piece, LOST);
  }

  /** The retransmission timer has expired. */
  void timedOut(long now) {
    lastTimeout = now;
  }

  /** How long ago the first unacknowledged piece left, for the last time; 0 if there is none. */
  long firstLatestWait(long now) {
    return isEmpty() ? 0 : now - pieces.sentAt[first()];
  }

  /** How long ago the first unacknowledged piece left, for the first time; 0 if there is none. */
  long firstWait(long now) {
    return isEmpty() ? 0 : now - pieces.firstSentAt[first()];
  }

  /** Takes a piece in flight for lost. */
  void markLost(int piece) {
    flight.remove(piece);
    lostAgain += pieces.has(piece, RETRANSMITTED) ? 1 : 0;
    rate.lost += length(piece);
    lost.add(piece);
  }

  /** Takes the first segment for lost, if it is not already. */
  void markFirstLost(int smss) {
    if (isEmpty() || !isInFlight(first())) {
      return;
    }
    if (length(first()) > smss) {
      split(0, smss);
    }
    markLost(first());
  }

  /** Takes everything in flight for lost. */
  void markAllLost() {
    while (!flight.isEmpty()) {
      markLost(flight.head());
    }
  }

  /** Makes lost neighbours one piece, so that they are cut anew when they leave again. */
  void joinLost() {
    lost.joinAll();
  }

  /** Nothing was lost after all: what waits to go again counts as in flight. */
  void unmarkLost() {
    lastRetransmission = Long.MIN_VALUE;
    lastTimeout = Long.MIN_VALUE;
    int after = NONE;
    while (!lost.isEmpty()) {
      int piece = lost.first();
      lost.remove(piece);
      int candidate = after == NONE ? flight.head() : pieces.next[after];
      while (candidate != NONE && pieces.sentAt[candidate] <= pieces.sentAt[piece]) {
        after = candidate;
        candidate = pieces.next[candidate];
      }
      flight.link(after, piece);
      after = piece;
    }
  }

  /** Where the lowest lost piece starts; only while something is lost. */
  int firstLostStart() {
    return pieces.start[lost.first()];
  }

  /** The lost piece to send next ({@link LostPieces#next}). */
  int nextLost(int limit, int room, int textEnd) {
    return lost.next(limit, room, textEnd);
  }

  /** Makes the lost piece at the end longer: what was never sent leaves with it. */
  void extendLast(int bytes) {
    lost.extend(last(), bytes);
  }

  /** Cuts the last {@code bytes} off the last piece, for a probe; returns what was cut off. */
  int cutLast(int bytes) {
    int piece = last();
    return length(piece) <= bytes ? piece : split(pieces.size() - 1, length(piece) - bytes);
  }

  /** Gives the memory back. */
  void clear() {
    pieces.clear();
    flight.clear();
    lost.clear();
    sackedBytes = 0;
    sackedSegments = 0;
    sackedRanges.clear();
  }

  private int segments(int length) {
    return (length + segment - 1) / segment;
  }

  /** Cuts a piece in two; returns the second, which is in the same state and list. */
  private int split(int i, int offset) {
    int piece = pieces.at(i);
    int before = length(piece);
    int rest = pieces.split(i, offset);
    if (pieces.has(piece, SACKED)) {
      sackedSegments += segments(length(piece)) + segments(length(rest)) - segments(before);
    } else if (pieces.has(piece, LOST)) {
      lost.afterSplit(piece, rest);
    } else {
      flight.afterSplit(piece, rest);
    }
    return rest;
  }
}
