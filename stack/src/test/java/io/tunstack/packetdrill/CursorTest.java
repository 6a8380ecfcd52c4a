package io.tunstack.packetdrill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CursorTest {
  @Test
  void shouldSkipBlanksAndComments_andCountLines() {
    Cursor in = new Cursor("// one\n# two\n/* three\nfour */ word // five\n next");
    assertEquals("word", in.word());
    assertEquals(4, in.line());
    assertEquals("next", in.word());
    assertFalse(in.hasMore());
  }

  @Test
  void shouldReadNumbers() {
    Cursor in = new Cursor("17 -3 0x1f 4294967295");
    assertEquals(17, in.number());
    assertEquals(-3, in.number());
    assertEquals(31, in.number());
    assertEquals(4_294_967_295L, in.number());
    assertThrows(ScriptError.class, in::number);
    assertThrows(ScriptError.class, new Cursor("0x")::number);
    assertThrows(ScriptError.class, new Cursor("99999999999999999999")::number);
  }

  @Test
  void shouldReadTimes_toTheMicrosecond() {
    Cursor in = new Cursor(".25 1.000001 3 0...0.1");
    assertEquals(250_000, in.micros());
    assertEquals(1_000_001, in.micros());
    assertEquals(3_000_000, in.micros());
    assertEquals(0, in.micros());
    assertTrue(in.take("..."));
    assertEquals(100_000, in.micros());
    assertThrows(ScriptError.class, new Cursor("soon")::micros);
  }

  @Test
  void shouldSayWhere() {
    Cursor in = new Cursor("a\nb c");
    in.word();
    in.word();
    ScriptError error = assertThrows(ScriptError.class, () -> in.require("="));
    assertEquals(2, error.line());
    assertEquals("expected = at \"c\"", error.getMessage());
    assertThrows(ScriptError.class, () -> in.upTo("`"));
  }
}
