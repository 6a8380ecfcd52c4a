package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunLinkOffloadTest {
  private static final int HEADERS = 40;

  private final FakeKernel kernel = new FakeKernel();
  private final OutboundPacket packet = new OutboundPacket();
  private final ByteBuf text = Unpooled.directBuffer(65_536, 65_536).writeZero(65_536);
  private final ByteBuf heap = Unpooled.buffer(8, 8).writeZero(8);
  private final ByteBuf input = Unpooled.directBuffer(65_545, 65_545);
  private TunLink link;

  @BeforeEach
  void open() {
    link = TunLink.open(kernel, TunConfig.builder().offload(true).build());
    kernel.calls.clear();
    packet.header().writeZero(20);
    Ipv4View.write(packet.header(), 0, 0, 40, 0, 0, 64, TcpView.PROTOCOL, 1, 2);
  }

  @AfterEach
  void release() {
    packet.close();
    text.release();
    input.release();
  }

  @Test
  void shouldWriteAllInOneCall_whenThePacketIsLarge() {
    packet.addRange(text, 0, 40_000);
    packet.addRange(text, 40_000, 25_495);
    packet.leaveToLink(1460);

    assertTrue(link.send(packet));

    assertEquals(List.of("writev 3"), kernel.calls);
    byte[] written = kernel.written.get(0);
    assertEquals(VnetHeader.BYTES + 65_535, written.length);
    assertArrayEquals(
        new byte[] {1, 1, HEADERS, 0, (byte) 0xb4, 5, 20, 0, 16, 0}, Arrays.copyOf(written, 10));
    assertEquals(0x45, written[VnetHeader.BYTES]);
  }

  @Test
  void shouldPutZerosInFront_whenNothingIsLeftToTheDevice() {
    packet.leaveToLink(0);
    link.send(packet);
    packet.addRange(text, 0, 1000);
    link.send(packet);
    packet.reset();

    assertTrue(link.send(packet));
    packet.addRange(text, 0, 1000);
    assertTrue(link.send(packet));

    assertEquals(List.of("write", "writev 2", "write", "writev 2"), kernel.calls);
    assertEquals(1, kernel.written.get(0)[0]);
    assertEquals(1, kernel.written.get(1)[0]);
    for (int plain : new int[] {2, 3}) {
      assertArrayEquals(
          new byte[VnetHeader.BYTES], Arrays.copyOf(kernel.written.get(plain), VnetHeader.BYTES));
    }
  }

  @Test
  void shouldWriteTheSame_whenASmallPacketIsCopied() {
    packet.addRange(text, 0, 100);
    packet.addRange(heap, 2, 4);
    packet.leaveToLink(1460);
    assertTrue(link.send(packet));
    packet.addRange(text, 0, 1000);
    assertTrue(link.send(packet));

    byte[] small = kernel.written.get(0);
    assertEquals(VnetHeader.BYTES + HEADERS + 104, small.length);
    assertArrayEquals(small, Arrays.copyOf(kernel.written.get(1), small.length));
  }

  @Test
  void shouldCopyTogetherBehindTheFront_whenARangeIsOnTheHeap() {
    packet.addRange(text, 0, 1000);
    packet.addRange(heap, 0, 3);
    packet.leaveToLink(0);

    assertTrue(link.send(packet));

    assertEquals(List.of("writev 2"), kernel.calls);
    assertEquals(VnetHeader.BYTES + HEADERS + 1003, kernel.written.get(0).length);
    assertEquals(1, kernel.written.get(0)[0]);
  }

  @Test
  void shouldLoseThePacket_whenTheWriteIsShortByAsMuchAsTheFront() {
    kernel.writeShortBy = VnetHeader.BYTES;

    assertFalse(link.send(packet));
  }

  @Test
  void shouldTellWhatTheKernelSaysOfEachPacket() {
    kernel.deliver(new byte[] {1, 1, HEADERS, 0, (byte) 0xb4, 5, 20, 0, 16, 0, 0x45, 7});
    kernel.deliver(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x45, 8, 9});

    assertEquals(2, link.receive(input));
    assertEquals(VnetHeader.BYTES, input.readerIndex());
    assertEquals(7, input.getByte(input.readerIndex() + 1));
    assertEquals(2, input.readableBytes());
    assertEquals(ReceivedChecksum.PARTIAL, link.receivedChecksum());
    assertEquals(1460, link.receivedSegmentBytes());

    assertEquals(3, link.receive(input));
    assertEquals(ReceivedChecksum.UNVERIFIED, link.receivedChecksum());
    assertEquals(0, link.receivedSegmentBytes());
  }

  @Test
  void shouldCountAndSkip_whenThereIsNoIpv4BehindTheFront() {
    kernel.deliver(new byte[] {0x45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x60});
    kernel.deliver(new byte[] {0x45, 0, 0, 0, 0, 0, 0, 0, 0, 0});

    assertEquals(0, link.receive(input));
    assertEquals(2, link.ignoredPackets());
  }

  @Test
  void shouldWantRoomForTheLargestPacketAndItsFront() {
    ByteBuf small = Unpooled.directBuffer(65_544, 65_544);

    assertTrue(link.offloads());
    assertEquals(65_545, link.receiveBytes());
    assertThrows(IllegalArgumentException.class, () -> link.receive(small));
    small.release();
  }
}
