package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class UdpViewTest {
  @Test
  void shouldReadWhatWasWritten() {
    ByteBuf buf = Unpooled.buffer(9, 9);
    UdpView.write(buf, 1, 65_535, 53, 40_000);
    assertEquals(65_535, UdpView.sourcePort(buf, 1));
    assertEquals(53, UdpView.destinationPort(buf, 1));
    assertEquals(40_000, UdpView.length(buf, 1));
    assertEquals(UdpView.NO_CHECKSUM, UdpView.checksum(buf, 1));
  }

  @Test
  void shouldWriteAllOnes_whenTheChecksumIsZero() {
    ByteBuf buf = Unpooled.buffer(8, 8);
    UdpView.setChecksum(buf, 0, 0);
    assertEquals(0xffff, UdpView.checksum(buf, 0));
    UdpView.setChecksum(buf, 0, 0x1234);
    assertEquals(0x1234, UdpView.checksum(buf, 0));
  }
}
