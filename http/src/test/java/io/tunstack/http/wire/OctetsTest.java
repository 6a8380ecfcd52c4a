package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OctetsTest {
  private static int count(int mask) {
    int count = 0;
    for (int octet = 0; octet < 256; octet++) {
      count += Octets.is((byte) octet, mask) ? 1 : 0;
    }
    return count;
  }

  @Test
  void shouldHaveAsManyOctetsPerClassAsTheGrammar() {
    assertEquals(15 + 62, count(Octets.TOKEN));
    assertEquals(1 + 95 + 128, count(Octets.FIELD));
    assertEquals(95, count(Octets.LINE));
    assertEquals(94 - 5, count(Octets.TARGET));
    assertEquals(15 + 62, count(Octets.HOST));
  }

  @Test
  void shouldReadHexadecimal() {
    assertEquals(0, Octets.hex((byte) '0'));
    assertEquals(15, Octets.hex((byte) 'f'));
    assertEquals(10, Octets.hex((byte) 'A'));
    for (char c : "/:@G`g\u0010\u00c1".toCharArray()) {
      assertEquals(-1, Octets.hex((byte) c), "of " + (int) c);
    }
  }

  @Test
  void shouldCompareLettersOnly_whenCaseIsIgnored() {
    byte[] octets = Heads.octets("xHoSt[");

    assertTrue(Octets.equalsIgnoreCase(octets, 1, 5, "host"));
    assertFalse(Octets.equalsIgnoreCase(octets, 1, 6, "host"));
    assertFalse(Octets.equalsIgnoreCase(octets, 5, 6, "{"));
  }
}
