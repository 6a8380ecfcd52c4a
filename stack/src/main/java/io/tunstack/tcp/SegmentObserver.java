package io.tunstack.tcp;

/** Is told of every segment. For traces, captures and tests; without one it costs a null check. */
@FunctionalInterface
public interface SegmentObserver {
  /**
   * A segment was sent, received or dropped. Called on the engine thread; must not call back.
   *
   * @param event what happened
   */
  void onSegment(SegmentEvent event);
}
