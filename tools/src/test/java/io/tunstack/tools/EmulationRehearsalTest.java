package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.link.Bottleneck;
import io.tunstack.link.Impairment;
import io.tunstack.link.LinkProfile;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EmulationRehearsalTest {
  @Test
  void shouldCarryEverything_whereNothingIsLost() {
    assertEquals(
        EmulationRehearsal.PACKETS, EmulationRehearsal.run(LinkProfile.NONE, LinkProfile.NONE));
  }

  @Test
  void shouldEnd_whatEverBefallsThePackets() {
    Impairment bad =
        Impairment.NONE.withDelay(Duration.ofMillis(300), Duration.ofMillis(50)).withLoss(0.5);
    LinkProfile slow = LinkProfile.NONE.with(bad).with(Bottleneck.tailDrop(100_000, 10_000));
    int carried = EmulationRehearsal.run(slow, LinkProfile.NONE.with(bad));
    assertTrue(carried > 0 && carried < EmulationRehearsal.PACKETS / 2, carried + " carried");
  }
}
