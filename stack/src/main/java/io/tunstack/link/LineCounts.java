package io.tunstack.link;

/** What a line counts; {@link LineStatistics} is what it shows. */
final class LineCounts {
  long offered;
  long offeredBytes;
  long delivered;
  long deliveredBytes;
  long lost;
  long lostInBursts;
  long queueDropped;
  long earlyDropped;
  long marked;
  long duplicated;
  long corrupted;
  long heldBack;
  long overflowed;
  long maxQueueBytes;
  private long transmitted;
  private long sojournSum;
  private long sojournMax;

  /** Bytes and overhead of everything on the line. */
  long heldBytes;

  void waited(long nanos) {
    transmitted++;
    sojournSum += nanos;
    sojournMax = Math.max(sojournMax, nanos);
  }

  void leftWithoutTransmission(Parcel parcel) {
    heldBytes -= parcel.weight();
  }

  LineStatistics snapshot(long queueBytes) {
    return new LineStatistics(
        offered,
        offeredBytes,
        delivered,
        deliveredBytes,
        lost,
        lostInBursts,
        queueDropped,
        earlyDropped,
        overflowed,
        marked,
        duplicated,
        corrupted,
        heldBack,
        queueBytes,
        maxQueueBytes,
        transmitted == 0 ? 0 : sojournSum / transmitted,
        sojournMax);
  }
}
