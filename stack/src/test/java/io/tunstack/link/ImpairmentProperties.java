package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;

class ImpairmentProperties {
  @Property
  void shouldDecideTheSame_whenSeedAndNumberAreTheSame(
      @ForAll long seed,
      @ForAll @LongRange(min = 0) long index,
      @ForAll @DoubleRange(min = 0, max = 1) double probability) {
    Impairment impairment =
        new Impairment(
            Duration.ofMillis(3),
            Duration.ofMillis(7),
            probability,
            probability,
            probability,
            probability);
    Fate fate = impairment.fate(seed, index);
    assertEquals(fate, impairment.fate(seed, index));
    Statistics.label("lost").collect(fate.copies() == 0);
    Statistics.label("lost")
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 10));
    Statistics.label("lost")
        .coverage(coverage -> coverage.check(false).percentage(share -> share > 10));
  }
}
