package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChunkedEncoderTest {
  private final ByteBuffer target = ByteBuffer.allocate(100_000);

  private void chunk(int size) {
    int opened = target.position();
    ChunkedEncoder.open(target);
    target.put(new byte[size]);
    ChunkedEncoder.close(target, opened);
  }

  private String written() {
    return new String(target.array(), 0, target.position(), StandardCharsets.ISO_8859_1)
        .replace("\0", "");
  }

  @Test
  void shouldWriteSizesWithoutLeadingZeros() {
    for (int size : new int[] {1, 0xf, 0x10, 0xff, 0x100, 0xfff, 0x1000}) {
      chunk(size);
    }
    ChunkedEncoder.end(target);

    assertEquals(
        "1\r\n\r\nf\r\n\r\n10\r\n\r\nff\r\n\r\n100\r\n\r\nfff\r\n\r\n1000\r\n\r\n0\r\n\r\n",
        written());
  }

  @Test
  void shouldTakeTheChunkBack_whenItIsEmpty() {
    chunk(0);

    assertEquals(0, target.position());
  }

  @Test
  void shouldKeepToItsOverhead_whenTheChunkIsTheLargest() {
    chunk(ChunkedEncoder.MAX_DATA);

    assertEquals(ChunkedEncoder.MAX_DATA + ChunkedEncoder.OVERHEAD, target.position());
    assertTrue(written().startsWith("ffff\r\n"));
  }
}
