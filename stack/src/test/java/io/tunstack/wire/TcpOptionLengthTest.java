package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Lengths of TCP options that lie. */
final class TcpOptionLengthTest {
  /** Reading forty bytes takes no time; without end it would take all of it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TcpOptions options = new TcpOptions();

  private boolean parse(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    // No byte lies behind the last: to read there is to fail.
    return assertTimeoutPreemptively(
        PATIENCE, () -> options.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length));
  }

  @Test
  void shouldEnd_atALengthThatDoesNotMoveOn() {
    for (int kind : new int[] {2, 3, 4, 5, 8, 30, 254}) {
      for (int length : new int[] {0, 1}) {
        assertFalse(parse(kind, length, 0, 0), () -> "kind " + kind + ", length " + length);
        assertFalse(options.hasMss());
        assertFalse(options.hasTimestamps());
      }
    }
  }

  @Test
  void shouldEnd_atALengthThatLeavesTheHeader() {
    assertFalse(parse(2, 5, 5, 0xb4));
    assertFalse(options.hasMss());
    assertFalse(parse(1, 1, 1, 2));
    assertFalse(parse(1, 1, 8, 255));
    assertFalse(parse(1, 1, 1, 30));
  }

  @Test
  void shouldKeepWhatCameBeforeTheFault() {
    assertFalse(parse(2, 4, 5, 0xb4, 3, 0, 7, 0));
    assertEquals(1460, options.mss());
    assertFalse(options.hasWindowShift());
  }

  @Test
  void shouldSkipAKnownKindWithAWrongLength() {
    assertTrue(parse(2, 3, 5, 3, 3, 7, 0, 0));
    assertFalse(options.hasMss());
    assertEquals(7, options.windowShift());
  }
}
