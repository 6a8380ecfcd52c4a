package io.tunstack.link;

import io.netty.buffer.ByteBuf;

/**
 * A point-to-point carrier of IPv4 packets.
 *
 * <p>All methods belong to the thread that owns the stack on top, unless an implementation says
 * otherwise for {@link #close()}. No method blocks.
 */
public interface Link extends AutoCloseable {
  /** What {@link #nextDeadline()} answers when the link waits for nothing. */
  long NEVER = Long.MAX_VALUE;

  /**
   * Returns the largest IPv4 packet, header included, that this link carries.
   *
   * @return bytes, 68 (RFC 791 §3.2) to 65,535
   */
  int mtu();

  /**
   * Sends one packet. The link has consumed the bytes when this returns: the caller may reuse every
   * buffer at once.
   *
   * @param packet the packet; not modified
   * @return false if the link refused it (queue full, device down), which is a loss like any other
   * @throws LinkException if the link is gone for good
   */
  boolean send(OutboundPacket packet);

  /**
   * Copies the next waiting packet into a buffer.
   *
   * @param into cleared first; must have room for {@link #mtu()} bytes
   * @return the packet's length in bytes, or 0 when none waits
   * @throws LinkException if the link is gone for good
   */
  int receive(ByteBuf into);

  /**
   * Tells when this link next has something to deliver by itself, as a delaying link does.
   *
   * @return an instant of the stack's clock in nanoseconds, or {@link #NEVER}
   */
  default long nextDeadline() {
    return NEVER;
  }

  /** Pushes out what {@link #send} may have batched. */
  default void flush() {}

  /** Lets go of the device or the peer; a second call does nothing. */
  @Override
  void close();
}
