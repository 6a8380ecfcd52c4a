package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboundPacketTest {
  private final OutboundPacket packet = new OutboundPacket();
  private final ByteBuf text = Unpooled.copiedBuffer("abcdefghijklmnop", StandardCharsets.US_ASCII);

  @AfterEach
  void release() {
    packet.close();
    text.release();
  }

  private String gathered() {
    ByteBuf target = Unpooled.buffer(packet.length());
    packet.copyTo(target);
    String all = target.toString(StandardCharsets.US_ASCII);
    target.release();
    return all.substring(OutboundPacket.IP_HEADER_ROOM);
  }

  @Test
  void shouldLeaveRoomForIp_whenEmpty() {
    assertEquals(OutboundPacket.IP_HEADER_ROOM, packet.length());
    assertEquals(0, packet.payloadLength());
    assertEquals(0, packet.rangeCount());
  }

  @Test
  void shouldGatherHeaderAndRanges_inTheirOrder() {
    packet.header().writeByte('#');
    packet.addRange(text, 4, 3);
    packet.addRange(text, 0, 2);
    assertEquals("#efgab", gathered());
    assertEquals(5, packet.payloadLength());
    assertSame(text, packet.rangeBuffer(0));
    assertEquals(4, packet.rangeOffset(0));
    assertEquals(3, packet.rangeLength(0));
  }

  @Test
  void shouldKeepEveryRange_howeverManyThereAre() {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      packet.addRange(text, i % 16, 1);
      expected.append((char) ('a' + i % 16));
    }
    assertEquals(100, packet.rangeCount());
    assertEquals(expected.toString(), gathered());
  }

  @Test
  void shouldNotCountARange_withNothingInIt() {
    packet.addRange(text, 16, 0);
    assertEquals(0, packet.rangeCount());
  }

  @Test
  void shouldRefuseARange_thatIsNotInsideItsBuffer() {
    int capacity = text.capacity();
    assertThrows(IndexOutOfBoundsException.class, () -> packet.addRange(text, -1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> packet.addRange(text, 0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> packet.addRange(text, capacity, 1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> packet.addRange(text, 1, Integer.MAX_VALUE));
    assertEquals(0, packet.rangeCount());
  }

  @Test
  void shouldBeEmptyAgain_afterReset() {
    packet.header().writeByte('#');
    packet.addRange(text, 0, 5);
    assertSame(packet, packet.reset());
    assertEquals(OutboundPacket.IP_HEADER_ROOM, packet.length());
    assertEquals(0, packet.rangeCount());
    assertEquals(1, text.refCnt(), "ranges are borrowed");
  }
}
