package io.tunstack.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** One server's counters. Engine thread only. */
// Counted per request: an array indexed by ordinal costs one add, an EnumMap a boxed Long.
@SuppressWarnings("EnumOrdinal")
final class HttpCounters {
  private static final HttpCounter[] ALL = HttpCounter.values();

  private final long[] counts = new long[ALL.length];

  void increment(HttpCounter counter) {
    counts[counter.ordinal()]++;
  }

  void add(HttpCounter counter, long amount) {
    counts[counter.ordinal()] += amount;
  }

  long get(HttpCounter counter) {
    return counts[counter.ordinal()];
  }

  Map<String, Long> snapshot() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (HttpCounter counter : ALL) {
      all.put(counter.label(), get(counter));
    }
    return all;
  }
}
