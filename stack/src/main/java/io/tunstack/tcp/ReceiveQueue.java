package io.tunstack.tcp;

import static io.tunstack.memory.SlabPool.SLAB_BYTES;

import io.netty.buffer.ByteBuf;
import io.tunstack.wire.Seq;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Bytes received and not yet read, with those that came out of order already in their final place.
 *
 * <pre>
 *   readSeq            rcvNxt        first range          second range
 *     |  in order, unread |    gap    |##########|   gap   |####|
 *     +----slab----+----slab----+  (no slab)  +----slab----+
 * </pre>
 *
 * <p>A large segment that finds the queue empty is not copied: it is lent ({@link LentText}) until
 * the application has had the opportunity to read it, and only what that leaves comes to lie here.
 *
 * <p>When a gap is filled nothing is copied: RCV.NXT jumps over the ranges that have become
 * contiguous. Where two segments bring different bytes for the same place, the first to arrive
 * counts, whether in order or not.
 */
final class ReceiveQueue {
  private final Workspace workspace;

  /** Null while nothing is held. */
  private SlabDeque slabs;

  /** {@link RangeSet#NONE} until something comes out of order, and once all has been read. */
  private RangeSet ranges = RangeSet.NONE;

  private int readSeq;
  private int rcvNxt;

  ReceiveQueue(Workspace workspace) {
    this.workspace = workspace;
  }

  /** Says which sequence number the first byte will have; only while empty. */
  void startAt(int seq) {
    readSeq = seq;
    rcvNxt = seq;
  }

  int rcvNxt() {
    return rcvNxt;
  }

  /** Bytes in order and unread. */
  int readable() {
    return Seq.distance(readSeq, rcvNxt);
  }

  RangeSet outOfOrder() {
    return ranges;
  }

  /**
   * Takes a piece of text that lies in the window. In-order text advances RCV.NXT, over queued
   * ranges too.
   *
   * @return whether it was kept; false if there is no room for another range or slab, when the
   *     peer's retransmission gets another chance
   */
  boolean write(int seq, ByteBuf source, int at, int length) {
    workspace.lent.settle();
    int start = Seq.max(seq, rcvNxt);
    int skipped = Seq.distance(seq, start);
    int left = length - skipped;
    if (left <= 0) {
      return true;
    }
    if (start == rcvNxt) {
      return writeInOrder(source, at + skipped, left);
    }
    if (!copyMissing(start, source, at + skipped, left)) {
      return false;
    }
    if (ranges == RangeSet.NONE) {
      ranges = workspace.ranges.take();
    }
    return ranges.add(start, start + left);
  }

  private boolean writeInOrder(ByteBuf source, int at, int length) {
    if (ranges.isEmpty()) {
      boolean large = length >= LentText.MIN_BYTES;
      workspace.lent.arrived(this, large);
      if (large && slabs == null && !workspace.slabs.isUnderPressure()) {
        workspace.lent.lend(this, source, at);
        rcvNxt += length;
        return true;
      }
      int copied = copy(rcvNxt, source, at, length, false);
      rcvNxt += copied;
      return copied == length;
    }
    int end = rcvNxt + length;
    if (!copyMissing(rcvNxt, source, at, length)) {
      return false;
    }
    rcvNxt = end;
    while (!ranges.isEmpty() && Seq.le(ranges.start(0), rcvNxt)) {
      rcvNxt = Seq.max(rcvNxt, ranges.end(0));
      ranges.removeFirst();
    }
    return true;
  }

  /** Copies what the ranges do not hold yet, so that what came first stays. */
  private boolean copyMissing(int seq, ByteBuf source, int at, int length) {
    int end = seq + length;
    int from = seq;
    int range = ranges.firstEndingAfter(seq);
    while (Seq.lt(from, end)) {
      boolean last = range >= ranges.size() || Seq.ge(ranges.start(range), end);
      int to = last ? end : ranges.start(range);
      int chunk = Seq.distance(from, to);
      if (chunk > 0 && copy(from, source, at + Seq.distance(seq, from), chunk, false) < chunk) {
        return false;
      }
      from = last ? end : ranges.end(range);
      range++;
    }
    return true;
  }

  /**
   * Copies what has been lent and not been read. It is in order and may have been acknowledged, so
   * it is kept whatever the cap says; text is not lent when that is near.
   */
  void keepLent() {
    ByteBuf source = workspace.lent.buffer();
    int at = workspace.lent.at();
    workspace.lent.end();
    copy(readSeq, source, at, readable(), true);
  }

  private boolean isLent() {
    return workspace.lent.isLentTo(this);
  }

  /** {@code essential}: it has to be kept, past the cap on memory if need be. */
  private int copy(int seq, ByteBuf source, int at, int length, boolean essential) {
    if (slabs == null) {
      slabs = workspace.deques.take();
    }
    int position = slabs.offset + Seq.distance(readSeq, seq);
    int copied = 0;
    while (copied < length) {
      ByteBuf slab = slabs.slabFor(position, essential);
      if (slab == null) {
        return copied;
      }
      int offset = position % SLAB_BYTES;
      int chunk = Math.min(length - copied, SLAB_BYTES - offset);
      slab.setBytes(offset, source, at + copied, chunk);
      copied += chunk;
      position += chunk;
    }
    return copied;
  }

  /** Copies out as much as is readable and fits. */
  int read(ByteBuffer target) {
    int wanted = Math.min(target.remaining(), readable());
    if (isLent()) {
      workspace.lent.copyTo(target, wanted);
      consume(wanted);
      return wanted;
    }
    int done = 0;
    while (done < wanted) {
      int chunk = Math.min(wanted - done, SLAB_BYTES - slabs.offset);
      int limit = target.limit();
      target.limit(target.position() + chunk);
      slabs.slabAt(slabs.offset).getBytes(slabs.offset, target);
      target.limit(limit);
      done += chunk;
      consume(chunk);
    }
    return done;
  }

  /**
   * Shows what is readable and lies together, if anything is.
   *
   * @param taker moves the position over what it takes
   * @return how many bytes it has taken
   */
  int take(Consumer<ByteBuffer> taker) {
    if (readable() == 0) {
      return 0;
    }
    int from = readSeq;
    ByteBuffer view = isLent() ? workspace.lent.view(readable()) : firstSlab();
    int start = view.position();
    taker.accept(view);
    if (readSeq != from) {
      // The connection has ended meanwhile, or has been read from.
      return 0;
    }
    int taken = view.position() - start;
    consume(taken);
    return taken;
  }

  private ByteBuffer firstSlab() {
    int at = slabs.offset;
    return slabs.slabAt(at).internalNioBuffer(at, Math.min(readable(), SLAB_BYTES - at));
  }

  /** Copies out as {@link #read} does, and leaves everything in place. */
  int peek(ByteBuffer target) {
    int wanted = Math.min(target.remaining(), readable());
    if (isLent()) {
      workspace.lent.copyTo(target, wanted);
      return wanted;
    }
    int done = 0;
    while (done < wanted) {
      int position = slabs.offset + done;
      int at = position % SLAB_BYTES;
      int chunk = Math.min(wanted - done, SLAB_BYTES - at);
      int limit = target.limit();
      target.limit(target.position() + chunk);
      slabs.slabAt(position).getBytes(at, target);
      target.limit(limit);
      done += chunk;
    }
    return done;
  }

  private void consume(int bytes) {
    readSeq += bytes;
    if (isLent()) {
      workspace.lent.skip(bytes);
      if (readSeq == rcvNxt) {
        workspace.lent.end();
      }
      return;
    }
    slabs.offset += bytes;
    if (slabs.offset == SLAB_BYTES) {
      slabs.dropFirst();
      slabs.offset = 0;
    }
    if (readSeq == rcvNxt && ranges.isEmpty()) {
      giveBack();
    }
  }

  private void giveBack() {
    if (isLent()) {
      workspace.lent.end();
    }
    if (slabs != null) {
      slabs.clear();
      workspace.deques.give(slabs);
      slabs = null;
    }
    if (ranges != RangeSet.NONE) {
      ranges.clear();
      workspace.ranges.give(ranges);
      ranges = RangeSet.NONE;
    }
  }

  /** Forgets what came out of order; false if nothing did. */
  boolean prune() {
    if (ranges.isEmpty()) {
      return false;
    }
    ranges.clear();
    slabs.releaseBehind(slabs.offset + readable());
    return true;
  }

  /** Forgets everything, read or not. */
  void clear() {
    giveBack();
    readSeq = rcvNxt;
  }
}
