package io.tunstack.http.wire;

import static io.tunstack.http.wire.Heads.LIMITS;
import static io.tunstack.http.wire.Heads.octets;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ChunkedDecoderTest {
  private final ChunkedDecoder decoder = new ChunkedDecoder(LIMITS);

  @Test
  void shouldStopAtDataAndAtTheEnd() throws BadMessageException {
    byte[] octets = octets("3;x\r\nabc\r\n0\r\nT: u\r\n\r\nGET");

    int at = decoder.advance(octets, 0, octets.length);
    assertEquals(5, at);
    assertEquals(3, decoder.dataRemaining());
    decoder.consume(2);
    assertEquals(1, decoder.dataRemaining());
    assertEquals(7, decoder.advance(octets, 7, octets.length));
    decoder.consume(1);
    at = decoder.advance(octets, 8, octets.length);

    assertTrue(decoder.isDone());
    assertEquals(0, decoder.dataRemaining());
    assertEquals(octets.length - 3, at);
  }

  @Test
  void shouldWait_whenTheInputEndsInFraming() throws BadMessageException {
    byte[] octets = octets("0\r\n\r");

    assertEquals(4, decoder.advance(octets, 0, 4));
    assertFalse(decoder.isDone());
  }

  private int refusal(String text) {
    byte[] octets = octets(text);
    return assertThrows(
            BadMessageException.class,
            () -> new ChunkedDecoder(LIMITS).advance(octets, 0, octets.length))
        .status();
  }

  @Test
  void shouldRefuse_whenASizeIsOverlongOrALimitIsPassed() throws BadMessageException {
    byte[] largest = octets("fffffffffffffff\r\n");
    decoder.advance(largest, 0, largest.length);
    assertEquals((1L << 60) - 1, decoder.dataRemaining());

    assertEquals(400, refusal("0000000000000001\r\n"));
    assertEquals(400, refusal("1;" + "e".repeat(LIMITS.chunkExtensionBytes() + 1)));
    assertEquals(431, refusal("0\r\nT: " + "t".repeat(LIMITS.trailerBytes())));
  }
}
