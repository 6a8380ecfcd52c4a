package io.tunstack.tcp;

import io.tunstack.memory.SlabPool;

/** What the connections of a stack take memory from while they are busy, and give it back to. */
final class Workspace {
  /** Of each kind; a thousand connections in the middle of something are many for one engine. */
  private static final int MOST = 1_024;

  final SlabPool slabs;
  final LentText lent = new LentText();
  final Spares<SlabDeque> deques;
  final Spares<RangeSet> ranges;
  final Spares<FlightBook> books;

  Workspace(SlabPool slabs, TcpConfig config) {
    this.slabs = slabs;
    this.deques = new Spares<>(() -> new SlabDeque(slabs), MOST);
    this.ranges = new Spares<>(() -> new RangeSet(config.maxOutOfOrderRanges()), MOST);
    this.books = new Spares<>(FlightBook::new, MOST);
  }
}
