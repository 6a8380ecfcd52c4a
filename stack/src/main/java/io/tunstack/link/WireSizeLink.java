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
public final class WireSizeLink extends WrappedLink {
  private final ByteBuf large;
  private final PacketSplitter splitter = new PacketSplitter();

  /**
   * Wraps a link.
   *
   * @param wrapped closed with this one
   */
  public WireSizeLink(Link wrapped) {
    super(wrapped);
    this.large = Unpooled.directBuffer(wrapped.receiveBytes(), wrapped.receiveBytes());
  }

  @Override
  public int receive(ByteBuf into) {
    if (isClosed()) {
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
  void release() {
    large.release();
  }
}
