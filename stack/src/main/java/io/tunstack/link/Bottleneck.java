package io.tunstack.link;

import java.time.Duration;

/**
 * The narrow place of a path: how fast it is, and the queue in front of it.
 *
 * @param bitsPerSecond how fast, 0 for without limit; then nothing ever waits
 * @param queueBytes how many bytes of packets may wait, not counting the one under transmission; 1
 *     or more
 * @param discipline who is turned away, and when
 * @param ecn whether an active discipline marks packets that can be marked (RFC 3168) instead of
 *     dropping them; of no meaning for {@link QueueDiscipline#TAIL_DROP}
 */
public record Bottleneck(
    long bitsPerSecond, long queueBytes, QueueDiscipline discipline, boolean ecn) {
  /** No narrow place at all. */
  public static final Bottleneck NONE =
      new Bottleneck(0, Long.MAX_VALUE, QueueDiscipline.TAIL_DROP, false);

  /** A terabit each second: beyond it a bit takes less than a thousandth of a nanosecond. */
  public static final long MAX_BITS_PER_SECOND = 1_000_000_000_000L;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /**
   * Checks the ranges.
   *
   * @param bitsPerSecond 0 to {@link #MAX_BITS_PER_SECOND}
   * @param queueBytes 1 or more
   * @param discipline one of the three
   * @param ecn whether to mark
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public Bottleneck {
    if (bitsPerSecond < 0 || bitsPerSecond > MAX_BITS_PER_SECOND) {
      throw new IllegalArgumentException(
          "bitsPerSecond is " + bitsPerSecond + "; use 0 (no limit) to " + MAX_BITS_PER_SECOND);
    }
    if (queueBytes < 1) {
      throw new IllegalArgumentException("queueBytes is " + queueBytes + "; use 1 or more");
    }
  }

  /**
   * Makes a plain queue.
   *
   * @param bitsPerSecond how fast
   * @param queueBytes how much may wait
   * @return a bottleneck that drops what does not fit
   */
  public static Bottleneck tailDrop(long bitsPerSecond, long queueBytes) {
    return new Bottleneck(bitsPerSecond, queueBytes, QueueDiscipline.TAIL_DROP, false);
  }

  /**
   * Changes who is turned away.
   *
   * @param newDiscipline one of the three
   * @param marks whether it marks instead where it can
   * @return a changed copy
   */
  public Bottleneck with(QueueDiscipline newDiscipline, boolean marks) {
    return new Bottleneck(bitsPerSecond, queueBytes, newDiscipline, marks);
  }

  /**
   * Tells how many bytes pass in a time.
   *
   * @param bitsPerSecond how fast
   * @param time how long, such as the round-trip time
   * @return bytes: the bandwidth-delay product
   */
  public static long product(long bitsPerSecond, Duration time) {
    return Math.round((double) bitsPerSecond / Byte.SIZE * time.toNanos() / NANOS_PER_SECOND);
  }
}
