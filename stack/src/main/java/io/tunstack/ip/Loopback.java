package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import java.util.ArrayDeque;

/**
 * Packets from this host to itself. They wait here until the stack has finished what it is doing:
 * the receiving side of a transport is never entered from its own sending side.
 */
final class Loopback {
  /** As many as a TUN device's queue holds; more are refused, which is a loss like any other. */
  static final int MAX_PACKETS = 10_000;

  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Keeps a copy of a packet; false if too many wait. */
  boolean offer(OutboundPacket packet) {
    if (waiting.size() >= MAX_PACKETS) {
      return false;
    }
    byte[] copy = new byte[packet.length()];
    packet.copyTo(Unpooled.wrappedBuffer(copy).writerIndex(0));
    waiting.add(copy);
    return true;
  }

  /** Takes the next one; null if none waits. */
  ByteBuf poll() {
    byte[] next = waiting.poll();
    return next == null ? null : Unpooled.wrappedBuffer(next);
  }

  void clear() {
    waiting.clear();
  }
}
