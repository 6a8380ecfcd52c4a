package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** RFC 7661's pipeACK against a list of all samples, and what its phases allow. */
class WindowValidationProperties {
  private static final long MILLI = 1_000_000;
  private static final int CWND = 100_000;

  /** What came back in a round trip, some time after the last that did. */
  record Round(int afterMillis, int bytes, boolean limiting) {}

  private record Sample(long at, int bytes) {}

  @Provide
  Arbitrary<List<Round>> rounds() {
    Arbitrary<Integer> pauses =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.integers().between(1, 200)),
            Tuple.of(1, Arbitraries.integers().between(200, 5_000)));
    Arbitrary<Integer> bytes =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(0, CWND / 2 - 1)),
            Tuple.of(1, Arbitraries.integers().between(CWND / 2, 2 * CWND)));
    Arbitrary<Boolean> limiting = Arbitraries.of(true, false, false, false);
    return Combinators.combine(pauses, bytes, limiting)
        .as(Round::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<Long> roundTrips() {
    return Arbitraries.longs().between(MILLI, 800 * MILLI);
  }

  @Property
  void shouldBeTheMostOfTheSamplingPeriod(
      @ForAll("rounds") List<Round> rounds, @ForAll("roundTrips") long srtt) {
    WindowValidation validation = new WindowValidation(0);
    List<Sample> samples = new ArrayList<>();
    long period = Math.max(WindowValidation.MIN_SAMPLING_PERIOD, 3 * srtt);
    long now = 0;
    boolean faded = false;
    for (Round round : rounds) {
      now += round.afterMillis() * MILLI;
      validation.onDelivered(round.bytes(), srtt, now);
      samples.add(new Sample(now, round.bytes()));
      int pipeAck = validation.pipeAck(srtt, now);
      assertTrue(pipeAck >= most(samples, now - period / 4 * 3), "forgot too early");
      assertTrue(pipeAck <= most(samples, now - period), "remembers what is over");
      faded |= pipeAck < most(samples, 0);
    }
    Statistics.label("faded").collect(faded);
    Statistics.label("faded").coverage(c -> c.check(true).percentage(share -> share > 30));
  }

  private static int most(List<Sample> samples, long since) {
    return samples.stream().filter(s -> s.at() >= since).mapToInt(Sample::bytes).max().orElse(0);
  }

  @Property
  void shouldLeaveThePhaseOnlyByUse_andEnterItOnlyUnlimited(
      @ForAll("rounds") List<Round> rounds, @ForAll("roundTrips") long srtt) {
    WindowValidation validation = new WindowValidation(0);
    long now = 0;
    boolean before = true;
    int changes = 0;
    for (Round round : rounds) {
      now += round.afterMillis() * MILLI;
      validation.onDelivered(round.bytes(), srtt, now);
      validation.look(CWND, round.limiting(), srtt, now);
      boolean used = 2 * validation.pipeAck(srtt, now) >= CWND;
      boolean validated = validation.isValidated();
      assertEquals(used || (before && round.limiting()), validated);
      int inUse = validation.onCongestion(1000, srtt, now);
      assertEquals(
          validated ? 1000 : Math.max(1000, validation.pipeAck(srtt, now)), inUse, "in use");
      changes += validated == before ? 0 : 1;
      before = validated;
    }
    Statistics.label("changes").collect(changes >= 2);
    Statistics.label("changes").coverage(c -> c.check(true).percentage(share -> share > 20));
  }
}
