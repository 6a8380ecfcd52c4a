package io.tunstack.link;

/**
 * What has become of the packets of a line so far.
 *
 * @param offered packets that were put on it
 * @param offeredBytes their bytes
 * @param delivered packets that came out, copies included
 * @param deliveredBytes their bytes
 * @param lost packets lost by their fate, or because the line was off
 * @param lostInBursts packets lost because {@link BurstLoss} said so
 * @param queueDropped packets that did not fit the bottleneck's queue
 * @param earlyDropped packets that an active queue discipline dropped
 * @param overflowed packets that did not fit the line's memory
 * @param marked packets that the discipline marked instead (RFC 3168)
 * @param duplicated copies made
 * @param corrupted packets with a bit flipped
 * @param heldBack packets held back for others to overtake them
 * @param queueBytes what waits at the bottleneck now
 * @param maxQueueBytes the most that waited there
 * @param meanSojournNanos how long packets waited there on average
 * @param maxSojournNanos how long at most
 */
public record LineStatistics(
    long offered,
    long offeredBytes,
    long delivered,
    long deliveredBytes,
    long lost,
    long lostInBursts,
    long queueDropped,
    long earlyDropped,
    long overflowed,
    long marked,
    long duplicated,
    long corrupted,
    long heldBack,
    long queueBytes,
    long maxQueueBytes,
    long meanSojournNanos,
    long maxSojournNanos) {

  /**
   * Adds up who did not arrive.
   *
   * @return packets, whatever the cause
   */
  public long dropped() {
    return lost + lostInBursts + queueDropped + earlyDropped + overflowed;
  }
}
