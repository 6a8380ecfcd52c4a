package io.tunstack.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * An offloading link for those who want packets as a wire carries them: what arrives in one piece
 * of 64 KiB is delivered segment by segment, with whole checksums, and nothing is left to the link
 * on the way out.
 *
 * <pre>
 *   ImpairedLink, a relay ... &lt;--receive-- WireSizeLink [ splitter ] &lt;-- TunLink with offload
 * </pre>
 */
public final class WireSizeLink implements Link {
  private final Link wrapped;
  private final ByteBuf large;
  private final PacketSplitter splitter = new PacketSplitter();
  private boolean closed;

  /**
   * Wraps a link.
   *
   * @param wrapped closed with this one
   */
  public WireSizeLink(Link wrapped) {
    this.wrapped = wrapped;
    this.large = Unpooled.directBuffer(wrapped.receiveBytes(), wrapped.receiveBytes());
  }

  @Override
  public int mtu() {
    return wrapped.mtu();
  }

  @Override
  public boolean send(OutboundPacket packet) {
    return wrapped.send(packet);
  }

  @Override
  public int receive(ByteBuf into) {
    if (closed) {
      return 0;
    }
    int length = splitter.next(into);
    while (length == 0 && wrapped.receive(large) > 0) {
      splitter.start(large, wrapped.receivedChecksum(), wrapped.receivedSegmentBytes());
      length = splitter.next(into);
    }
    return length;
  }

  @Override
  public long nextDeadline() {
    return wrapped.nextDeadline();
  }

  @Override
  public void flush() {
    wrapped.flush();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      large.release();
      wrapped.close();
    }
  }
}
