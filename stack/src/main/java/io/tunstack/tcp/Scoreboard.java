package io.tunstack.tcp;

import io.tunstack.wire.Seq;
import java.util.Arrays;

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
  static final int NONE = -1;

  private static final int INITIAL = 8;
  private static final byte SACKED = 1;
  private static final byte LOST = 2;
  private static final int RETRANSMITTED_SHIFT = 2;
  private static final byte RETRANSMITTED = 1 << RETRANSMITTED_SHIFT;
  private static final byte APP_LIMITED = 8;

  private final DeliveryRate rate;
  private final RangeSet sackedRanges = new RangeSet(Integer.MAX_VALUE);

  // The pieces, by number; a number is free, or in the ring.
  private int[] start;
  private int[] end;
  private int[] next;
  private int[] previous;
  private byte[] flags;
  private long[] sentAt;
  private long[] firstSentAt;
  private long[] deliveredBefore;
  private long[] deliveredAtBefore;
  private long[] intervalSentAt;
  private int free = NONE;

  private int[] order;
  private int head;
  private int size;

  private int flightHead = NONE;
  private int flightTail = NONE;
  private int lostHead = NONE;
  private int lostTail = NONE;

  /** Where the last one was put into the lost list: they come in runs. */
  private int lostHint = NONE;

  private int segment = Sender.DEFAULT_MSS;
  private int inFlight;
  private int sackedBytes;
  private int sackedSegments;
  private int lostBytes;
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
    return size == 0;
  }

  /** Bytes that left and are neither SACKed nor taken for lost: RFC 6675's pipe. */
  int inFlight() {
    return inFlight;
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
    return lostBytes;
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
    if (inFlight == 0) {
      rate.startInterval(now);
    }
    int piece = allocate();
    start[piece] = startSeq;
    end[piece] = endSeq;
    flags[piece] = 0;
    firstSentAt[piece] = now;
    insertInOrder(size, piece);
    stamp(piece, now);
  }

  /** Notes that a lost piece leaves again. */
  void sentAgain(int piece, long now) {
    unlinkLost(piece);
    if (inFlight == 0) {
      rate.startInterval(now);
    }
    flags[piece] |= RETRANSMITTED;
    lastRetransmission = now;
    stamp(piece, now);
  }

  private void stamp(int piece, long now) {
    sentAt[piece] = now;
    deliveredBefore[piece] = rate.delivered;
    deliveredAtBefore[piece] = rate.deliveredAt;
    intervalSentAt[piece] = rate.firstSentAt;
    flags[piece] &= ~APP_LIMITED;
    if (rate.isAppLimited()) {
      flags[piece] |= APP_LIMITED;
    }
    linkFlightBehind(flightTail, piece);
  }

  /**
   * Notes that the first bytes of all, or those of a SYN, left again outside the order of things:
   * what covers them cannot be measured any more.
   */
  void firstSentAgain(long now) {
    lastRetransmission = now;
    if (size > 0) {
      flags[first()] |= RETRANSMITTED;
    }
  }

  // ---- what the peer says ------------------------------------------------------------------

  /** Takes everything before {@code ack} off the board. */
  void acknowledge(int ack, AckSample s) {
    while (size > 0 && Seq.lt(start[first()], ack)) {
      int piece = first();
      if (Seq.gt(end[piece], ack)) {
        int rest = split(0, Seq.distance(start[piece], ack));
        // The rest is no transmission of its own that an acknowledgment could be late for.
        deliver(piece, s);
        removeFromOrder(0);
        assert first() == rest;
        break;
      }
      deliver(piece, s);
      removeFromOrder(0);
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
    int i = indexOf(from);
    while (i < size) {
      int piece = at(i);
      if (Seq.ge(start[piece], to)) {
        return;
      }
      if (Seq.lt(start[piece], from)) {
        split(i, Seq.distance(start[piece], from));
        i++;
        piece = at(i);
      }
      if (Seq.gt(end[piece], to)) {
        split(i, Seq.distance(start[piece], to));
      }
      int length = length(piece);
      deliver(piece, s);
      flags[piece] = (byte) ((flags[piece] | SACKED) & ~LOST);
      sackedBytes += length;
      sackedSegments += segments(length);
      s.newlySacked += length;
      i++;
    }
  }

  /** The first boundary of a segment at or after {@code seq}. */
  private int alignUp(int seq) {
    int i = indexOf(seq);
    if (i == size) {
      return seq;
    }
    int piece = at(i);
    int into = Math.max(0, Seq.distance(start[piece], seq));
    int aligned = start[piece] + (into + segment - 1) / segment * segment;
    return Seq.min(aligned, end[piece]);
  }

  /** The last boundary of a segment at or before {@code seq}. */
  private int alignDown(int seq) {
    int i = indexOf(seq - 1);
    if (i == size) {
      return seq;
    }
    int piece = at(i);
    int into = Seq.distance(start[piece], seq);
    return seq == end[piece] ? seq : start[piece] + into / segment * segment;
  }

  private void deliver(int piece, AckSample s) {
    int length = length(piece);
    if ((flags[piece] & SACKED) != 0) {
      // Its news is old: it was told when the block came.
      sackedBytes -= length;
      sackedSegments -= segments(length);
      return;
    }
    if ((flags[piece] & LOST) != 0) {
      unlinkLost(piece);
    } else {
      unlinkFlight(piece);
    }
    s.delivered += length;
    s.longest = Math.max(s.longest, Math.min(length, segment));
    rate.onDelivered(length, s.now);
    if ((flags[piece] & RETRANSMITTED) != 0) {
      s.retransmissionDelivered = true;
      if (s.now - sentAt[piece] >= s.minRtt) {
        // Sooner than any round trip: that was the earlier transmission (RFC 8985 §6.2 step 2).
        s.noteNewest(sentAt[piece], end[piece]);
      }
    } else {
      s.originalDelivered |= Seq.le(end[piece], s.recoveryPoint);
      s.reordered |= Seq.lt(end[piece], s.priorFack);
      s.noteNewest(sentAt[piece], end[piece]);
      if (sentAt[piece] >= (s.sackPermitted ? lastTimeout : lastRetransmission)) {
        // Without SACK, what left before a retransmission may only have waited for that one. With
        // it, what was said of it may be lost, and is said again after the time-out.
        s.measure(s.now - sentAt[piece]);
      }
    }
    sampleRate(piece, s);
  }

  private void sampleRate(int piece, AckSample s) {
    if (s.rateInterval == 0 || deliveredBefore[piece] >= s.priorDelivered) {
      s.priorDelivered = deliveredBefore[piece];
      s.appLimited = (flags[piece] & APP_LIMITED) != 0;
      long sending = sentAt[piece] - intervalSentAt[piece];
      s.rateInterval = Math.max(1, Math.max(sending, s.now - deliveredAtBefore[piece]));
      rate.firstSentAt = sentAt[piece];
    }
  }

  /** The peer has dropped what it had SACKed: what it said counts no more (RFC 2018 §8). */
  void forgetSacks() {
    for (int i = 0; i < size; i++) {
      int piece = at(i);
      if ((flags[piece] & SACKED) != 0) {
        flags[piece] = (byte) ((flags[piece] | LOST | RETRANSMITTED) & ~SACKED);
        linkLost(piece);
      }
    }
    sackedBytes = 0;
    sackedSegments = 0;
    sackedRanges.clear();
  }

  boolean isFirstSacked() {
    return size > 0 && (flags[first()] & SACKED) != 0;
  }

  // ---- losses ------------------------------------------------------------------------------

  /** The piece in flight that left first. */
  int oldestInFlight() {
    return flightHead;
  }

  /** The one that left after it. */
  int nextInFlight(int piece) {
    return next[piece];
  }

  /** The unacknowledged piece with the lowest sequence numbers. */
  int first() {
    return size == 0 ? NONE : order[head];
  }

  /** The piece with the highest. */
  int last() {
    return size == 0 ? NONE : at(size - 1);
  }

  int start(int piece) {
    return start[piece];
  }

  int end(int piece) {
    return end[piece];
  }

  int length(int piece) {
    return Seq.distance(start[piece], end[piece]);
  }

  long sentAt(int piece) {
    return sentAt[piece];
  }

  boolean isRetransmitted(int piece) {
    return (flags[piece] & RETRANSMITTED) != 0;
  }

  boolean isInFlight(int piece) {
    return (flags[piece] & (SACKED | LOST)) == 0;
  }

  /** The retransmission timer has expired. */
  void timedOut(long now) {
    lastTimeout = now;
  }

  /** How long ago the first unacknowledged piece left, for the last time; 0 if there is none. */
  long firstLatestWait(long now) {
    return size == 0 ? 0 : now - sentAt[first()];
  }

  /** How long ago the first unacknowledged piece left, for the first time; 0 if there is none. */
  long firstWait(long now) {
    return size == 0 ? 0 : now - firstSentAt[first()];
  }

  /** Takes a piece in flight for lost. */
  void markLost(int piece) {
    unlinkFlight(piece);
    lostAgain += flags[piece] >> RETRANSMITTED_SHIFT & 1;
    flags[piece] |= LOST;
    rate.lost += length(piece);
    linkLost(piece);
  }

  /** Takes the first segment for lost, if it is not already. */
  void markFirstLost(int smss) {
    if (size == 0 || !isInFlight(first())) {
      return;
    }
    if (length(first()) > smss) {
      split(0, smss);
    }
    markLost(first());
  }

  /** Takes everything in flight for lost. */
  void markAllLost() {
    while (flightHead != NONE) {
      markLost(flightHead);
    }
  }

  /** Makes lost neighbours one piece, so that they are cut anew when they leave again. */
  void joinLost() {
    int i = 0;
    while (i + 1 < size) {
      int piece = at(i);
      int follower = at(i + 1);
      if ((flags[piece] & flags[follower] & LOST) != 0) {
        join(piece, i + 1);
      } else {
        i++;
      }
    }
  }

  /** Makes the lost piece at {@code i} part of the lost one before it. */
  private void join(int piece, int i) {
    int follower = at(i);
    unlinkLost(follower);
    lostBytes += length(follower);
    end[piece] = end[follower];
    flags[piece] |= flags[follower];
    removeFromOrder(i);
  }

  /** Nothing was lost after all: what waits to go again counts as in flight. */
  void unmarkLost() {
    lastRetransmission = Long.MIN_VALUE;
    lastTimeout = Long.MIN_VALUE;
    int after = NONE;
    while (lostHead != NONE) {
      int piece = lostHead;
      unlinkLost(piece);
      int candidate = after == NONE ? flightHead : next[after];
      while (candidate != NONE && sentAt[candidate] <= sentAt[piece]) {
        after = candidate;
        candidate = next[candidate];
      }
      linkFlightBehind(after, piece);
      after = piece;
    }
  }

  /** Where the lowest lost piece starts; only while something is lost. */
  int firstLostStart() {
    return start[lostHead];
  }

  /**
   * The lost piece to send next, the lowest, cut or joined with its lost neighbours to a length
   * that fits; {@link #NONE} if none is lost.
   *
   * @param limit bytes of text at most, above 0
   * @param room sequence numbers at most, above 0: the peer's window counts the FIN too
   * @param textEnd where the text ends; a FIN behind it adds nothing to the text
   */
  int nextLost(int limit, int room, int textEnd) {
    int piece = lostHead;
    if (piece == NONE) {
      return NONE;
    }
    int i = indexOf(start[piece]);
    int most = Math.min(limit, room);
    if (Seq.distance(start[piece], Seq.min(end[piece], textEnd)) > most) {
      split(i, most);
      return piece;
    }
    if (length(piece) > room) {
      split(i, room);
      return piece;
    }
    while (i + 1 < size && (flags[at(i + 1)] & LOST) != 0) {
      int follower = at(i + 1);
      if (Seq.distance(start[piece], Seq.min(end[follower], textEnd)) > most
          || Seq.distance(start[piece], end[follower]) > room) {
        break;
      }
      join(piece, i + 1);
    }
    return piece;
  }

  /** Makes the lost piece at the end longer: what was never sent leaves with it. */
  void extendLast(int bytes) {
    end[last()] += bytes;
    lostBytes += bytes;
  }

  /** Cuts the last {@code bytes} off the last piece, for a probe; returns what was cut off. */
  int cutLast(int bytes) {
    int piece = last();
    return length(piece) <= bytes ? piece : split(size - 1, length(piece) - bytes);
  }

  /** Gives the memory back. */
  void clear() {
    start = null;
    order = null;
    free = NONE;
    head = 0;
    size = 0;
    flightHead = NONE;
    flightTail = NONE;
    lostHead = NONE;
    lostTail = NONE;
    lostHint = NONE;
    inFlight = 0;
    sackedBytes = 0;
    sackedSegments = 0;
    lostBytes = 0;
    sackedRanges.clear();
  }

  // ---- the lists ---------------------------------------------------------------------------

  private int segments(int length) {
    return (length + segment - 1) / segment;
  }

  private void linkFlightBehind(int before, int piece) {
    int after = before == NONE ? flightHead : next[before];
    previous[piece] = before;
    next[piece] = after;
    if (before == NONE) {
      flightHead = piece;
    } else {
      next[before] = piece;
    }
    if (after == NONE) {
      flightTail = piece;
    } else {
      previous[after] = piece;
    }
    inFlight += length(piece);
  }

  private void unlinkFlight(int piece) {
    if (previous[piece] == NONE) {
      flightHead = next[piece];
    } else {
      next[previous[piece]] = next[piece];
    }
    if (next[piece] == NONE) {
      flightTail = previous[piece];
    } else {
      previous[next[piece]] = previous[piece];
    }
    inFlight -= length(piece);
  }

  /** By sequence; found from where the last one went, because they come in runs. */
  private void linkLost(int piece) {
    int before = lostHint == NONE ? lostTail : lostHint;
    while (before != NONE && Seq.gt(start[before], start[piece])) {
      before = previous[before];
    }
    int after = before == NONE ? lostHead : next[before];
    while (after != NONE && Seq.lt(start[after], start[piece])) {
      before = after;
      after = next[after];
    }
    previous[piece] = before;
    next[piece] = after;
    if (before == NONE) {
      lostHead = piece;
    } else {
      next[before] = piece;
    }
    if (after == NONE) {
      lostTail = piece;
    } else {
      previous[after] = piece;
    }
    lostHint = piece;
    lostBytes += length(piece);
  }

  private void unlinkLost(int piece) {
    if (previous[piece] == NONE) {
      lostHead = next[piece];
    } else {
      next[previous[piece]] = next[piece];
    }
    if (next[piece] == NONE) {
      lostTail = previous[piece];
    } else {
      previous[next[piece]] = previous[piece];
    }
    if (lostHint == piece) {
      lostHint = NONE;
    }
    flags[piece] &= ~LOST;
    lostBytes -= length(piece);
  }

  // ---- the ring and the pieces -------------------------------------------------------------

  private int at(int i) {
    return order[(head + i) & (order.length - 1)];
  }

  /** The place in the ring of the first piece that ends after {@code seq}; the size if none. */
  private int indexOf(int seq) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Seq.gt(end[at(middle)], seq)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Cuts a piece in two; returns the second, which is in the same state and list. */
  private int split(int i, int offset) {
    int rest = allocate();
    int piece = at(i);
    boolean sacked = (flags[piece] & SACKED) != 0;
    int before = length(piece);
    start[rest] = start[piece] + offset;
    end[rest] = end[piece];
    flags[rest] = flags[piece];
    sentAt[rest] = sentAt[piece];
    firstSentAt[rest] = firstSentAt[piece];
    deliveredBefore[rest] = deliveredBefore[piece];
    deliveredAtBefore[rest] = deliveredAtBefore[piece];
    intervalSentAt[rest] = intervalSentAt[piece];
    end[piece] = start[rest];
    insertInOrder(i + 1, rest);
    if (sacked) {
      sackedSegments += segments(length(piece)) + segments(length(rest)) - segments(before);
    } else if ((flags[piece] & LOST) != 0) {
      lostBytes -= length(rest);
      lostHint = piece;
      linkLost(rest);
    } else {
      inFlight -= length(rest);
      linkFlightBehind(piece, rest);
    }
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

  private void insertInOrder(int i, int piece) {
    int mask = order.length - 1;
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

  private void removeFromOrder(int i) {
    int piece = at(i);
    int mask = order.length - 1;
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
}
