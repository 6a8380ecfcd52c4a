package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.tunstack.wire.Checksum;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EcnMarkTest {
  private static byte[] header(int ecn, SplittableRandom random) {
    byte[] header = new byte[20];
    random.nextBytes(header);
    header[0] = 0x45;
    header[1] = (byte) ((header[1] & ~3) | ecn);
    ByteBuffer view = ByteBuffer.wrap(header).putShort(10, (short) 0);
    view.putShort(10, (short) checksum(header));
    return header;
  }

  private static int checksum(byte[] header) {
    return Checksum.finish(Checksum.sum(Unpooled.wrappedBuffer(header), 0, header.length));
  }

  @Test
  void shouldMarkAndKeepTheChecksumRight_whenTheSenderCanBeTold() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 10_000; i++) {
      byte[] header = header(1 + i % 3, random);
      assertTrue(EcnMark.mark(header));
      assertEquals(3, header[1] & 3);
      assertEquals(0, checksum(header));
    }
  }

  @Test
  void shouldRefuse_whenTheSenderCannotBeTold() {
    byte[] header = header(0, new SplittableRandom(5));
    byte[] before = header.clone();
    assertFalse(EcnMark.mark(header));
    assertArrayEquals(before, header);
    assertFalse(EcnMark.mark(new byte[19]));
    byte[] other = header(1, new SplittableRandom(6));
    other[0] = 0x60;
    assertFalse(EcnMark.mark(other));
  }
}
