package io.tunstack.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing that can happen to a {@link StackPair}.
 *
 * @param action what
 * @param side whose call it is, or who sent the packet that it befalls
 */
record Step(Action action, Side side) {
  /** Calls of the user (RFC 9293 §3.9.1), what befalls packets, and time. */
  enum Action {
    OPEN,
    SEND,
    RECEIVE,
    SHUT_DOWN,
    CLOSE,
    ABORT,
    /** The packet that was sent first of those under way arrives. */
    DELIVER,
    /** It is lost. */
    DROP,
    /** A copy of it follows behind all that are under way. */
    DUPLICATE,
    /** The one behind it overtakes it. */
    SWAP,
    /** Time jumps to the next deadline, whatever is under way. */
    TICK
  }

  /** All there are, so that a path is a list of small numbers. */
  static final List<Step> ALL = all();

  private static List<Step> all() {
    List<Step> all = new ArrayList<>();
    for (Action action : Action.values()) {
      all.add(new Step(action, Side.CLIENT));
      if (action != Action.TICK) {
        all.add(new Step(action, Side.SERVER));
      }
    }
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return action == Action.TICK ? "TICK" : side + " " + action;
  }
}
