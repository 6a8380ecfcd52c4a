package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;

final class Ipv4OptionsTest {
  private static Ipv4Fault check(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Ipv4Options.check(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
  }

  @Test
  @Requirement("IP-013")
  void shouldSkipPaddingAndUnknownOptions() {
    assertEquals(Ipv4Fault.NONE, check());
    assertEquals(Ipv4Fault.NONE, check(1, 1, 1, 0));
    assertEquals(Ipv4Fault.NONE, check(0x1e, 4, 9, 9));
    assertEquals(Ipv4Fault.NONE, check(1, 1, 0x1e, 2));
  }

  @Test
  void shouldNotLookBehindTheEnd() {
    assertEquals(Ipv4Fault.NONE, check(0, 131, 0, 0));
  }

  @Test
  @Requirement("IP-006")
  void shouldRefuseLengthsThatDoNotMoveOnOrLeaveTheHeader() {
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(7, 0, 0, 0));
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(7, 1, 0, 0));
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(7, 5, 0, 0));
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(7, 255, 0, 0));
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(1, 1, 1, 7));
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(68, 3, 5, 68));
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(131, 1, 0, 0));
    assertEquals(Ipv4Fault.OPTION_LENGTH, check(137, 12, 4, 1));
  }

  @Test
  @Requirement("IP-020")
  void shouldNameSourceRoutes_whereverTheirPointerIs() {
    assertEquals(Ipv4Fault.SOURCE_ROUTE, check(131, 7, 4, 10, 0, 0, 1, 0));
    assertEquals(Ipv4Fault.SOURCE_ROUTE, check(131, 7, 8, 10, 0, 0, 1, 0));
    assertEquals(Ipv4Fault.SOURCE_ROUTE, check(1, 137, 7, 8, 10, 0, 0, 1));
    assertEquals(Ipv4Fault.SOURCE_ROUTE, check(131, 3, 4, 0));
  }

  @Test
  void shouldPadToWords_andCompareByValue() {
    assertEquals(0, Ipv4Options.of().length());
    assertEquals(4, Ipv4Options.of((byte) 1).length());
    assertEquals(8, Ipv4Options.of(new byte[5]).length());
    assertEquals(Ipv4Options.of((byte) 1), Ipv4Options.of((byte) 1, (byte) 0));
    assertEquals(
        Ipv4Options.of((byte) 1).hashCode(), Ipv4Options.of((byte) 1, (byte) 0).hashCode());
    assertNotEquals(Ipv4Options.of((byte) 1), Ipv4Options.of((byte) 2));
    assertEquals("[1, 0, 0, 0]", Ipv4Options.of((byte) 1).toString());
  }

  @Test
  void shouldRefuseMoreThanAHeaderHolds() {
    assertEquals(40, Ipv4Options.of(new byte[40]).length());
    assertThrows(IllegalArgumentException.class, () -> Ipv4Options.of(new byte[41]));
  }
}
