package io.tunstack.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * One end of a pair that hands packets to each other in memory, at once and in order.
 *
 * <p>The peer is never re-entered: a packet waits in the other end's queue until that end's stack
 * reads it. Both ends belong to one thread.
 */
public final class InMemoryLink implements Link {
  /**
   * Packets that wait at most: the queue length the TUN device is given too, so that what fits here
   * fits there.
   */
  public static final int QUEUE_PACKETS = 10_000;

  private final int mtu;
  private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
  private InMemoryLink peer;
  private boolean closed;

  private InMemoryLink(int mtu) {
    this.mtu = mtu;
  }

  /** The two ends of a pair. */
  public record Pair(InMemoryLink left, InMemoryLink right) {}

  /**
   * Makes a pair.
   *
   * @param mtu bytes, for both directions
   * @return two ends, each the other's peer
   */
  public static Pair pair(int mtu) {
    InMemoryLink left = new InMemoryLink(mtu);
    InMemoryLink right = new InMemoryLink(mtu);
    left.peer = right;
    right.peer = left;
    return new Pair(left, right);
  }

  @Override
  public int mtu() {
    return mtu;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    int length = packet.length();
    if (closed || peer.closed || length > mtu || peer.inbox.size() >= QUEUE_PACKETS) {
      return false;
    }
    byte[] bytes = new byte[length];
    ByteBuf target = Unpooled.wrappedBuffer(bytes).writerIndex(0);
    packet.copyTo(target);
    peer.inbox.add(bytes);
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    byte[] bytes = inbox.poll();
    if (bytes == null) {
      return 0;
    }
    into.clear().writeBytes(bytes);
    return bytes.length;
  }

  /**
   * Tells how many packets wait to be read at this end.
   *
   * @return packets
   */
  public int waiting() {
    return inbox.size();
  }

  @Override
  public void close() {
    closed = true;
    inbox.clear();
  }
}
