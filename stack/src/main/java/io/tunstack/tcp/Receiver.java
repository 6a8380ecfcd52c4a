package io.tunstack.tcp;

import io.tunstack.memory.SlabPool;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpOptions;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The receiving half of a connection: RCV.NXT, the window we offer, what came out of order, and
 * when an acknowledgment is due.
 */
final class Receiver {
  /** Two full segments: RFC 5681 §4.2's "at least every second". */
  private static final int SEGMENTS_PER_ACK = 2;

  /** What a connection is offered at most while memory is short: enough to go on. */
  private static final int PRESSED_WINDOW = SlabPool.SLAB_BYTES;

  /** The part of the buffer by which rounding may exceed it. */
  private static final int ROUNDING_SLACK = 8;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private static final int NO_TEXT_YET = -1;

  private final TcpConfig config;
  private final SlabPool pool;

  /** Null until more has come than the buffer could be too small for. */
  private ReceiveTuning tuning;

  /** How much may wait to be read. */
  private int capacity;

  /** The largest capacity there has been: what was offered in its time is still offered. */
  private int largestCapacity;

  private int growthLimit;

  private final ReceiveQueue queue;

  int irs;

  /** The shift that the peer applies to our window; 0 unless both SYNs carried the option. */
  byte shift;

  /** What our SYN says. */
  private final byte offeredShift;

  /** The right edge of the window as the peer knows it: it never moves left. */
  private int edge;

  /** What our SYN offered; 0 before it has left. */
  private char synWindow;

  /** Last.ACK.sent of RFC 7323 §4.3. */
  int lastAckSent;

  /** The largest text seen: what a full segment of this peer's is; a packet has 16 bits of it. */
  private char peerSegment;

  /** How many acknowledgments still leave at once; {@link #NO_TEXT_YET} before the first text. */
  private short quickAcks = NO_TEXT_YET;

  /** The application answers soon after it has received: acknowledgments wait for its text. */
  private boolean interactive;

  /** When text came last, in milliseconds: a connection that does nothing should be small. */
  private int lastTextMillis;

  /** RCV.UP, once the peer has set URG. */
  private int urgentEnd;

  private boolean urgentKnown;
  private boolean finKnown;
  private int finSeq;
  private boolean finReceived;

  /** Set while in-order data waits for an acknowledgment that may still find company. */
  boolean ackNow;

  /** The application has read since the last acknowledgment: the window may have opened. */
  private boolean drained;

  /** The last window we sent was zero. */
  private boolean zeroAdvertised;

  /**
   * First sequence numbers of the ranges reported last, the latest first (RFC 2018 §4); null until
   * something comes out of order.
   */
  private int[] recent;

  private byte recentCount;

  /** What came twice and is to be told with the next acknowledgment (RFC 2883). */
  private boolean duplicateDue;

  private int duplicateStart;
  private int duplicateEnd;

  Receiver(Workspace workspace, TcpConfig config, ConnectionOptions options) {
    this.config = config;
    this.pool = workspace.slabs;
    this.capacity = options.receiveBufferBytes();
    this.largestCapacity = capacity;
    this.growthLimit = growthLimit(config, options);
    this.offeredShift = (byte) shiftToOffer(config, options);
    this.queue = new ReceiveQueue(workspace);
  }

  /** The peer's SYN has come. */
  void start(int initialSequence) {
    irs = initialSequence;
    queue.startAt(irs + 1);
    // What our own SYN offered, if it has left already, holds from here.
    edge = irs + 1 + synWindow;
    lastAckSent = irs + 1;
  }

  int rcvNxt() {
    return queue.rcvNxt() + (finReceived ? 1 : 0);
  }

  /** RCV.WND: what the peer may send, as it knows it. */
  int window() {
    return Math.max(0, Seq.distance(rcvNxt(), edge));
  }

  boolean finReceived() {
    return finReceived;
  }

  int readable() {
    return queue.readable();
  }

  /** Whether everything before the peer's FIN has been read. */
  boolean atEnd() {
    return finReceived && queue.readable() == 0;
  }

  int read(ByteBuffer target) {
    return noteRead(queue.read(target));
  }

  /** Shows what {@link #read} would copy; answers how much of it was taken. */
  int take(Consumer<ByteBuffer> taker) {
    return noteRead(queue.take(taker));
  }

  private int noteRead(int bytes) {
    drained |= bytes > 0;
    // Forgotten in time: half of all numbers later it would seem to lie ahead again.
    urgentKnown &= urgentRemaining() > 0;
    return bytes;
  }

  /**
   * Takes an urgent pointer (RFC 9293 §3.8.5): the number behind the last urgent byte.
   *
   * @return whether there is more urgent data to come for the application than it knew (MUST-32)
   */
  boolean urgent(int end) {
    int read = queue.rcvNxt() - queue.readable();
    if (Seq.le(end, read) || (urgentKnown && Seq.le(end, urgentEnd))) {
      return false;
    }
    urgentKnown = true;
    urgentEnd = end;
    return true;
  }

  /** How many bytes are left to read up to the end of urgent data (MUST-33). */
  int urgentRemaining() {
    int read = queue.rcvNxt() - queue.readable();
    return urgentKnown ? Math.max(0, Seq.distance(read, urgentEnd)) : 0;
  }

  /** Copies out what {@link #read} would, and leaves it there. */
  int peek(ByteBuffer target) {
    return queue.peek(target);
  }

  /**
   * Changes how much is kept unread. The window grows at the next opportunity, as far as the shift
   * that was agreed can express it; it never shrinks, but stays where it is until the smaller
   * buffer has caught up.
   */
  void setBuffer(ConnectionOptions options) {
    int bytes = options.receiveBufferBytes();
    drained |= bytes > capacity;
    capacity = bytes;
    largestCapacity = Math.max(largestCapacity, bytes);
    growthLimit = growthLimit(config, options);
  }

  boolean hasOutOfOrder() {
    return !queue.outOfOrder().isEmpty();
  }

  int outOfOrderRanges() {
    return queue.outOfOrder().size();
  }

  /** How far the buffer may grow by itself: not at all once the application has chosen it. */
  private static int growthLimit(TcpConfig config, ConnectionOptions options) {
    int chosen = options.receiveBufferBytes();
    return chosen == config.receiveBufferBytes() ? config.maxReceiveBufferBytes() : chosen;
  }

  /** The shift to offer: the smallest with which 16 bits express the largest buffer. */
  static int shiftToOffer(TcpConfig config, ConnectionOptions options) {
    int largest = growthLimit(config, options);
    int offer = 0;
    while (offer < TcpOptions.MAX_WINDOW_SHIFT && largest >>> offer > 0xffff) {
      offer++;
    }
    return offer;
  }

  /** What our SYN says; once it does it stays, whatever becomes of the buffer. */
  byte shiftToOffer() {
    return offeredShift;
  }

  /** The window for a SYN, which is never scaled (RFC 7323 §2.2). */
  static int windowForSyn(ConnectionOptions options) {
    return Math.min(0xffff, options.receiveBufferBytes());
  }

  /** Notes that a SYN leaves; answers its window. */
  int windowForSyn() {
    synWindow = (char) Math.min(0xffff, capacity);
    edge = Seq.max(edge, queue.rcvNxt() + synWindow);
    return synWindow;
  }

  /**
   * The window field for a segment that leaves now. The edge moves only by the smaller of a segment
   * and half the buffer (RFC 9293 §3.8.6.2.2); where it stays, the field is rounded up, so that
   * scaling does not take back what was offered. Each rounding moves the edge a little, and a peer
   * that sends little pieces could move it for ever; so once it is an eighth past the buffer, which
   * full segments never bring about, the field is rounded down. {@link #edge} still takes what was
   * offered before (RFC 7323 §2.4).
   */
  int windowField(int smss) {
    int nxt = rcvNxt();
    int candidate = candidateEdge();
    if (Seq.distance(edge, candidate) >= Math.min(smss, capacity / 2)) {
      edge = candidate;
    }
    int unit = 1 << shift;
    int open = Math.max(0, Seq.distance(nxt, edge));
    int rounded = (open + unit - 1) >>> shift;
    int limit = largestCapacity + largestCapacity / ROUNDING_SLACK;
    if (queue.readable() + (rounded << shift) > limit) {
      rounded = open >>> shift;
    }
    int field = Math.min(0xffff, rounded);
    edge = Seq.max(edge, nxt + (field << shift));
    zeroAdvertised = field == 0;
    return field;
  }

  private int candidateEdge() {
    int room = pool.isUnderPressure() ? Math.min(capacity, PRESSED_WINDOW) : capacity;
    int free = Math.max(0, room - queue.readable());
    int largest = 0xffff << shift;
    return rcvNxt() + (Math.min(free, largest) >>> shift << shift);
  }

  boolean zeroAdvertised() {
    return zeroAdvertised;
  }

  /** Whether the application has read so much that the peer should hear of it. */
  boolean windowUpdateDue(int smss) {
    if (!drained || finReceived) {
      return false;
    }
    int opening = Seq.distance(edge, candidateEdge());
    boolean tight = window() < capacity / 2;
    return tight && opening >= Math.min(capacity / 2, 2 * smss);
  }

  /**
   * Takes text that starts at or before the window's right edge and may reach past it.
   *
   * @return false if it could not be kept
   */
  boolean text(Segment segment) {
    int longest = Math.min(segment.textLength, segment.segmentBytes);
    peerSegment = (char) Math.max(peerSegment, longest);
    int before = queue.rcvNxt();
    boolean kept = queue.write(segment.seq, segment.buffer, segment.textAt, segment.textLength);
    if (kept && Seq.gt(segment.seq, before)) {
      noteRecent(segment.seq);
    }
    return kept;
  }

  /**
   * In-order text has come: the buffer may have to grow.
   *
   * @param echo the timestamp of ours that came with it
   * @param elapsed how old that is, nanoseconds; negative if there is none
   */
  void tune(int echo, long elapsed, long now) {
    if (capacity >= growthLimit) {
      return;
    }
    if (tuning == null) {
      if (Seq.distance(irs, queue.rcvNxt()) <= ReceiveTuning.FIRST_SPACE) {
        return;
      }
      tuning = new ReceiveTuning();
    }
    if (elapsed >= 0) {
      tuning.echoed(echo, elapsed);
    } else {
      tuning.received(queue.rcvNxt(), window(), now);
    }
    capacity = tuning.adjust(capacity, growthLimit, queue.rcvNxt() - queue.readable(), now);
    largestCapacity = Math.max(largestCapacity, capacity);
  }

  /**
   * Gives up what came out of order, which the peer has to keep until it is acknowledged (RFC 2018
   * §8), for the sake of what comes in order.
   *
   * @return whether there was anything
   */
  boolean prune() {
    recentCount = 0;
    return queue.prune();
  }

  /** Puts a range first; entries that are part of it or gone make room, so that others stay. */
  private void noteRecent(int seq) {
    if (recent == null) {
      recent = new int[TcpOptions.MAX_SACK_BLOCKS];
    }
    RangeSet ranges = queue.outOfOrder();
    int range = ranges.indexOf(seq);
    int kept = 0;
    int previous = seq;
    for (int i = 0; i < recentCount && kept < recent.length - 1; i++) {
      int each = recent[i];
      int other = ranges.indexOf(each);
      recent[kept] = previous;
      if (other >= 0 && other != range) {
        previous = each;
        kept++;
      }
    }
    recent[kept] = previous;
    recentCount = (byte) (kept + 1);
  }

  /**
   * Notes where the peer's stream ends; it counts once everything before has come. A second FIN
   * changes nothing, and one in front of text that was received, queued or already in order,
   * contradicts it and is ignored.
   */
  void fin(int seq) {
    RangeSet ranges = queue.outOfOrder();
    boolean contradicted =
        Seq.lt(seq, queue.rcvNxt()) || ranges.firstEndingAfter(seq) < ranges.size();
    if (!finKnown && !contradicted) {
      finKnown = true;
      finSeq = seq;
    }
  }

  int finSeq() {
    return finSeq;
  }

  /** Whether the peer's FIN is what comes next. */
  boolean finNext() {
    return finKnown && !finReceived && queue.rcvNxt() == finSeq;
  }

  boolean finKnown() {
    return finKnown;
  }

  /** Steps over the FIN if it is next; true when that happened now. */
  boolean consumeFin() {
    if (finNext()) {
      finReceived = true;
      edge = Seq.max(edge, finSeq + 1);
      return true;
    }
    return false;
  }

  /** Bytes received in order and not acknowledged yet. */
  int unacknowledged() {
    return Seq.distance(lastAckSent, rcvNxt());
  }

  boolean ackDue() {
    int waiting = unacknowledged();
    return ackNow
        || waiting >= SEGMENTS_PER_ACK * Math.max(1, peerSegment)
        || (quickAcks > 0 && !interactive && waiting > 0);
  }

  /**
   * Text has come. If it is the first, or the first after a time-out's length of silence, the peer
   * is about to start slowly.
   */
  void textArrived(long rto, long now) {
    if (quickAcks == NO_TEXT_YET || sinceText(now) > rto) {
      quickAcks = allQuickAcks();
    }
    lastTextMillis = (int) (now / NANOS_PER_MILLI);
  }

  private short allQuickAcks() {
    return (short) Math.min(config.quickAcks(), Short.MAX_VALUE);
  }

  private long sinceText(long now) {
    return ((int) (now / NANOS_PER_MILLI) - lastTextMillis) * NANOS_PER_MILLI;
  }

  /** Text has come again: the peer has not heard from us in time. */
  void textRepeated() {
    quickAcks = allQuickAcks();
    interactive = false;
  }

  /** Text of ours leaves: an answer, if the peer's came less than {@code delayedAck} ago. */
  void answered(long delayedAck, long now) {
    interactive |= quickAcks != NO_TEXT_YET && sinceText(now) < delayedAck;
  }

  void ackSent() {
    if (quickAcks > 0 && unacknowledged() > 0) {
      quickAcks--;
    }
    lastAckSent = rcvNxt();
    ackNow = false;
    drained = false;
  }

  /** Notes that [start, end) had come before. */
  void noteDuplicate(int start, int end) {
    duplicateDue = true;
    duplicateStart = start;
    duplicateEnd = end;
  }

  /**
   * Notes which part of the first queued range that text from {@code start} to {@code end} repeats,
   * unless another duplicate waits to be told.
   *
   * @return whether there is one
   */
  boolean noteDuplicateBeyond(int start, int end) {
    RangeSet ranges = queue.outOfOrder();
    int i = ranges.firstEndingAfter(start);
    if (duplicateDue || i == ranges.size() || Seq.ge(ranges.start(i), end)) {
      return false;
    }
    noteDuplicate(Seq.max(start, ranges.start(i)), Seq.min(end, ranges.end(i)));
    return true;
  }

  /** Whether there is anything for a SACK option to tell. */
  boolean hasSackBlocks() {
    return duplicateDue || hasOutOfOrder();
  }

  /**
   * Adds SACK blocks: what came twice (RFC 2883 §4), then the one that holds what came last, then
   * those reported before (RFC 2018 §4).
   *
   * @param limit how many fit
   */
  void addSackBlocks(TcpOptions options, int limit) {
    RangeSet ranges = queue.outOfOrder();
    int added = 0;
    if (duplicateDue) {
      duplicateDue = false;
      options.addSackBlock(duplicateStart, duplicateEnd);
      added++;
    }
    int from = added;
    for (int i = 0; i < recentCount && added < limit; i++) {
      int index = ranges.indexOf(recent[i]);
      if (index >= 0 && !contains(options, from, ranges.start(index))) {
        options.addSackBlock(ranges.start(index), ranges.end(index));
        added++;
      }
    }
    for (int i = 0; i < ranges.size() && added < limit; i++) {
      if (!contains(options, from, ranges.start(i))) {
        options.addSackBlock(ranges.start(i), ranges.end(i));
        added++;
      }
    }
  }

  private static boolean contains(TcpOptions options, int from, int left) {
    for (int i = from; i < options.sackBlocks(); i++) {
      if (options.sackLeft(i) == left) {
        return true;
      }
    }
    return false;
  }

  void clear() {
    queue.clear();
    recentCount = 0;
  }
}
