package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class Ipv4HeaderTest {
  private static final IpAddress A = IpAddress.parse("10.77.0.1");
  private static final IpAddress B = IpAddress.parse("10.77.0.2");

  private static Ipv4Header header(int tos, int total, int id, int offset, int ttl, int protocol) {
    return new Ipv4Header(
        tos, total, id, false, false, offset, ttl, protocol, A, B, Ipv4Options.NONE);
  }

  @Test
  void shouldBeAWholeDatagramsHeader_whenMadeFromItsPayload() {
    Ipv4Header header = Ipv4Header.of(6, A, B, 100);
    assertEquals(120, header.totalLength());
    assertEquals(20, header.headerLength());
    assertEquals(64, header.timeToLive());
  }

  @Test
  void shouldRefuseWhatDoesNotFitItsField() {
    assertThrows(IllegalArgumentException.class, () -> header(256, 20, 0, 0, 64, 6));
    assertThrows(IllegalArgumentException.class, () -> header(0, 19, 0, 0, 64, 6));
    assertThrows(IllegalArgumentException.class, () -> header(0, 65_536, 0, 0, 64, 6));
    assertThrows(IllegalArgumentException.class, () -> header(0, 20, 65_536, 0, 64, 6));
    assertThrows(IllegalArgumentException.class, () -> header(0, 20, 0, 65_536, 64, 6));
    assertThrows(IllegalArgumentException.class, () -> header(0, 20, 0, 4, 64, 6));
    assertThrows(IllegalArgumentException.class, () -> header(0, 20, 0, 0, -1, 6));
    assertThrows(IllegalArgumentException.class, () -> header(0, 20, 0, 0, 64, 256));
    assertEquals(65_528, header(255, 65_535, 65_535, 65_528, 255, 255).fragmentOffset());
  }

  @Test
  void shouldCountOptionsInTheHeader() {
    Ipv4Options options = Ipv4Options.of((byte) 1, (byte) 1, (byte) 1, (byte) 0, (byte) 0);
    Ipv4Header header = new Ipv4Header(0, 28, 0, false, false, 0, 64, 1, A, B, options);
    ByteBuf buf = Unpooled.buffer(28, 28);
    assertEquals(28, header.emit(buf, 0));
    assertEquals(28, Ipv4View.headerLength(buf, 0));
    assertEquals(Ipv4Fault.NONE, Ipv4View.check(buf, 0, 28));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Ipv4Header(0, 27, 0, false, false, 0, 64, 1, A, B, options));
  }

  @Test
  void shouldNameTheFault_whenThereIsNoHeader() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Ipv4Header.parse(Unpooled.buffer(20), 0, 20));
    assertTrue(e.getMessage().contains("VERSION"), e.getMessage());
  }
}
