package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.DropReason;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class IcmpErrorLimitTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int HOST = Packets.PEER.bits();

  private static IcmpErrorLimit limit(long seed) {
    return new IcmpErrorLimit(100, 50, new SplittableRandom(seed)::nextLong);
  }

  private static int takeAll(IcmpErrorLimit limit, int host, long now) {
    int taken = 0;
    while (limit.take(host, now) == null) {
      taken++;
    }
    return taken;
  }

  /** Takes for one host after another until nobody gets any. */
  private static int takeForMany(IcmpErrorLimit limit, int hosts, long now) {
    int taken = 0;
    for (int host = 1; host <= hosts; host++) {
      taken += limit.take(host * 7919, now) == null ? 1 : 0;
    }
    return taken;
  }

  @Test
  @Requirement("ICMP-018")
  void shouldGiveAHostItsShareOfABurst_thenItsShareOfTheRate() {
    IcmpErrorLimit limit = limit(1);
    assertEquals(20, takeAll(limit, HOST, 0));
    assertEquals(DropReason.ICMP_RATE_LIMIT_HOST, limit.take(HOST, SECOND / 20 - 1));
    assertEquals(1, takeAll(limit, HOST, SECOND / 20));
    int taken = 0;
    for (long now = SECOND; now < 11 * SECOND; now += SECOND / 1000) {
      taken += limit.take(HOST, now) == null ? 1 : 0;
    }
    assertTrue(taken >= 200 && taken <= 220, "in ten seconds: " + taken);
  }

  @Test
  void shouldNotHoldMoreThanABurst_howeverLongNobodyCame() {
    IcmpErrorLimit limit = limit(1);
    assertEquals(20, takeAll(limit, HOST, 0));
    assertEquals(20, takeAll(limit, HOST, 1_000_000 * SECOND));
  }

  @Test
  void shouldWorkOnAnyClock() {
    assertEquals(20, takeAll(limit(1), HOST, -3_000_000_000_000L));
    assertEquals(20, takeAll(limit(1), HOST, 1L << 60));
  }

  @Test
  @Requirement("ICMP-018")
  void shouldLimitAllTogether() {
    int taken = takeForMany(limit(2), 1000, 0);
    assertTrue(taken >= 40 && taken <= 65, "at once: " + taken);
    IcmpErrorLimit limit = limit(3);
    takeForMany(limit, 1000, 0);
    int later = 0;
    for (int i = 1; i <= 1000; i++) {
      later += takeForMany(limit, 100, i * SECOND / 100);
    }
    assertTrue(later >= 900 && later <= 1100, "in ten seconds: " + later);
    assertEquals(DropReason.ICMP_RATE_LIMIT, limit.take(987_654, 10 * SECOND));
  }

  @Test
  void shouldServeOthers_whileOneTakesAllHeCan() {
    IcmpErrorLimit limit = limit(4);
    int served = 0;
    for (int i = 0; i < 1000; i++) {
      long now = i * SECOND / 100;
      takeAll(limit, HOST, now);
      if (i % 10 == 0) {
        served += limit.take(HOST + 1, now) == null ? 1 : 0;
      }
    }
    assertEquals(100, served);
  }

  @Test
  void shouldNotTellHowManyWentToOthers() {
    Set<Integer> counts = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      counts.add(takeForMany(limit(seed), 1000, 0));
    }
    assertTrue(counts.size() > 5, counts::toString);
  }

  @Test
  void shouldGiveOne_whenTheBurstIsOne() {
    assertEquals(1, takeAll(new IcmpErrorLimit(1, 1, () -> 5), HOST, 0));
  }
}
