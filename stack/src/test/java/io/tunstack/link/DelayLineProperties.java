package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;

class DelayLineProperties {
  private static final int PACKETS = 200;
  private static final int HEADERS = 28;
  private static final int NUMBER = 24;

  /** An arrival: when, and which packet. */
  private record Arrival(long nanos, int number) {}

  private static LinkProfile profile(long rate, QueueDiscipline discipline, double bad) {
    Impairment impairment =
        new Impairment(Duration.ofNanos(300_000), Duration.ofNanos(50_000), bad, bad, bad, 0);
    return LinkProfile.NONE
        .with(impairment)
        .with(new BurstLoss(bad, 0.3, 0.8, 0))
        .with(Bottleneck.tailDrop(rate, 20_000).with(discipline, false));
  }

  /** A UDP datagram of a flow: the port tells which. */
  private static byte[] packet(int flow, int number, int length) {
    ByteBuffer packet = ByteBuffer.allocate(Math.max(HEADERS, length));
    packet.put(0, (byte) 0x45).put(9, (byte) 17).putInt(12, 0x0a000001).putInt(16, 0x0a000002);
    packet.putShort(20, (short) (40_000 + flow)).putShort(22, (short) (1000 + flow));
    return packet.putInt(NUMBER, number).array();
  }

  private static int number(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(NUMBER);
  }

  private static void drain(DelayLine line, long now, List<Arrival> into) {
    for (byte[] packet = line.poll(now); packet != null; packet = line.poll(now)) {
      into.add(new Arrival(now, number(packet)));
    }
  }

  /** Offers packets at random instants and looks at the line whenever it wants, and more often. */
  private static List<Arrival> run(
      LinkProfile profile, long seed, boolean eager, boolean withOtherFlow) {
    SplittableRandom random = new SplittableRandom(seed);
    DelayLine line = new DelayLine(profile, seed);
    List<Arrival> arrivals = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < PACKETS; i++) {
      long next = now + random.nextInt(400_000);
      int length = HEADERS + random.nextInt(1400);
      while (line.nextDue() <= next) {
        now = eager ? Math.max(now, Math.min(next, line.nextDue() / 2 + now / 2)) : now;
        drain(line, now, arrivals);
        now = Math.max(now, line.nextDue());
        if (now <= next) {
          drain(line, now, arrivals);
        }
      }
      now = next;
      line.offer(packet(1, i, length), now);
      if (withOtherFlow) {
        line.offer(packet(2, -1, HEADERS), now);
      }
    }
    while (line.nextDue() != Link.NEVER) {
      now = Math.max(now, line.nextDue());
      drain(line, now, arrivals);
    }
    assertEquals(0, line.underWay());
    LineStatistics statistics = line.statistics();
    assertEquals(
        statistics.offered() + statistics.duplicated(),
        statistics.delivered() + statistics.dropped(),
        "every packet is accounted for");
    Statistics.label("queue overflows").collect(statistics.queueDropped() > 0);
    return arrivals;
  }

  @Property(tries = 200)
  void shouldNotDependOnHowOftenItIsAsked(
      @ForAll long seed,
      @ForAll @LongRange(min = 5_000_000, max = 200_000_000) long rate,
      @ForAll QueueDiscipline discipline,
      @ForAll @DoubleRange(min = 0, max = 0.3) double bad) {
    LinkProfile profile = profile(rate, discipline, bad);

    assertEquals(run(profile, seed, false, false), run(profile, seed, true, false));
    Statistics.label("queue overflows")
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
    Statistics.label("queue overflows")
        .coverage(coverage -> coverage.check(false).percentage(share -> share > 3));
  }

  @Property(tries = 200)
  void shouldDoTheSameToAFlow_whateverOthersSend(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.3) double bad) {
    LinkProfile profile = profile(0, QueueDiscipline.TAIL_DROP, bad);
    List<Arrival> alone = run(profile, seed, false, false);
    List<Arrival> accompanied = run(profile, seed, false, true);
    accompanied.removeIf(arrival -> arrival.number < 0);

    assertEquals(alone, accompanied);
    Statistics.label("all arrive").collect(alone.size() == PACKETS);
    Statistics.label("all arrive")
        .coverage(coverage -> coverage.check(false).percentage(share -> share > 50));
  }

  @Property(tries = 200)
  void shouldBeExactInRate_whateverThePacketsAre(
      @ForAll @LongRange(min = 1_000, max = 10_000_000_000L) long rate,
      @ForAll @IntRange(min = 28, max = 1500) int length,
      @ForAll @LongRange(min = 0, max = 1L << 40) long start) {
    DelayLine line = new DelayLine(LinkProfile.NONE.with(Bottleneck.tailDrop(rate, 1 << 30)), 1);
    for (int i = 0; i < 1000; i++) {
      assertTrue(line.offer(packet(1, i, length), start));
    }
    long last = start;
    for (int i = 0; i < 1000; i++) {
      last = line.nextDue();
      assertEquals(i, number(line.poll(last)), "in order");
    }
    long bits = 8_000L * length;
    double exact = bits * 1e9 / rate;
    // One nanosecond is lost to rounding at the end, not one for each packet.
    assertEquals(exact, (double) (last - start), 1 + exact * 1e-12);
  }

  @Property(tries = 100)
  void shouldNeverHoldMoreThanTheQueue(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30_000) int limit,
      @ForAll QueueDiscipline discipline) {
    SplittableRandom random = new SplittableRandom(seed);
    DelayLine line =
        new DelayLine(
            LinkProfile.NONE.with(Bottleneck.tailDrop(8_000_000, limit).with(discipline, false)),
            seed);
    for (long now = 0; now < 100_000_000; now += random.nextInt(1_200_000)) {
      line.offer(packet(1, 0, HEADERS + random.nextInt(1400)), now);
      assertTrue(line.statistics().queueBytes() <= limit);
      drain(line, now, new ArrayList<>());
    }
    LineStatistics statistics = line.statistics();
    assertTrue(statistics.maxQueueBytes() <= limit);
    assertTrue(statistics.delivered() > 0);
    Statistics.label("full").collect(statistics.queueDropped() > 0);
    Statistics.label("full")
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 20));
  }
}
