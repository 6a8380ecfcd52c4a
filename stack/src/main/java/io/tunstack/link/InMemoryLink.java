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

  private static final int MAX_PACKET = 65_535;

  private final int mtu;
  private final boolean offloads;
  private final ArrayDeque<Waiting> inbox = new ArrayDeque<>();
  private InMemoryLink peer;
  private boolean closed;

  /** What was delivered last. */
  private Waiting received = new Waiting(new byte[0], ReceivedChecksum.UNVERIFIED, 0);

  private InMemoryLink(int mtu, boolean offloads) {
    this.mtu = mtu;
    this.offloads = offloads;
  }

  private static final class Waiting {
    private final byte[] bytes;
    private final ReceivedChecksum checksum;
    private final int segmentBytes;

    Waiting(byte[] bytes, ReceivedChecksum checksum, int segmentBytes) {
      this.bytes = bytes;
      this.checksum = checksum;
      this.segmentBytes = segmentBytes;
    }
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
    return pair(mtu, false);
  }

  /**
   * Makes a pair that carries packets of up to 64 KiB with partial checksums, as a TUN device with
   * offload does.
   *
   * @param mtu bytes, for both directions: what a packet has that is not to be cut
   * @return two ends, each the other's peer
   */
  public static Pair offloadingPair(int mtu) {
    return pair(mtu, true);
  }

  private static Pair pair(int mtu, boolean offloads) {
    InMemoryLink left = new InMemoryLink(mtu, offloads);
    InMemoryLink right = new InMemoryLink(mtu, offloads);
    left.peer = right;
    right.peer = left;
    return new Pair(left, right);
  }

  @Override
  public int mtu() {
    return mtu;
  }

  @Override
  public boolean offloads() {
    return offloads;
  }

  @Override
  public int receiveBytes() {
    return offloads ? MAX_PACKET : mtu;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if something is left to a link that does not offload
   */
  @Override
  public boolean send(OutboundPacket packet) {
    if (packet.isLeftToLink() && !offloads) {
      throw new IllegalArgumentException("this link computes no checksums and cuts no packets");
    }
    int length = packet.length();
    int limit = packet.segmentBytes() > 0 ? MAX_PACKET : mtu;
    if (closed || peer.closed || length > limit || peer.inbox.size() >= QUEUE_PACKETS) {
      return false;
    }
    byte[] bytes = new byte[length];
    ByteBuf target = Unpooled.wrappedBuffer(bytes).writerIndex(0);
    packet.copyTo(target);
    ReceivedChecksum checksum =
        packet.isLeftToLink() ? ReceivedChecksum.PARTIAL : ReceivedChecksum.UNVERIFIED;
    peer.inbox.add(new Waiting(bytes, checksum, packet.segmentBytes()));
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    Waiting next = inbox.poll();
    if (next == null) {
      return 0;
    }
    received = next;
    into.clear().writeBytes(next.bytes);
    return next.bytes.length;
  }

  @Override
  public ReceivedChecksum receivedChecksum() {
    return received.checksum;
  }

  @Override
  public int receivedSegmentBytes() {
    return received.segmentBytes;
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
