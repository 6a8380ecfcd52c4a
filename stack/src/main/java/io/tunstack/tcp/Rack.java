package io.tunstack.tcp;

import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;

/**
 * RACK (RFC 8985 §6): a piece is lost when one that left later has arrived, and longer than a round
 * trip and a reordering window has passed since it left.
 *
 * <pre>
 *   left:   A ------- B -- C ---- D             D has arrived: A, B, C are late
 *           |&lt;-- RACK.rtt + reo_wnd --&gt;| now     A is lost, B and C get until then
 * </pre>
 *
 * <p>The window is a quarter of the smallest round trip, and grows when D-SACKs show it was too
 * small, or what others have overtaken arrives later than that: it is then as long as what came
 * last was late, because a retransmission that was not needed does harm: with a newer timestamp
 * than what the path still holds back it makes the receiver drop that as old (RFC 7323 §5.3), which
 * {@link CoarseTimestamps} mitigates. While no reordering was ever seen it is nothing during
 * recovery, and as soon as three segments were SACKed it is nothing but a multiple of what round
 * trips were seen to differ by: that is nothing where they are all alike, as everybody's fast
 * retransmit, and where they are not it spares a path with jitter a recovery in its first flights.
 * A path that has delivered many in order is believed to go on doing so, however its queue makes
 * round trips differ. The board keeps what is in flight in the order it left, so one look costs as
 * many steps as pieces are lost.
 */
final class Rack implements LossDetector {
  /** Recoveries that a widened reordering window is kept for (§6.2 step 4). */
  private static final byte PERSISTENCE = 16;

  private static final long NANOS_PER_MICRO = 1_000;

  /** DupThresh (RFC 5681 §3.2): so many segments SACKed are a loss where nothing is reordered. */
  private static final int DUPLICATES = 3;

  /** How many times later than was ever seen something may come: few have been seen then. */
  private static final int CAUTION = 16;

  /** So many acknowledgments without reordering are not few any more; a byte counts so far. */
  private static final int MANY_IN_ORDER = 100;

  private final Scoreboard board;
  private final RttEstimator rtt;

  private boolean started;
  private long newestSentAt;
  private int newestEnd;
  private long newestRtt;

  /** The longest round trip of any delivery until reordering is seen, in microseconds. */
  private int longestTripMicros;

  /** How many acknowledgments told of one, up to {@link #MANY_IN_ORDER}. */
  private byte deliveries;

  private boolean reorderingSeen;
  private byte windowMultiple = 1;
  private byte persistence = PERSISTENCE;

  /** How much later than what overtook it something has come. */
  private long lateness;

  private boolean inDsackRound;
  private int dsackRoundEnd;

  Rack(Scoreboard board, RttEstimator rtt) {
    this.board = board;
    this.rtt = rtt;
  }

  @Override
  public long onAck(AckSample s, int una, boolean recovering) {
    if (s.newestKnown && !reorderingSeen) {
      long longest = Math.max(started ? 0 : rtt.srtt(), s.longestTrip) / NANOS_PER_MICRO;
      longestTripMicros = (int) Math.min(Integer.MAX_VALUE, Math.max(longestTripMicros, longest));
      deliveries = (byte) Math.min(deliveries + 1, MANY_IN_ORDER);
    }
    if (s.newestKnown
        && (!started
            || AckSample.sentAfter(s.newestSentAt, s.newestEnd, newestSentAt, newestEnd))) {
      started = true;
      newestSentAt = s.newestSentAt;
      newestEnd = s.newestEnd;
      newestRtt = s.newestRtt;
    }
    if (s.reordered) {
      reorderingSeen = true;
      noteLateness(s.overtakenTrip - newestRtt);
    }
    if (inDsackRound && Seq.ge(una, dsackRoundEnd)) {
      inDsackRound = false;
    }
    return detect(s.now, recovering);
  }

  private void noteLateness(long late) {
    if (late > lateness) {
      lateness = late;
    }
    if (late > lateness / 2) {
      persistence = PERSISTENCE;
    }
  }

  @Override
  public long onTimer(long now, boolean recovering) {
    return detect(now, recovering);
  }

  /** RACK_detect_loss (§6.2 step 5). */
  private long detect(long now, boolean recovering) {
    if (!started) {
      return TimerWheel.NEVER;
    }
    long patience = newestRtt + reorderingWindow(recovering);
    int piece = board.oldestInFlight();
    while (piece != Scoreboard.NONE && leftBeforeNewest(piece)) {
      if (board.sentAt(piece) + patience > now) {
        // All that left before the newest one are due by then, this one among them.
        return newestSentAt + patience;
      }
      int following = board.nextInFlight(piece);
      board.markLost(piece);
      piece = following;
    }
    return TimerWheel.NEVER;
  }

  private boolean leftBeforeNewest(int piece) {
    return AckSample.sentAfter(newestSentAt, newestEnd, board.sentAt(piece), board.end(piece));
  }

  /** RACK.rtt: the round trip of the newest transmission that was delivered. */
  long roundTrip() {
    return newestRtt;
  }

  /** RACK_update_reo_wnd (§6.2 step 4), nanoseconds. */
  long reorderingWindow(boolean recovering) {
    if (!reorderingSeen && recovering) {
      return 0;
    }
    long shortest = Math.max(0, rtt.minRtt());
    long quarter = shortest / 4;
    if (!reorderingSeen && board.sackedSegments() >= DUPLICATES) {
      if (deliveries >= MANY_IN_ORDER) {
        return 0;
      }
      long longest = longestTripMicros * NANOS_PER_MICRO;
      long seen = deliveries < DUPLICATES ? quarter : longest - shortest;
      return Math.min(CAUTION * Math.max(0, seen), quarter);
    }
    long late = lateness == 0 ? 0 : lateness + quarter / 2;
    return Math.min(Math.max(windowMultiple * quarter, late), rtt.srtt());
  }

  @Override
  public void onDuplicateSack(int una, int nxt) {
    if (!inDsackRound) {
      inDsackRound = true;
      dsackRoundEnd = nxt;
      windowMultiple = (byte) Math.min(windowMultiple + 1, Byte.MAX_VALUE);
      persistence = PERSISTENCE;
    }
  }

  @Override
  public void onRecovered() {
    if (--persistence <= 0) {
      persistence = PERSISTENCE;
      windowMultiple = 1;
      lateness = 0;
    }
  }

  /** §6.3: the first, and what left so long ago that it would have been heard of. */
  @Override
  public void onTimeout(long now) {
    long patience = newestRtt + reorderingWindow(true);
    int first = board.first();
    int piece = board.oldestInFlight();
    while (piece != Scoreboard.NONE) {
      int following = board.nextInFlight(piece);
      if (piece == first || !started || board.sentAt(piece) + patience <= now) {
        board.markLost(piece);
      }
      piece = following;
    }
  }

  @Override
  public long lateness() {
    return lateness;
  }

  @Override
  public boolean reorderingSeen() {
    return reorderingSeen;
  }
}
