package io.tunstack.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A datagram to whatever host, on a stack that stands in for it. It may be kept, and answered any
 * number of times. The text may be read on any thread; everything else belongs to the engine
 * thread.
 */
public interface UdpRequest {
  /**
   * Returns who sent it.
   *
   * @return address and port
   */
  InetSocketAddress source();

  /**
   * Returns whom it was meant for.
   *
   * @return any host's address, and a port
   */
  InetSocketAddress destination();

  /**
   * Returns the text.
   *
   * @return a new view on the same bytes, positioned at the first
   */
  ByteBuffer text();

  /**
   * Sends a datagram back in the destination's name.
   *
   * @param text drained; free for reuse on return
   * @return whether it has left; false if it was lost here already
   * @throws IllegalArgumentException if it is too long for a datagram
   */
  boolean answer(ByteBuffer text);

  /**
   * Answers with an ICMP error from the destination's address, subject to the rate limit.
   *
   * @param why what the error says
   */
  void unreachable(Unreachable why);
}
