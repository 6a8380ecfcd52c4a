package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class ChecksumTest {
  /** The example of RFC 1071 §3. */
  private static final ByteBuf RFC_1071 = bytes(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);

  @Test
  void shouldGiveTheSumOfRfc1071_whenSummingItsExample() {
    assertEquals(0xddf2, Checksum.fold(Checksum.sum(RFC_1071, 0, 8)));
    assertEquals(0x220d, Checksum.finish(Checksum.sum(RFC_1071, 0, 8)));
  }

  @Test
  void shouldPadWithZero_whenTheLengthIsOdd() {
    assertEquals(0x0001 + 0xf200, Checksum.fold(Checksum.sum(RFC_1071, 0, 3)));
    assertEquals(0xf700, Checksum.fold(Checksum.sum(RFC_1071, 7, 1)));
  }

  @Test
  void shouldBeZero_whenNothingIsSummed() {
    assertEquals(0, Checksum.sum(RFC_1071, 8, 0));
    assertEquals(0xffff, Checksum.finish(0));
  }

  @Test
  void shouldCarryAllTheWay_whenEveryBitIsSet() {
    ByteBuf ones = Unpooled.buffer(65_535);
    for (int i = 0; i < 65_535; i++) {
      ones.writeByte(0xff);
    }
    assertEquals(0xffff, Checksum.fold(Checksum.sum(ones, 0, 65_534)));
    assertEquals(0xff00, Checksum.fold(Checksum.sum(ones, 0, 65_535)));
  }

  @Test
  void shouldAcceptAHeaderFromTheWire_andRefuseItWithOneBitChanged() {
    ByteBuf header =
        bytes(
            0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8,
            0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7);
    assertTrue(Checksum.isValid(Checksum.sum(header, 0, 20)));
    header.setByte(8, 0x41);
    assertFalse(Checksum.isValid(Checksum.sum(header, 0, 20)));
  }

  @Test
  void shouldSumThePseudoHeader_asIfItWereBytes() {
    ByteBuf pseudo = bytes(0x0a, 0x4d, 0x00, 0x02, 0xc0, 0xa8, 0xff, 0x01, 0x00, 0x06, 0x12, 0x34);
    long sum = Checksum.pseudoHeader(0x0a4d0002, 0xc0a8ff01, 6, 0x1234);
    assertEquals(Checksum.fold(Checksum.sum(pseudo, 0, 12)), Checksum.fold(sum));
  }

  private static ByteBuf bytes(int... values) {
    ByteBuf buf = Unpooled.buffer(values.length);
    for (int value : values) {
      buf.writeByte(value);
    }
    return buf;
  }
}
