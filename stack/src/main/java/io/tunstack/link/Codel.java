package io.tunstack.link;

/**
 * CoDel (RFC 8289 §5): while packets have waited longer than the target for a whole interval, one
 * after another is signalled, at a pace that grows with the square root of their number.
 */
final class Codel implements QueueManager {
  /** How long packets may wait: RFC 8289 §4.4. */
  static final long TARGET_NANOS = 5_000_000;

  /** A worst-case round trip, in which a sender could have reacted: RFC 8289 §4.3. */
  static final long INTERVAL_NANOS = 100_000_000;

  /** Within as many intervals the pace of the last time is taken up again: RFC 8289 §5.6. */
  private static final int MEMORY_INTERVALS = 16;

  private long firstAbove;
  private boolean dropping;
  private long dropNext;
  private long count;
  private long lastCount;
  private int maxPacket;

  @Override
  public boolean signalsDeparture(Parcel parcel, long queueBytes, long now) {
    maxPacket = Math.max(maxPacket, parcel.packet.length);
    boolean ok = isLongAbove(now - parcel.arrived, queueBytes, now);
    if (dropping) {
      if (!ok) {
        dropping = false;
      } else if (now >= dropNext) {
        count++;
        dropNext = controlLaw(dropNext);
        return true;
      }
      return false;
    }
    if (ok) {
      begin(now);
    }
    return ok;
  }

  /** Whether the wait has been above the target for an interval. */
  private boolean isLongAbove(long sojourn, long queueBytes, long now) {
    if (sojourn < TARGET_NANOS || queueBytes <= maxPacket) {
      firstAbove = 0;
      return false;
    }
    if (firstAbove == 0) {
      firstAbove = now + INTERVAL_NANOS;
      return false;
    }
    return now >= firstAbove;
  }

  private void begin(long now) {
    dropping = true;
    long delta = count - lastCount;
    boolean recent = now - dropNext < MEMORY_INTERVALS * INTERVAL_NANOS;
    count = delta > 1 && recent ? delta : 1;
    dropNext = controlLaw(now);
    lastCount = count;
  }

  private long controlLaw(long from) {
    return from + (long) (INTERVAL_NANOS / Math.sqrt((double) count));
  }
}
