package io.tunstack.tcp;

import io.tunstack.wire.Seq;

/**
 * How large a receive buffer should be: twice what the application reads in a round trip, so that a
 * sender whose window grows never waits for ours (dynamic right-sizing). It only ever grows, and
 * what is promised is not what is held: slabs are taken as bytes come.
 */
final class ReceiveTuning {
  /** Where growth begins: what an initial congestion window brings. */
  static final int FIRST_SPACE = 10 * 1460;

  /** Segments in flight while the application has not read yet. */
  private static final int MARGIN = 16 * 1460;

  /** The weight of a round trip that is longer than those before; a shorter one is believed. */
  private static final int SMOOTHING = 8;

  private long roundTrip;
  private int lastEcho;

  /** Without timestamps: how long it takes until a window has come. */
  private int windowEnd;

  private long windowStart;
  private boolean measuring;

  /** The application's reading in the present round trip, and the most in one before. */
  private int readFrom;

  private long readSince;
  private int space = FIRST_SPACE;

  /** A segment echoes a timestamp of ours that is {@code elapsed} nanoseconds old. */
  void echoed(int echo, long elapsed) {
    if (echo != lastEcho && elapsed >= 0) {
      lastEcho = echo;
      sample(Math.max(elapsed, SegmentWriter.NANOS_PER_TICK));
    }
  }

  /** Text has come in order; measures by the window where there is no timestamp to tell. */
  void received(int rcvNxt, int window, long now) {
    if (measuring && Seq.lt(rcvNxt, windowEnd)) {
      return;
    }
    if (measuring) {
      sample(now - windowStart);
    }
    measuring = true;
    windowStart = now;
    windowEnd = rcvNxt + window;
  }

  private void sample(long nanos) {
    if (roundTrip == 0 || nanos < roundTrip) {
      roundTrip = Math.max(1, nanos);
    } else {
      roundTrip += (nanos - roundTrip) / SMOOTHING;
    }
  }

  /**
   * Looks at how much was read, once a round trip.
   *
   * @param limit how far it may grow
   * @param readSeq the number of the next byte that the application reads
   * @return the capacity, which may have grown
   */
  int adjust(int capacity, int limit, int readSeq, long now) {
    if (roundTrip == 0 || now - readSince < roundTrip) {
      return capacity;
    }
    boolean whole = readSince != 0;
    int copied = Seq.distance(readFrom, readSeq);
    readFrom = readSeq;
    readSince = now;
    if (!whole || copied <= space) {
      return capacity;
    }
    long wanted = 2L * copied + MARGIN;
    // Reading that grows goes on growing, for as long as the sender is in slow start.
    wanted += 2 * (wanted * (copied - space) / space);
    space = copied;
    return (int) Math.max(capacity, Math.min(limit, wanted));
  }
}
