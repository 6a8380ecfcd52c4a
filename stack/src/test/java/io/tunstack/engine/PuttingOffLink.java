package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts off what is sent in a batch until the flush, without copying any text, and fails if that has
 * changed in between.
 */
final class PuttingOffLink implements Link {
  private final Link behind;
  private final OutboundPacket late = new OutboundPacket();
  private final List<PutOff> waiting = new ArrayList<>();
  private boolean batching;

  /** Packets that are lost instead of sent; the device refuses them when they are flushed. */
  int toRefuse;

  int batchesOfSeveral;
  int refused;

  PuttingOffLink(Link behind) {
    this.behind = behind;
  }

  /** A packet with a header of its own, ranges that are still somebody else's, and how it was. */
  private record PutOff(ByteBuf header, List<Range> ranges, ByteBuf whole) {}

  private record Range(ByteBuf buffer, int offset, int length) {}

  @Override
  public void batch() {
    batching = true;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    if (!batching) {
      return behind.send(packet);
    }
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < packet.rangeCount(); i++) {
      ranges.add(new Range(packet.rangeBuffer(i), packet.rangeOffset(i), packet.rangeLength(i)));
    }
    waiting.add(new PutOff(Unpooled.copiedBuffer(packet.header()), ranges, bytesOf(packet)));
    return true;
  }

  @Override
  public int flush() {
    batching = false;
    batchesOfSeveral += waiting.size() > 1 ? 1 : 0;
    int lost = 0;
    for (PutOff one : waiting) {
      late.reset().header().clear().writeBytes(one.header);
      one.ranges.forEach(r -> late.addRange(r.buffer, r.offset, r.length));
      assertArrayEquals(one.whole.array(), bytesOf(late).array(), "changed between send and flush");
      boolean refuse = toRefuse > 0;
      toRefuse -= refuse ? 1 : 0;
      lost += refuse || !behind.send(late) ? 1 : 0;
    }
    waiting.clear();
    refused += lost;
    return lost;
  }

  private static ByteBuf bytesOf(OutboundPacket packet) {
    ByteBuf whole = Unpooled.buffer(packet.length());
    packet.copyTo(whole);
    return whole;
  }

  @Override
  public int mtu() {
    return behind.mtu();
  }

  @Override
  public int receive(ByteBuf into) {
    return behind.receive(into);
  }

  @Override
  public void close() {
    late.close();
    behind.close();
  }
}
