package io.tunstack.link;

/** A packet on an emulated path, with what is decided about it and when it gets where. */
final class Parcel implements Comparable<Parcel> {
  /** What it is taken to cost besides its bytes: this, and the array's header. */
  static final int OVERHEAD_BYTES = 100;

  final byte[] packet;
  final Fate fate;
  final long arrived;

  /** Decides for the bottleneck, with the flow's seed, as it does for the fate. */
  final long seed;

  final long index;

  /** Whether the fate is a burst's doing. */
  final boolean inBurst;

  /** When its last bit has left the bottleneck. */
  long departs;

  /** When it arrives at the other end. */
  long due;

  /** Who goes first of those due together. */
  long order;

  Parcel(byte[] packet, Fate fate, boolean inBurst, long arrived, long seed, long index) {
    this.packet = packet;
    this.fate = fate;
    this.inBurst = inBurst;
    this.arrived = arrived;
    this.seed = seed;
    this.index = index;
  }

  Parcel copy() {
    Parcel copy = new Parcel(packet, fate, inBurst, arrived, seed, index);
    copy.departs = departs;
    copy.due = due;
    return copy;
  }

  /** What it counts for against the line's memory. */
  long weight() {
    return (long) packet.length + OVERHEAD_BYTES;
  }

  @Override
  public int compareTo(Parcel other) {
    int byTime = Long.compare(due, other.due);
    return byTime != 0 ? byTime : Long.compare(order, other.order);
  }
}
