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
   * buffer at once, unless it has begun a {@link #batch}.
   *
   * @param packet the packet; not modified
   * @return false if the link refused it (queue full, device down), which is a loss like any other
   * @throws LinkException if the link is gone for good
   */
  boolean send(OutboundPacket packet);

  /**
   * Tells whether this link offloads: whether {@link #send} takes packets whose checksum is left to
   * it, and packets of several segments ({@link OutboundPacket#leaveToLink}). What such a link
   * delivers may be of that kind too: {@link #receivedChecksum} and {@link #receivedSegmentBytes}
   * tell.
   *
   * @return false if it takes and delivers packets as a wire carries them, and nothing else
   */
  default boolean offloads() {
    return false;
  }

  /**
   * Tells what is known of the checksum of the packet that {@link #receive} delivered last.
   *
   * @return whether it is to be verified
   */
  default ReceivedChecksum receivedChecksum() {
    return ReceivedChecksum.UNVERIFIED;
  }

  /**
   * Tells of how many segments the packet consists that {@link #receive} delivered last.
   *
   * @return bytes of text in each of its segments but the last; 0 if it is a single one
   */
  default int receivedSegmentBytes() {
    return 0;
  }

  /**
   * Tells how large a buffer {@link #receive} needs.
   *
   * @return bytes; more than {@link #mtu()} where links put something of their own in front
   */
  default int receiveBytes() {
    return mtu();
  }

  /**
   * Copies the next waiting packet into a buffer.
   *
   * @param into cleared first; must have room for {@link #receiveBytes()} bytes. The packet is
   *     between its indices afterwards, not necessarily at 0
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

  /**
   * Begins a batch: until {@link #flush}, what the ranges of packets point to remains as it is, so
   * that the link may put off sending them. Their headers may be reused at once all the same.
   * Within a batch, {@link #send} answers true for a packet that it has put off.
   */
  default void batch() {}

  /**
   * Ends a batch, if there is one, and sends what has been put off.
   *
   * @return how many of the batch's packets the link refused after it had answered true
   * @throws LinkException if the link is gone for good
   */
  default int flush() {
    return 0;
  }

  /** Lets go of the device or the peer; a second call does nothing. */
  @Override
  void close();
}
