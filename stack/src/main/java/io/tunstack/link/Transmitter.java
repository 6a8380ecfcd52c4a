package io.tunstack.link;

import java.util.ArrayDeque;

/**
 * A queue with a limit in bytes, and the rate at which it empties. Nothing in here happens by
 * itself: what should have happened up to an instant happens when somebody asks, as of the time
 * when it should have.
 */
final class Transmitter {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final ArrayDeque<Parcel> queue = new ArrayDeque<>();
  private final LineCounts counts;
  private Bottleneck bottleneck = Bottleneck.NONE;
  private QueueManager manager = QueueManager.of(bottleneck);
  private long queuedBytes;

  /** When the last bit of what is under transmission will have left. */
  private long freeAt = Long.MIN_VALUE;

  /** What {@link #freeAt} lacks, in parts of a nanosecond: one over the rate each. */
  private long remainder;

  Transmitter(LineCounts counts) {
    this.counts = counts;
  }

  /** Changes rate and queue; what waits goes on waiting, and is as long as it is. */
  void setBottleneck(Bottleneck newBottleneck) {
    if (!newBottleneck.equals(bottleneck)) {
      bottleneck = newBottleneck;
      manager = QueueManager.of(newBottleneck);
      remainder = 0;
    }
  }

  /**
   * Takes a packet. {@link #transmit} must have been called for this instant, until nothing came.
   *
   * @return false if it was dropped
   */
  boolean enqueue(Parcel parcel) {
    boolean waits = !queue.isEmpty() || freeAt > parcel.arrived;
    if (waits && queuedBytes + parcel.packet.length > bottleneck.queueBytes()) {
      counts.queueDropped++;
      return false;
    }
    if (manager.signalsArrival(parcel, queuedBytes, parcel.arrived) && !marked(parcel)) {
      counts.earlyDropped++;
      return false;
    }
    queue.add(parcel);
    queuedBytes += parcel.packet.length;
    return true;
  }

  /**
   * Begins to transmit the next packet, if its turn has come.
   *
   * @return with {@link Parcel#departs} set; null if nobody's turn has come by now
   */
  Parcel transmit(long now) {
    while (!queue.isEmpty()) {
      Parcel parcel = queue.peek();
      long start = Math.max(freeAt, parcel.arrived);
      if (start > now) {
        return null;
      }
      queue.remove();
      queuedBytes -= parcel.packet.length;
      if (manager.signalsDeparture(parcel, queuedBytes, start) && !marked(parcel)) {
        counts.earlyDropped++;
        counts.leftWithoutTransmission(parcel);
        continue;
      }
      counts.waited(start - parcel.arrived);
      if (start > freeAt) {
        remainder = 0;
      }
      freeAt = start + transmissionNanos(parcel, true);
      parcel.departs = freeAt;
      return parcel;
    }
    return null;
  }

  /** How long the bits take. Fractions add up from packet to packet, so that the rate is exact. */
  private long transmissionNanos(Parcel parcel, boolean keep) {
    long rate = bottleneck.bitsPerSecond();
    if (rate == 0) {
      return 0;
    }
    long scaled = (long) parcel.packet.length * Byte.SIZE * NANOS_PER_SECOND + remainder;
    if (keep) {
      remainder = scaled % rate;
    }
    return scaled / rate;
  }

  private boolean marked(Parcel parcel) {
    boolean done = bottleneck.ecn() && EcnMark.mark(parcel.packet);
    if (done) {
      counts.marked++;
    }
    return done;
  }

  /** When the next packet will have left, if it is not dropped before; {@link Link#NEVER}. */
  long nextDeparture() {
    Parcel parcel = queue.peek();
    if (parcel == null) {
      return Link.NEVER;
    }
    return Math.max(freeAt, parcel.arrived) + transmissionNanos(parcel, false);
  }

  int queuedPackets() {
    return queue.size();
  }

  long queuedBytes() {
    return queuedBytes;
  }

  void clear() {
    queue.clear();
    queuedBytes = 0;
    freeAt = Long.MIN_VALUE;
    remainder = 0;
  }
}
