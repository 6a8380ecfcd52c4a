package io.tunstack.link;

/**
 * Says when a queue is too long. A packet that is told so is marked, or dropped where it cannot be.
 */
interface QueueManager {
  /**
   * Tells about a packet that has arrived.
   *
   * @param queueBytes what waits, without it
   * @return whether its sender is to slow down
   */
  default boolean signalsArrival(Parcel parcel, long queueBytes, long now) {
    return false;
  }

  /**
   * Tells about a packet whose turn it is.
   *
   * @param queueBytes what waits behind it
   * @return whether its sender is to slow down
   */
  default boolean signalsDeparture(Parcel parcel, long queueBytes, long now) {
    return false;
  }

  /** Makes the manager of a bottleneck. */
  static QueueManager of(Bottleneck bottleneck) {
    return switch (bottleneck.discipline()) {
      case TAIL_DROP -> new QueueManager() {};
      case CODEL -> new Codel();
      case RED -> new Red(bottleneck);
    };
  }
}
