package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** Against a set of single numbers. */
class RangeSetProperties {
  private static final int MAX_RANGES = 4;

  @Property
  void shouldHoldExactlyWhatWasAdded(
      @ForAll @IntRange(min = -150, max = 20) int base,
      @ForAll @Size(max = 40) List<@IntRange(max = 120) Integer> starts) {
    RangeSet set = new RangeSet(MAX_RANGES);
    TreeSet<Integer> model = new TreeSet<>();
    boolean refused = false;
    boolean merged = false;
    for (int i = 0; i < starts.size(); i++) {
      int start = starts.get(i);
      int end = start + 1 + (start * 7 + i) % 9;
      int before = set.size();
      if (set.add(base + start, base + end)) {
        for (int n = start; n < end; n++) {
          model.add(n);
        }
        merged |= set.size() < before;
      } else {
        refused = true;
        assertEquals(MAX_RANGES, before);
      }
      if (i % 11 == 10 && !set.isEmpty()) {
        model.headSet(set.end(0) - base).clear();
        set.removeFirst();
      }
      check(set, model, base);
    }
    boolean wraps = base < 0 && !set.isEmpty() && set.start(0) < 0 && set.end(set.size() - 1) > 0;
    Statistics.label("wraps").collect(wraps).coverage(c -> c.check(true).percentage(p -> p > 5));
    Statistics.label("refused")
        .collect(refused)
        .coverage(c -> c.check(true).percentage(p -> p > 2));
    Statistics.label("merged").collect(merged).coverage(c -> c.check(true).percentage(p -> p > 20));
  }

  private static void check(RangeSet set, Set<Integer> model, int base) {
    Set<Integer> held = new HashSet<>();
    for (int i = 0; i < set.size(); i++) {
      if (i > 0 && set.start(i) - set.end(i - 1) <= 0) {
        throw new AssertionError("ranges touch or are out of order");
      }
      for (int n = set.start(i); n != set.end(i); n++) {
        held.add(n - base);
      }
    }
    assertEquals(model, held);
    for (int n = -1; n <= 131; n++) {
      assertEquals(model.contains(n), set.indexOf(base + n) >= 0);
    }
  }
}
