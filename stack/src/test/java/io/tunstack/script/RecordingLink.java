package io.tunstack.script;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import java.util.ArrayDeque;

/** A link that keeps what is sent and gives what the script has put in. */
final class RecordingLink implements Link {
  final ArrayDeque<byte[]> sent = new ArrayDeque<>();

  /** Packets that the stack reads as one batch. */
  final ArrayDeque<byte[]> inbox = new ArrayDeque<>();

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
    byte[] packet = inbox.poll();
    if (packet == null) {
      return 0;
    }
    into.clear().writeBytes(packet);
    return packet.length;
  }

  @Override
  public void close() {}
}
