package io.tunstack.tools;

import io.tunstack.link.DelayLine;
import io.tunstack.link.Link;
import io.tunstack.time.Clock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Carries packets between two ends, each direction over a line of its own, until it is stopped.
 *
 * <pre>
 *   left  --receive--&gt; [ line to the right ] --send--&gt; right
 *   left &lt;--send------ [ line to the left  ] &lt;--receive-- right
 * </pre>
 */
final class Emulation {
  /** Packets read from one end before the other has its turn and what is due goes out. */
  private static final int BATCH = 16;

  private final Clock clock;
  private final long patienceNanos;
  private final End left;
  private final End right;
  private final DelayLine toRight;
  private final DelayLine toLeft;
  private volatile boolean stopped;

  /** How long the path's time has stood still so far. */
  private long stalledNanos;

  private int stalls;
  private long lastRead;

  /**
   * One end of the cable.
   *
   * @param source the next packet, null when none waits
   * @param sink takes a packet, or loses it
   */
  record End(Supplier<byte[]> source, Consumer<byte[]> sink) {}

  /**
   * Connects two ends.
   *
   * @param patienceNanos how late the machine may be with a packet before the path's time stands
   *     still with it, so that packets come later but not all at once; {@link Long#MAX_VALUE} for
   *     never
   */
  Emulation(
      Clock clock, long patienceNanos, End left, End right, DelayLine toRight, DelayLine toLeft) {
    this.clock = clock;
    this.patienceNanos = patienceNanos;
    this.left = left;
    this.right = right;
    this.toRight = toRight;
    this.toLeft = toLeft;
  }

  /** Ends {@link #run}, once whoever sleeps in it is woken. Any thread. */
  void stop() {
    stopped = true;
  }

  /**
   * Carries packets until {@link #stop}.
   *
   * @param sleep waits so many nanoseconds, or until there is something to read or to stop for
   */
  void run(LongConsumer sleep) {
    while (!stopped) {
      long next = turn();
      if (next == Link.NEVER) {
        sleep.accept(next);
      } else {
        long left = next - now();
        if (left > 0) {
          sleep.accept(left);
        }
        standStillAfter(next);
      }
    }
  }

  /** The path's time. */
  private long now() {
    lastRead = Math.max(lastRead, clock.nanos() - stalledNanos);
    return lastRead;
  }

  private void standStillAfter(long due) {
    long expected = Math.max(due, lastRead);
    long late = clock.nanos() - stalledNanos - expected;
    if (late > patienceNanos) {
      stalledNanos += late;
      stalls++;
    }
  }

  /** How often the path's time has stood still. */
  int stalls() {
    return stalls;
  }

  /** For how long in all. */
  long stalledNanos() {
    return stalledNanos;
  }

  /**
   * Does what there is to do now.
   *
   * @return when there is more: now if there is more at once, {@link Link#NEVER} if only a packet
   *     makes a difference
   */
  long turn() {
    boolean moreAtLeft = take(left, toRight);
    boolean moreAtRight = take(right, toLeft);
    hand(toRight, right);
    hand(toLeft, left);
    return moreAtLeft || moreAtRight ? now() : Math.min(toRight.nextDue(), toLeft.nextDue());
  }

  private boolean take(End from, DelayLine line) {
    for (int i = 0; i < BATCH; i++) {
      byte[] packet = from.source.get();
      if (packet == null) {
        return false;
      }
      // Not once for all: whoever is kept from running here would take packets for older than they
      // are.
      line.offer(packet, now());
    }
    return true;
  }

  private void hand(DelayLine line, End to) {
    long now = now();
    for (byte[] packet = line.poll(now); packet != null; packet = line.poll(now)) {
      to.sink.accept(packet);
    }
  }
}
