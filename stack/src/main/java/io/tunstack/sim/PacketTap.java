package io.tunstack.sim;

import io.netty.buffer.ByteBuf;

/** Is shown every packet of a simulation. */
@FunctionalInterface
public interface PacketTap {
  /** Where on its way a packet is. */
  enum Passage {
    /** It has left a host and will arrive. */
    SENT,
    /** It has left a host and is lost. */
    LOST,
    /** A host is about to read it. A duplicate is delivered more than once. */
    DELIVERED
  }

  /**
   * A packet passes. Must not touch hosts.
   *
   * @param passage where it is
   * @param nanos when, by the simulation's clock
   * @param path between which hosts
   * @param packet a whole IPv4 packet, borrowed; its bytes as sent for {@code SENT} and {@code
   *     LOST}, as they arrive for {@code DELIVERED}
   */
  void onPacket(Passage passage, long nanos, SimulatedPath path, ByteBuf packet);
}
