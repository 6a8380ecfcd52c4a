package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathMtusTest {
  private static final int LINK = 1500;
  private static final int HOST = Packets.PEER.bits();
  private static final long NOW = 7_000_000_000L;

  private final PathMtus paths = new PathMtus();

  private int mtu() {
    return paths.get(HOST, LINK, NOW);
  }

  private boolean reduce(int nextHop, int quoted) {
    return paths.reduce(HOST, nextHop, quoted, LINK, NOW);
  }

  @Test
  void shouldBeTheLinks_whenNobodyHasComplained() {
    assertEquals(LINK, mtu());
    assertFalse(paths.mayBeCut(HOST));
  }

  @Test
  void shouldBeWhatTheRouterSays_forThatDestinationOnly() {
    assertTrue(reduce(1400, 1500));
    assertEquals(1400, mtu());
    assertTrue(reduce(1000, 1400));
    assertEquals(1000, mtu());
    assertEquals(LINK, paths.get(HOST + 1, LINK, NOW));
    assertFalse(paths.mayBeCut(HOST));
  }

  @ParameterizedTest
  @CsvSource({"1500", "1501", "9000", "65535"})
  @Requirement("PMTU-002")
  void shouldNotGrow_onAnybodysWord(int nextHop) {
    assertFalse(reduce(nextHop, 1500));
    assertEquals(LINK, mtu());
    assertTrue(reduce(1200, 1500));
    assertFalse(reduce(nextHop, 1500));
    assertFalse(reduce(1200, 1500));
    assertEquals(1200, mtu());
  }

  @ParameterizedTest
  @CsvSource({"1", "20", "68", "551"})
  @Requirement("PMTU-002")
  void shouldStopAtTheFloor_andLetPacketsBeCutThere(int nextHop) {
    assertTrue(reduce(nextHop, 1500));
    assertEquals(PathMtus.FLOOR, mtu());
    assertTrue(paths.mayBeCut(HOST));
    assertFalse(reduce(nextHop, 552));
    assertEquals(1, paths.size());
  }

  @Test
  void shouldLetPacketsBeCut_whenTheFloorIsStillTooMuch() {
    assertTrue(reduce(552, 1500));
    assertFalse(paths.mayBeCut(HOST));
    assertTrue(reduce(300, 552));
    assertTrue(paths.mayBeCut(HOST));
    assertEquals(552, mtu());
  }

  @Test
  void shouldHaveTheLinkForAFloor_whenThatIsLess() {
    assertFalse(paths.reduce(HOST, 552, 1500, 400, NOW));
    assertEquals(400, paths.get(HOST, 400, NOW));
    assertFalse(paths.reduce(HOST, 400, 400, 400, NOW));
    assertTrue(paths.reduce(HOST, 300, 400, 400, NOW));
    assertEquals(400, paths.get(HOST, 400, NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "1500,1492",
    "1492,1006",
    "1007,1006",
    "1006,552",
    "700,552",
    "40,1492",
    "65535,1492"
  })
  @Requirement("PMTU-004")
  void shouldTakeTheNextPlateau_whenTheRouterTellsNoSize(int quoted, int expected) {
    assertTrue(reduce(0, quoted));
    assertEquals(expected, mtu());
  }

  @Test
  @Requirement("PMTU-005")
  void shouldForgetAfterTenMinutes() {
    assertTrue(reduce(300, 1500));
    long end = NOW + PathMtus.AGE_NANOS;
    assertEquals(PathMtus.FLOOR, paths.get(HOST, LINK, end - 1));
    assertEquals(LINK, paths.get(HOST, LINK, end));
    assertEquals(0, paths.size());
    assertFalse(paths.mayBeCut(HOST));
    assertEquals(LINK, mtu());
  }

  @Test
  void shouldForgetTheOldest_whenMoreThanAThousandPathsAreNarrow() {
    for (int i = 1; i <= 100_000; i++) {
      assertTrue(paths.reduce(i, 1000, 1500, LINK, NOW + i));
    }
    assertTrue(paths.size() <= 1024, () -> "entries: " + paths.size());
    assertTrue(paths.size() > 900, () -> "entries: " + paths.size());
    int remembered = 0;
    for (int i = 98_000; i <= 100_000; i++) {
      remembered += paths.get(i, LINK, NOW) == 1000 ? 1 : 0;
    }
    assertTrue(remembered > 900, "the newest are those that are remembered: " + remembered);
  }
}
