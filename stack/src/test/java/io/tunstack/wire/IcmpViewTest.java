package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class IcmpViewTest {
  @Test
  void shouldReadWhatWasWritten() {
    ByteBuf buf = Unpooled.buffer(11, 11);
    IcmpView.write(buf, 3, IcmpView.ECHO_REQUEST, 7, 0x12345678);
    assertEquals(0, IcmpView.checksum(buf, 3));
    IcmpView.setChecksum(buf, 3, 0xfedc);
    assertEquals(IcmpView.ECHO_REQUEST, IcmpView.type(buf, 3));
    assertEquals(7, IcmpView.code(buf, 3));
    assertEquals(0xfedc, IcmpView.checksum(buf, 3));
    assertEquals(0x12345678, IcmpView.rest(buf, 3));
    assertEquals(0x1234, IcmpView.identifier(buf, 3));
    assertEquals(0x5678, IcmpView.sequence(buf, 3));
    assertEquals(0x5678, IcmpView.nextHopMtu(buf, 3));
  }

  @Test
  void shouldTakeEverythingForAnError_butTheKnownQueries() {
    for (int type = 0; type < 256; type++) {
      boolean query = type == 0 || type == 8 || (type >= 13 && type <= 18);
      assertEquals(!query, IcmpView.isError(type), "type " + type);
    }
  }
}
