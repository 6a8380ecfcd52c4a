package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** RFC 9937's bounds, whatever is lost. */
class ProportionalRateReductionProperties {
  private static final int SMSS = 1000;

  @Property
  @Requirement("CC-010")
  void shouldSendNoMoreThanArrives_andEndAtSsthresh(
      @ForAll long seed, @ForAll @IntRange(min = 4, max = 200) int segments) {
    SplittableRandom random = new SplittableRandom(seed);
    int flight = segments * SMSS;
    int ssthresh = Math.max(2 * SMSS, flight / 10 * (3 + random.nextInt(5)));
    double loss = random.nextDouble(0.6);
    ProportionalRateReduction prr = new ProportionalRateReduction();
    prr.start(flight);
    int pipe = flight;
    int left = flight;
    long delivered = 0;
    long out = 0;
    while (left > 0) {
      left -= SMSS;
      pipe -= SMSS;
      boolean lost = random.nextDouble() < loss;
      int news = lost ? 0 : SMSS;
      if (news == 0) {
        continue;
      }
      delivered += news;
      int cwnd = prr.onAck(news, pipe, ssthresh, SMSS, false);
      int sendable = Math.max(0, cwnd - pipe) / SMSS * SMSS;
      prr.onSent(sendable);
      out += sendable;
      pipe += sendable;
      assertTrue(out <= delivered + SMSS, "more was sent than arrived");
      assertTrue(pipe <= Math.max(ssthresh, flight), "beyond where it is to end");
    }
    assertTrue(pipe <= ssthresh + SMSS, "it ends at ssthresh");
    Statistics.label("much lost").collect(loss > 0.3);
    Statistics.label("much lost").coverage(c -> c.check(true).percentage(p -> p > 25));
  }
}
