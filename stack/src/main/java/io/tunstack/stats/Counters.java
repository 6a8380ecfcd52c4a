package io.tunstack.stats;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One stack's counters. They only grow. Engine thread only; other threads get a {@link #snapshot()}
 * through a command.
 */
// Counting is on the hot path: an array indexed by ordinal costs one add, an EnumMap a boxed Long.
@SuppressWarnings("EnumOrdinal")
public final class Counters {
  private static final Counter[] COUNTERS = Counter.values();
  private static final DropReason[] DROP_REASONS = DropReason.values();
  private static final SendReason[] SEND_REASONS = SendReason.values();

  private final long[] counts = new long[COUNTERS.length];
  private final long[] drops = new long[DROP_REASONS.length];
  private final long[] sends = new long[SEND_REASONS.length];

  /** Makes a set that is all zero. */
  public Counters() {}

  /**
   * Adds one.
   *
   * @param counter which
   */
  public void increment(Counter counter) {
    counts[counter.ordinal()]++;
  }

  /**
   * Adds more than one.
   *
   * @param counter which
   * @param amount zero or more
   */
  public void add(Counter counter, long amount) {
    counts[counter.ordinal()] += amount;
  }

  /**
   * Counts a drop, in Linux's counters too where there are some.
   *
   * @param reason why
   */
  public void drop(DropReason reason) {
    drops[reason.ordinal()]++;
    Counter counter = reason.counter();
    if (counter != null) {
      counts[counter.ordinal()]++;
    }
    Counter sum = reason.sum();
    if (sum != null) {
      counts[sum.ordinal()]++;
    }
  }

  /**
   * Counts a packet sent.
   *
   * @param reason why
   */
  public void sent(SendReason reason) {
    sends[reason.ordinal()]++;
  }

  /**
   * Reads a counter.
   *
   * @param counter which
   * @return the count
   */
  public long get(Counter counter) {
    return counts[counter.ordinal()];
  }

  /**
   * Reads a drop counter.
   *
   * @param reason which
   * @return the count
   */
  public long get(DropReason reason) {
    return drops[reason.ordinal()];
  }

  /**
   * Reads a send counter.
   *
   * @param reason which
   * @return the count
   */
  public long get(SendReason reason) {
    return sends[reason.ordinal()];
  }

  /**
   * Copies every counter: {@code IpInReceives} and the like first, then {@code Drop.…} and {@code
   * Send.…}.
   *
   * @return names and counts, in a fixed order, zeros included
   */
  public Map<String, Long> snapshot() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Counter counter : COUNTERS) {
      all.put(counter.group() + counter.label(), get(counter));
    }
    for (DropReason reason : DROP_REASONS) {
      all.put("Drop." + reason.name(), get(reason));
    }
    for (SendReason reason : SEND_REASONS) {
      all.put("Send." + reason.name(), get(reason));
    }
    return all;
  }
}
