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
  private final End left;
  private final End right;
  private final DelayLine toRight;
  private final DelayLine toLeft;
  private volatile boolean stopped;

  /**
   * One end of the cable.
   *
   * @param source the next packet, null when none waits
   * @param sink takes a packet, or loses it
   */
  record End(Supplier<byte[]> source, Consumer<byte[]> sink) {}

  Emulation(Clock clock, End left, End right, DelayLine toRight, DelayLine toLeft) {
    this.clock = clock;
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
        long left = next - clock.nanos();
        if (left > 0) {
          sleep.accept(left);
        }
      }
    }
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
    return moreAtLeft || moreAtRight
        ? clock.nanos()
        : Math.min(toRight.nextDue(), toLeft.nextDue());
  }

  private boolean take(End from, DelayLine line) {
    for (int i = 0; i < BATCH; i++) {
      byte[] packet = from.source.get();
      if (packet == null) {
        return false;
      }
      // Not once for all: whoever is kept from running here would take packets for older than they
      // are.
      line.offer(packet, clock.nanos());
    }
    return true;
  }

  private void hand(DelayLine line, End to) {
    long now = clock.nanos();
    for (byte[] packet = line.poll(now); packet != null; packet = line.poll(now)) {
      to.sink.accept(packet);
    }
  }
}
