package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VnetHeaderTest {
  private static final int UDP = 17;

  private final NativeBlock block = new NativeBlock(VnetHeader.BYTES);
  private final OutboundPacket packet = new OutboundPacket();
  private final ByteBuf text = Unpooled.directBuffer(4000, 4000);

  @AfterEach
  void release() {
    packet.close();
    text.release();
  }

  private void emit(int protocol, int headerBytes) {
    packet.header().writeZero(headerBytes);
    Ipv4View.write(packet.header(), 0, 0, 40, 0, 0, 64, protocol, 1, 2);
  }

  private byte[] written() {
    ByteBuffer bytes = block.bytes();
    for (int i = 0; i < VnetHeader.BYTES; i++) {
      bytes.put(i, (byte) 0x77);
    }
    VnetHeader.write(bytes, 0, packet);
    byte[] copy = new byte[VnetHeader.BYTES];
    bytes.get(0, copy);
    return copy;
  }

  @Test
  void shouldBeZero_whenNothingIsLeftToTheDevice() {
    emit(TcpView.PROTOCOL, 20);

    assertArrayEquals(new byte[VnetHeader.BYTES], written());
  }

  @Test
  void shouldAskForTheChecksum_whenItIsLeftOut() {
    emit(TcpView.PROTOCOL, 32);
    packet.addRange(text, 0, 100);
    packet.leaveToLink(0);

    assertArrayEquals(new byte[] {1, 0, 52, 0, 0, 0, 20, 0, 16, 0}, written());
  }

  @Test
  void shouldAskForCutting_whenThereAreSeveralSegments() {
    emit(TcpView.PROTOCOL, 32);
    packet.addRange(text, 0, 1449);
    packet.leaveToLink(1448);

    assertArrayEquals(new byte[] {1, 1, 52, 0, (byte) 0xa8, 5, 20, 0, 16, 0}, written());
  }

  @Test
  void shouldNotAskForCutting_whenAllOfItIsOneSegment() {
    emit(TcpView.PROTOCOL, 20);
    packet.addRange(text, 0, 1448);
    packet.leaveToLink(1448);

    assertArrayEquals(new byte[] {1, 0, 40, 0, 0, 0, 20, 0, 16, 0}, written());
  }

  @Test
  void shouldPointAtUdpsChecksum_whenItIsADatagram() {
    emit(UDP, 8);
    packet.leaveToLink(0);

    assertArrayEquals(new byte[] {1, 0, 28, 0, 0, 0, 20, 0, 6, 0}, written());
  }

  @Test
  void shouldTellWhatTheKernelKnows() {
    assertEquals(ReceivedChecksum.UNVERIFIED, VnetHeader.checksum(header(0, 0)));
    assertEquals(ReceivedChecksum.PARTIAL, VnetHeader.checksum(header(1, 0)));
    assertEquals(ReceivedChecksum.VERIFIED, VnetHeader.checksum(header(2, 0)));
  }

  @Test
  void shouldTellTheSegments_whenItIsIpv4AndTcp() {
    assertEquals(0, VnetHeader.segmentBytes(header(1, 0)));
    assertEquals(0xabcd, VnetHeader.segmentBytes(header(1, 1)));
    assertEquals(0xabcd, VnetHeader.segmentBytes(header(1, 0x81)));
    assertEquals(0, VnetHeader.segmentBytes(header(1, 4)));
  }

  private static ByteBuf header(int flags, int type) {
    return Unpooled.wrappedBuffer(
        new byte[] {(byte) flags, (byte) type, 54, 0, (byte) 0xcd, (byte) 0xab, 20, 0, 16, 0});
  }
}
