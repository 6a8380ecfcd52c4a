package io.tunstack.tun;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the calls under way on a pair of descriptors, so that closing never pulls a descriptor out
 * from under one: its number might belong to another file by the time the kernel looks at it.
 *
 * <pre>
 *   enter  +1, unless refused     refuse  no more enter
 *   exit   -1, and whoever leaves last after a refusal runs the end
 * </pre>
 *
 * <p>Any thread may call any method. The end runs once.
 */
final class InFlight {
  /** The sign bit; the other bits are the count. */
  private static final int REFUSED = Integer.MIN_VALUE;

  private final AtomicInteger state = new AtomicInteger();
  private final Runnable end;

  InFlight(Runnable end) {
    this.end = end;
  }

  /** Begins a call. Returns false, and nothing is to be undone, if it may not begin any more. */
  boolean enter() {
    int seen = state.get();
    while (seen >= 0) {
      int now = state.compareAndExchange(seen, seen + 1);
      if (now == seen) {
        return true;
      }
      seen = now;
    }
    return false;
  }

  /** Ends a call. */
  void exit() {
    if (state.decrementAndGet() == REFUSED) {
      end.run();
    }
  }

  /** Lets no call begin any more. To be called between {@link #enter} and {@link #exit}. */
  void refuse() {
    state.updateAndGet(seen -> seen | REFUSED);
  }
}
