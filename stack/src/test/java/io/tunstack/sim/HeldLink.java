package io.tunstack.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what a stack sends until somebody decides what becomes of it. */
final class HeldLink implements Link {
  private final int mtu;
  private final Consumer<byte[]> onSend;

  /** Packets under way, the oldest first. */
  final List<byte[]> held = new ArrayList<>();

  HeldLink(int mtu, Consumer<byte[]> onSend) {
    this.mtu = mtu;
    this.onSend = onSend;
  }

  @Override
  public int mtu() {
    return mtu;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    byte[] bytes = new byte[packet.length()];
    packet.copyTo(Unpooled.wrappedBuffer(bytes).writerIndex(0));
    held.add(bytes);
    onSend.accept(bytes);
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    return 0;
  }

  @Override
  public void close() {
    held.clear();
  }
}
