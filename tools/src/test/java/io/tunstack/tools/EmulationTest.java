package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.DelayLine;
import io.tunstack.link.Impairment;
import io.tunstack.link.Link;
import io.tunstack.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

final class EmulationTest {
  private static final int MANY = 100;
  private static final long PATIENCE = 2_000_000;

  private final VirtualClock clock = new VirtualClock();
  private final ArrayDeque<byte[]> atLeft = new ArrayDeque<>();
  private final ArrayDeque<byte[]> atRight = new ArrayDeque<>();
  private final List<String> arrivals = new ArrayList<>();
  private final Emulation emulation =
      new Emulation(
          clock,
          PATIENCE,
          new Emulation.End(atLeft::poll, packet -> arrives("left", packet)),
          new Emulation.End(atRight::poll, packet -> arrives("right", packet)),
          new DelayLine(delay(10), 1),
          new DelayLine(delay(30), 2));

  private static Impairment delay(int millis) {
    return Impairment.NONE.withDelay(Duration.ofMillis(millis), Duration.ZERO);
  }

  private void arrives(String end, byte[] packet) {
    arrivals.add(end + " " + packet.length + " at " + clock.nanos() / 1_000_000);
  }

  /** Runs until nothing is under way any more; every sleep ends so many nanoseconds late. */
  private void runLate(LongSupplier late) {
    emulation.run(
        nanos -> {
          if (nanos == Link.NEVER) {
            emulation.stop();
          } else {
            clock.advanceTo(clock.nanos() + nanos + late.getAsLong());
          }
        });
  }

  @Test
  void shouldCarryBothWays_eachWithItsOwnDelay() {
    atLeft.add(new byte[1]);
    atRight.add(new byte[2]);
    runLate(() -> 0);
    assertEquals(List.of("right 1 at 10", "left 2 at 30"), arrivals);
  }

  @Test
  void shouldNotSleep_whileMorePacketsWaitThanItTakesAtOnce() {
    for (int i = 0; i < MANY; i++) {
      atLeft.add(new byte[1]);
    }
    List<Long> slept = new ArrayList<>();
    emulation.run(
        nanos -> {
          assertTrue(atLeft.isEmpty());
          slept.add(nanos);
          emulation.stop();
        });
    assertEquals(List.of(10_000_000L), slept);
  }

  @Test
  void shouldStandStill_whenTheMachineDoes() {
    atLeft.add(new byte[1]);
    atRight.add(new byte[2]);
    runLate(() -> arrivals.isEmpty() ? 5 * PATIENCE : PATIENCE);
    assertEquals(List.of("right 1 at 20", "left 2 at 42"), arrivals, "20 ms apart, and as late");
    assertEquals(1, emulation.stalls(), "who is late by what is granted makes up for it");
    assertEquals(5 * PATIENCE, emulation.stalledNanos());
  }

  @Test
  void shouldSleepForEver_whenNothingIsUnderWay() {
    assertEquals(Link.NEVER, emulation.turn());
  }
}
