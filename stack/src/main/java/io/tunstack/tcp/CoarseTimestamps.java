package io.tunstack.tcp;

/**
 * The timestamps of a connection whose path reorders: the clock ticks more slowly than each
 * millisecond.
 *
 * <pre>
 *   sent:      A(7) ... B(8) .......... A again(9)
 *   arrives:                A again(9), which fills the gap: TS.Recent is 9
 *                           B(8): older than TS.Recent, and dropped (RFC 7323 §5.3 R1)
 * </pre>
 *
 * <p>A retransmission that fills a gap makes the receiver drop whatever the path still holds back
 * of what left before it. All of that has to be sent again, which makes the receiver drop more: on
 * a path that holds back more than one packet at a time this does not end before the window is
 * small. Where both carry the same timestamp nothing is dropped. So a tick is many times as long as
 * packets are late; it stays within the second that RFC 7323 §5.4 allows. What such a timestamp
 * says of a round trip is not worth measuring.
 *
 * <p>Created when reordering is first seen. Each value is one that the clock of a millisecond has
 * shown, the same or later than the value before.
 */
final class CoarseTimestamps {
  /** Half of the longest that RFC 7323 §5.4 allows, in ticks of {@link SegmentWriter}. */
  static final int MAX_TICK = 512;

  /** What was sent within one lateness before a tick is in danger: a sixteenth of everything. */
  private static final int LATENESSES_PER_TICK = 16;

  private int tick = 1;
  private int shown;

  /**
   * Begins where the clock of a millisecond is.
   *
   * @param fine what that shows
   */
  CoarseTimestamps(int fine) {
    shown = fine;
  }

  /**
   * Adapts the tick.
   *
   * @param lateness how much later than what overtook it something came, nanoseconds; 0 if that is
   *     too long ago to matter
   */
  void adapt(long lateness) {
    long longest = MAX_TICK * SegmentWriter.NANOS_PER_TICK / LATENESSES_PER_TICK;
    long wanted = LATENESSES_PER_TICK * Math.min(lateness, longest);
    tick = (int) Math.max(1, wanted / SegmentWriter.NANOS_PER_TICK);
  }

  /** How long one tick is, nanoseconds. */
  long tickNanos() {
    return tick * SegmentWriter.NANOS_PER_TICK;
  }

  /**
   * What the clock shows.
   *
   * @param fine what the clock of a millisecond shows
   */
  int show(int fine) {
    if (fine - shown >= tick) {
      shown = fine;
    }
    return shown;
  }
}
