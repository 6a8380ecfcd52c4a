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
  private final Spares<FlightBook> books;
  private FlightBook book = FlightBook.EMPTY;
  private int segment = Sender.DEFAULT_MSS;

  Scoreboard(DeliveryRate rate, Spares<FlightBook> books) {
    this.rate = rate;
    this.books = books;
  }

  /** Says how long a full segment is: SACK is believed by whole ones. */
  void setSegment(int smss) {
    segment = smss;
  }

  boolean isEmpty() {
    return book.pieces.size() == 0;
  }

  /** Bytes that left and are neither SACKed nor taken for lost: RFC 6675's pipe. */
  int inFlight() {
    return book.flight.bytes();
  }

  int sackedBytes() {
    return book.sackedBytes;
  }

  /** How many segments are SACKed. */
  int sackedSegments() {
    return book.sackedSegments;
  }

  /** Bytes taken for lost and not sent again yet. */
  int lostBytes() {
    return book.lost.bytes();
  }

  /** The end of the highest SACKed piece, if any is; the start of all otherwise. */
  int highestSacked(int una) {
    return book.sackedBytes > 0 ? book.highestSacked : una;
  }

  /** How many retransmissions were taken for lost so far. */
  int lostAgain() {
    return book.lostAgain;
  }

  /** Pieces that were looked at or moved so far. */
  long steps() {
    return book.pieces.steps;
  }

  // ---- sending -----------------------------------------------------------------------------

  /** Notes a piece of new data that leaves; pieces come in order. */
  void sent(int startSeq, int endSeq, long now) {
    if (book == FlightBook.EMPTY) {
      book = books.take();
    }
    stamp(book.pieces.append(startSeq, endSeq, now), now);
  }

  /** Notes that a lost piece leaves again. */
  void sentAgain(int piece, long now) {
    book.lost.remove(piece);
    book.pieces.flags[piece] |= RETRANSMITTED;
    book.lastRetransmission = now;
    stamp(piece, now);
  }

  private void stamp(int piece, long now) {
    if (book.flight.isEmpty()) {
      rate.startInterval(now);
    }
    book.pieces.sentAt[piece] = now;
    rate.stamp(book.pieces, piece);
    book.flight.addLast(piece);
  }

  /**
   * Notes that the first bytes of all, or those of a SYN, left again outside the order of things:
   * what covers them cannot be measured any more.
   */
  void firstSentAgain(long now) {
    if (!isEmpty()) {
      book.lastRetransmission = now;
      book.pieces.flags[first()] |= RETRANSMITTED;
    }
  }

  // ---- what the peer says ------------------------------------------------------------------

  /** Takes everything before {@code ack} off the board. */
  void acknowledge(int ack, AckSample s) {
    while (book.pieces.size() > 0 && Seq.lt(book.pieces.start[first()], ack)) {
      int piece = first();
      if (Seq.gt(book.pieces.end[piece], ack)) {
        // The rest is no transmission of its own that an acknowledgment could be late for.
        split(0, Seq.distance(book.pieces.start[piece], ack));
      }
      deliver(piece, s);
      book.pieces.remove(0);
    }
    book.sackedRanges.removeBefore(ack);
    if (isEmpty()) {
      giveBack();
    }
  }

  /**
   * Takes a SACK block that lies in (SND.UNA, SND.NXT].
   *
   * <p>The work is that of finding it, and of each piece that is SACKed for the first time.
   */
  void sack(int left, int right, AckSample s) {
    int from = alignUp(left);
    int to = alignDown(right);
    if (isEmpty() || Seq.ge(from, to)) {
      return;
    }
    boolean first = book.sackedBytes == 0;
    int at = from;
    int range = book.sackedRanges.firstEndingAfter(at);
    while (Seq.lt(at, to)) {
      boolean last =
          range >= book.sackedRanges.size() || Seq.ge(book.sackedRanges.start(range), to);
      sackRun(at, last ? to : book.sackedRanges.start(range), s);
      at = last ? to : book.sackedRanges.end(range);
      range++;
    }
    book.sackedRanges.add(from, to);
    book.highestSacked = first ? to : Seq.max(book.highestSacked, to);
  }

  /** Marks what lies in [from, to), none of which is SACKed yet. */
  private void sackRun(int from, int to, AckSample s) {
    if (Seq.ge(from, to)) {
      return;
    }
    int i = book.pieces.indexOf(from);
    while (i < book.pieces.size()) {
      book.pieces.steps++;
      int piece = book.pieces.at(i);
      if (Seq.ge(book.pieces.start[piece], to)) {
        return;
      }
      if (Seq.lt(book.pieces.start[piece], from)) {
        split(i, Seq.distance(book.pieces.start[piece], from));
        i++;
        piece = book.pieces.at(i);
      }
      if (Seq.gt(book.pieces.end[piece], to)) {
        split(i, Seq.distance(book.pieces.start[piece], to));
      }
      int length = length(piece);
      deliver(piece, s);
      book.pieces.flags[piece] |= SACKED;
      book.sackedBytes += length;
      book.sackedSegments += segments(length);
      s.newlySacked += length;
      i++;
    }
  }

  /** The first boundary of a segment at or after {@code seq}. */
  private int alignUp(int seq) {
    int i = book.pieces.indexOf(seq);
    if (i == book.pieces.size()) {
      return seq;
    }
    int piece = book.pieces.at(i);
    int start = book.pieces.start[piece];
    int into = Math.max(0, Seq.distance(start, seq));
    return Seq.min(start + (into + segment - 1) / segment * segment, book.pieces.end[piece]);
  }

  /** The last boundary of a segment at or before {@code seq}. */
  private int alignDown(int seq) {
    int i = book.pieces.indexOf(seq - 1);
    if (i == book.pieces.size()) {
      return seq;
    }
    int piece = book.pieces.at(i);
    int start = book.pieces.start[piece];
    return seq == book.pieces.end[piece]
        ? seq
        : start + Seq.distance(start, seq) / segment * segment;
  }

  private void deliver(int piece, AckSample s) {
    int length = length(piece);
    if (book.pieces.has(piece, SACKED)) {
      // Its news is old: it was told when the block came.
      book.sackedBytes -= length;
      book.sackedSegments -= segments(length);
      return;
    }
    if (book.pieces.has(piece, LOST)) {
      book.lost.remove(piece);
    } else {
      book.flight.remove(piece);
    }
    s.delivered += length;
    s.longest = Math.max(s.longest, Math.min(length, segment));
    rate.onDelivered(length, s.now);
    long left = book.pieces.sentAt[piece];
    int end = book.pieces.end[piece];
    if (book.pieces.has(piece, RETRANSMITTED)) {
      s.retransmissionDelivered = true;
      if (s.now - left >= s.minRtt) {
        // Sooner than any round trip: that was the earlier transmission (RFC 8985 §6.2 step 2).
        s.noteNewest(left, end);
      } else {
        s.noteOvertaken(s.now - book.pieces.firstSentAt[piece]);
      }
    } else {
      s.longestTrip = Math.max(s.longestTrip, s.now - left);
      s.originalDelivered |= Seq.le(end, s.recoveryPoint);
      if (Seq.lt(end, s.priorFack)) {
        s.noteOvertaken(s.now - left);
      }
      s.noteNewest(left, end);
      if (left >= (s.sackPermitted ? book.lastTimeout : book.lastRetransmission)) {
        // Without SACK, what left before a retransmission may only have waited for that one. With
        // it, what was said of it may be lost, and is said again after the time-out.
        s.measure(s.now - left);
      }
    }
    rate.sample(book.pieces, piece, s);
  }

  /** The peer has dropped what it had SACKed: what it said counts no more (RFC 2018 §8). */
  void forgetSacks() {
    if (isEmpty()) {
      return;
    }
    for (int i = 0; i < book.pieces.size(); i++) {
      int piece = book.pieces.at(i);
      if (book.pieces.has(piece, SACKED)) {
        book.pieces.flags[piece] = (byte) ((book.pieces.flags[piece] | RETRANSMITTED) & ~SACKED);
        book.lost.add(piece);
      }
    }
    book.sackedBytes = 0;
    book.sackedSegments = 0;
    book.sackedRanges.clear();
  }

  boolean isFirstSacked() {
    return book.pieces.size() > 0 && book.pieces.has(first(), SACKED);
  }

  // ---- losses ------------------------------------------------------------------------------

  /** The piece in flight that left first. */
  int oldestInFlight() {
    return book.flight.head();
  }

  /** The one that left after it. */
  int nextInFlight(int piece) {
    return book.pieces.next[piece];
  }

  /** The unacknowledged piece with the lowest sequence numbers. */
  int first() {
    return book.pieces.size() == 0 ? NONE : book.pieces.at(0);
  }

  /** The piece with the highest. */
  int last() {
    return book.pieces.size() == 0 ? NONE : book.pieces.at(book.pieces.size() - 1);
  }

  int start(int piece) {
    return book.pieces.start[piece];
  }

  int end(int piece) {
    return book.pieces.end[piece];
  }

  int length(int piece) {
    return book.pieces.length(piece);
  }

  long sentAt(int piece) {
    return book.pieces.sentAt[piece];
  }

  boolean isRetransmitted(int piece) {
    return book.pieces.has(piece, RETRANSMITTED);
  }

  boolean isInFlight(int piece) {
    return !book.pieces.has(piece, SACKED) && !book.pieces.has(piece, LOST);
  }

  /** The retransmission timer has expired. */
  void timedOut(long now) {
    if (!isEmpty()) {
      book.lastTimeout = now;
    }
  }

  /** How long ago the first unacknowledged piece left, for the last time; 0 if there is none. */
  long firstLatestWait(long now) {
    return isEmpty() ? 0 : now - book.pieces.sentAt[first()];
  }

  /** How long ago the first unacknowledged piece left, for the first time; 0 if there is none. */
  long firstWait(long now) {
    return isEmpty() ? 0 : now - book.pieces.firstSentAt[first()];
  }

  /** Takes a piece in flight for lost. */
  void markLost(int piece) {
    book.flight.remove(piece);
    book.lostAgain += book.pieces.has(piece, RETRANSMITTED) ? 1 : 0;
    rate.lost += length(piece);
    book.lost.add(piece);
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
    while (!book.flight.isEmpty()) {
      markLost(book.flight.head());
    }
  }

  /** Makes lost neighbours one piece, so that they are cut anew when they leave again. */
  void joinLost() {
    book.lost.joinAll();
  }

  /** Nothing was lost after all: what waits to go again counts as in flight. */
  void unmarkLost() {
    if (isEmpty()) {
      return;
    }
    book.lastRetransmission = Long.MIN_VALUE;
    book.lastTimeout = Long.MIN_VALUE;
    int after = NONE;
    while (!book.lost.isEmpty()) {
      int piece = book.lost.first();
      book.lost.remove(piece);
      int candidate = after == NONE ? book.flight.head() : book.pieces.next[after];
      while (candidate != NONE && book.pieces.sentAt[candidate] <= book.pieces.sentAt[piece]) {
        after = candidate;
        candidate = book.pieces.next[candidate];
      }
      book.flight.link(after, piece);
      after = piece;
    }
  }

  /** Where the lowest lost piece starts; only while something is lost. */
  int firstLostStart() {
    return book.pieces.start[book.lost.first()];
  }

  /** The lost piece to send next ({@link LostPieces#next}). */
  int nextLost(int limit, int room, int textEnd) {
    return book.lost.next(limit, room, textEnd);
  }

  /** Makes the lost piece at the end longer: what was never sent leaves with it. */
  void extendLast(int bytes) {
    book.lost.extend(last(), bytes);
  }

  /** Cuts the last {@code bytes} off the last piece, for a probe; returns what was cut off. */
  int cutLast(int bytes) {
    int piece = last();
    return length(piece) <= bytes ? piece : split(book.pieces.size() - 1, length(piece) - bytes);
  }

  /** Forgets everything. */
  void clear() {
    if (!isEmpty()) {
      book.clear();
      giveBack();
    }
  }

  /** Nothing is in flight, and what the book knows of times past concerns nothing to come. */
  private void giveBack() {
    if (book != FlightBook.EMPTY) {
      book.reset();
      books.give(book);
      book = FlightBook.EMPTY;
    }
  }

  private int segments(int length) {
    return (length + segment - 1) / segment;
  }

  /** Cuts a piece in two; returns the second, which is in the same state and list. */
  private int split(int i, int offset) {
    int piece = book.pieces.at(i);
    int before = length(piece);
    int rest = book.pieces.split(i, offset);
    if (book.pieces.has(piece, SACKED)) {
      book.sackedSegments += segments(length(piece)) + segments(length(rest)) - segments(before);
    } else if (book.pieces.has(piece, LOST)) {
      book.lost.afterSplit(piece, rest);
    } else {
      book.flight.afterSplit(piece, rest);
    }
    return rest;
  }
}
