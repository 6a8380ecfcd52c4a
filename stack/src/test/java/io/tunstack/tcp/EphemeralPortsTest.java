package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.wire.SipHash;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ports for active opens (RFC 6056). */
class EphemeralPortsTest {
  private final EphemeralPorts ports = new EphemeralPorts(new SipHash(3, 4));

  @Test
  void shouldGiveEachPortOnce_beforeAnyTwice() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 28_232; i++) {
      int port = ports.pick(1, 2, 80, candidate -> true);
      assertTrue(port >= 32_768 && port <= 60_999);
      assertTrue(seen.add(port));
    }
  }

  @Test
  @Requirement("SEC-008")
  void shouldNeverPickWhatIsInUse() {
    Set<Integer> live = new HashSet<>();
    for (int i = 0; i < 5000; i++) {
      int port = ports.pick(1, 2, 80, candidate -> !live.contains(candidate));
      assertTrue(live.add(port));
      if (i % 3 == 0) {
        live.remove(port);
      }
    }
  }

  @Test
  void shouldSkipWhatIsTaken_andSayWhenNothingIsFree() {
    int port = ports.pick(1, 2, 80, candidate -> candidate == 40_000);
    assertEquals(40_000, port);
    assertEquals(-1, ports.pick(1, 2, 80, candidate -> false));
  }

  @Test
  void shouldBeginElsewhere_forAnotherDestinationOrAnotherKey() {
    int here = new EphemeralPorts(new SipHash(3, 4)).pick(1, 2, 80, candidate -> true);
    assertNotEquals(here, new EphemeralPorts(new SipHash(3, 4)).pick(1, 2, 81, candidate -> true));
    assertNotEquals(here, new EphemeralPorts(new SipHash(5, 6)).pick(1, 2, 80, candidate -> true));
  }

  @Test
  @Requirement("SEC-013")
  void shouldNotGoUpByOne_norTellAnotherDestinationsNext() {
    int steps = 0;
    int same = 0;
    EphemeralPorts again = new EphemeralPorts(new SipHash(3, 4));
    int previous = 0;
    for (int i = 0; i < 1000; i++) {
      int port = ports.pick(1, 2, 80, candidate -> true);
      int other = again.pick(1, 3, 80, candidate -> true);
      steps += Math.abs(port - previous) <= 2 ? 1 : 0;
      same += port == other ? 1 : 0;
      previous = port;
    }
    assertTrue(steps < 10 && same < 10, "steps " + steps + ", same " + same);
  }
}
