package io.tunstack.script;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import java.util.ArrayDeque;

/** A link that keeps what is sent and never has anything to read. */
final class RecordingLink implements Link {
  final ArrayDeque<byte[]> sent = new ArrayDeque<>();
  private final int mtu;

  RecordingLink(int mtu) {
    this.mtu = mtu;
  }

  @Override
  public int mtu() {
    return mtu;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    byte[] bytes = new byte[packet.length()];
    packet.copyTo(Unpooled.wrappedBuffer(bytes).writerIndex(0));
    sent.add(bytes);
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    return 0;
  }

  @Override
  public void close() {}
}
