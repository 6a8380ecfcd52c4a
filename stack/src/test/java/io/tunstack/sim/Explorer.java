package io.tunstack.sim;

import io.tunstack.tcp.TcpState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Takes every possible step from every state, breadth first, so that what goes wrong is told by a
 * shortest path to it.
 *
 * <p>Stacks cannot be copied, so each path is walked from its beginning. Paths that lead to the
 * same state, which is known by its {@link StateDigest}, are walked on from once. From every new
 * state the network is also healed, to see everything end.
 */
final class Explorer {
  private final Bounds bounds;
  private final long maxStates;
  private final StackPair.Aheads aheads;
  private final LongSet seen = new LongSet();
  private final Set<TcpState> reached = EnumSet.noneOf(TcpState.class);
  private long transitions;
  private int depth;
  private boolean wrapped;
  private boolean zeroWindow;

  Explorer(Bounds bounds, long maxStates) {
    this.bounds = bounds;
    this.maxStates = maxStates;
    this.aheads = StackPair.Aheads.find(bounds);
  }

  /** Where a path leads, and which steps are possible there. */
  private static final class Place {
    final byte[] path;
    final int[] possible;

    Place(byte[] path, StackPair pair) {
      this.path = path;
      possible =
          IntStream.range(0, Step.ALL.size())
              .filter(i -> pair.isPossible(Step.ALL.get(i)))
              .toArray();
    }
  }

  /**
   * What an exploration has seen.
   *
   * @param states different ones
   * @param transitions steps taken to find them
   * @param depth of the deepest
   * @param complete whether no state within the bounds is left out
   * @param reached states of single connections
   * @param wrapped whether sequence numbers crossed 2³¹ or 2³²
   * @param zeroWindow whether a window closed
   */
  record Result(
      long states,
      long transitions,
      int depth,
      boolean complete,
      Set<TcpState> reached,
      boolean wrapped,
      boolean zeroWindow) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,d states by %,d steps to depth %d, %s; %d of 11 states of a connection%s%s",
          states,
          transitions,
          depth,
          complete ? "all there are" : "more are left",
          reached.size(),
          wrapped ? ", numbers wrapped" : "",
          zeroWindow ? ", a window closed" : "");
    }
  }

  /**
   * Explores until nothing new is left or the bounds are reached.
   *
   * @throws AssertionError if anything does not hold, with the path to it
   */
  Result explore() {
    List<Place> frontier = new ArrayList<>();
    visit(new byte[0], frontier);
    while (!frontier.isEmpty() && depth < bounds.depth() && seen.size() < maxStates) {
      List<Place> next = new ArrayList<>();
      for (Place place : frontier) {
        for (int step : place.possible) {
          byte[] longer = Arrays.copyOf(place.path, place.path.length + 1);
          longer[place.path.length] = (byte) step;
          visit(longer, next);
        }
        if (seen.size() >= maxStates) {
          break;
        }
      }
      depth++;
      frontier = next;
    }
    return new Result(
        seen.size(),
        transitions,
        depth,
        frontier.isEmpty(),
        Set.copyOf(reached),
        wrapped,
        zeroWindow);
  }

  /** Walks a path; if it leads to a new place, adds that to those to go on from. */
  private void visit(byte[] path, List<Place> next) {
    transitions++;
    try (StackPair pair = walk(path)) {
      if (!seen.add(pair.digest())) {
        return;
      }
      for (Side side : Side.values()) {
        reached.add(pair.state(side));
      }
      wrapped |= pair.wrapped();
      zeroWindow |= pair.zeroWindow();
      next.add(new Place(path, pair));
      pair.finish();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("after " + describe(path) + ": " + e.getMessage(), e);
    }
  }

  private StackPair walk(byte[] path) {
    StackPair pair = new StackPair(bounds, aheads);
    for (byte step : path) {
      pair.apply(Step.ALL.get(step));
    }
    return pair;
  }

  private static String describe(byte[] path) {
    List<Step> steps = new ArrayList<>();
    for (byte step : path) {
      steps.add(Step.ALL.get(step));
    }
    return steps.toString();
  }
}
