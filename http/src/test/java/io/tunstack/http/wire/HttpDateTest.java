package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpDateTest {
  private static final long NOVEMBER_6_1994 = 784_111_777_000L;

  private final HttpDate date = new HttpDate();

  @Test
  void shouldWriteImfFixdate() {
    assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(NOVEMBER_6_1994));
    assertEquals(
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
        new String(date.line(NOVEMBER_6_1994), StandardCharsets.US_ASCII));
  }

  @Test
  void shouldMakeTheLineOnceASecond() {
    byte[] line = date.line(NOVEMBER_6_1994);

    assertSame(line, date.line(NOVEMBER_6_1994 + 999));
    assertNotSame(line, date.line(NOVEMBER_6_1994 + 1_000));
  }
}
