package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tcp.TcpState;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every interleaving of few calls and few accidents, not a random choice of them. */
class ExplorationTest {
  /** Within these nothing is left out, in half a minute. */
  private static final List<Bounds> ALWAYS =
      List.of(
          new Bounds(false, false, 40, 2, 0, 0, 0, 0),
          new Bounds(false, true, 40, 1, 1, 0, 0, 1),
          new Bounds(false, false, 40, 1, 1, 0, 1, 0),
          new Bounds(true, true, 40, 1, 1, 0, 0, 0),
          new Bounds(true, false, 40, 1, 0, 1, 0, 0));

  /** Within these it takes minutes; what is beyond {@link #MAX_STATES} is left out. */
  private static final List<Bounds> NIGHTLY =
      List.of(
          new Bounds(false, false, 40, 2, 0, 0, 1, 0),
          new Bounds(false, false, 60, 1, 1, 1, 1, 1),
          new Bounds(false, true, 60, 2, 1, 0, 0, 1),
          new Bounds(false, false, 60, 3, 0, 0, 0, 2),
          new Bounds(true, false, 60, 1, 0, 1, 1, 0),
          new Bounds(true, true, 60, 1, 1, 1, 1, 0),
          new Bounds(true, false, 60, 2, 0, 0, 0, 1));

  private static final long MAX_STATES = Long.getLong("tunstack.explore.states", 500_000);

  /** A listener has no entry in the table, so it is a state that no pair is seen in. */
  private static final Set<TcpState> ALL_BUT_LISTEN =
      EnumSet.complementOf(EnumSet.of(TcpState.LISTEN));

  static Stream<Bounds> bounds() {
    return Boolean.getBoolean("tunstack.nightly")
        ? Stream.concat(ALWAYS.stream(), NIGHTLY.stream())
        : ALWAYS.stream();
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void shouldHoldItsInvariants_whereverTwoStacksGo(Bounds bounds) {
    Explorer.Result result = new Explorer(bounds, MAX_STATES).explore();
    System.out.printf("%s: %s%n", bounds, result);
    assertEquals(ALL_BUT_LISTEN, result.reached());
    assertTrue(result.wrapped());
    assertTrue(result.complete() || NIGHTLY.contains(bounds), result::toString);
  }
}
