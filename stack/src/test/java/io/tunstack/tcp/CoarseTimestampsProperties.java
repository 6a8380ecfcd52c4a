package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsCoverage;

/** RFC 7323 §5.4: between a millisecond and a second a tick, and never backwards. */
class CoarseTimestampsProperties {
  /** Something leaves, some time after what left before it. */
  record Departure(int afterMillis, long lateness) {}

  @Provide
  Arbitrary<List<Departure>> departures() {
    Arbitrary<Integer> pauses = Arbitraries.integers().between(0, 300);
    Arbitrary<Long> lateness =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.just(0L)),
            Tuple.of(3, Arbitraries.longs().between(0, 60_000_000)));
    return Combinators.combine(pauses, lateness)
        .as(Departure::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(60);
  }

  @Property
  @Requirement("EXT-010")
  void shouldNeverGoBack_norAheadOfTime_norStandStillForASecond(
      @ForAll int origin, @ForAll("departures") List<Departure> departures) {
    CoarseTimestamps clock = new CoarseTimestamps(origin);
    int fine = origin;
    int before = origin;
    int stood = 0;
    for (Departure departure : departures) {
      fine += departure.afterMillis();
      clock.adapt(departure.lateness());
      int shown = clock.show(fine);
      assertTrue(shown - before >= 0, "back from " + before + " to " + shown);
      assertTrue(fine - shown >= 0, "ahead");
      assertTrue(fine - shown < CoarseTimestamps.MAX_TICK, "behind by " + (fine - shown));
      if (departure.lateness() == 0) {
        assertEquals(fine, shown, "what is long ago does not matter");
      }
      stood += shown == before && departure.afterMillis() > 0 ? 1 : 0;
      before = shown;
    }
    Statistics.collect(stood >= 3);
    Statistics.coverage(CoarseTimestampsProperties::often);
  }

  private static void often(StatisticsCoverage coverage) {
    coverage.check(true).percentage(share -> share > 40);
  }
}
