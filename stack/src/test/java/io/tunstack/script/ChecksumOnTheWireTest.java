package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import io.tunstack.requirement.Requirement;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checksums of segments whose text lies in more than one place. */
class ChecksumOnTheWireTest {
  private static final int HEADERS = 40;

  @Test
  @Requirement("TCP-032")
  void shouldSumAcrossASlabsEnd_whenItLiesAtAnOddOffset() {
    // With segments of an odd size the slab ends an odd number of bytes into one of them.
    int mss = 1459;
    assertEquals(1, SlabPool.SLAB_BYTES % mss % 2);
    try (TcpScript s = TcpScript.established(TcpConfig.DEFAULT, 65535, "mss " + mss)) {
      s.write(2 * SlabPool.SLAB_BYTES);
      int acknowledged = 0;
      List<byte[]> packets = new ArrayList<>();
      while (acknowledged < 2 * SlabPool.SLAB_BYTES) {
        assertTrue(!s.link.sent.isEmpty(), "stuck at " + acknowledged);
        for (byte[] packet = s.link.sent.poll(); packet != null; packet = s.link.sent.poll()) {
          packets.add(packet);
          acknowledged += packet.length - HEADERS;
        }
        s.inject(". 1:1(0) ack " + (1 + acknowledged) + " win 65535");
      }
      for (byte[] packet : packets) {
        assertTrue(Checksum.isValid(sumOf(packet)), "a segment of " + packet.length + " bytes");
      }
    }
  }

  /** The sum in one go over one array, which knows nothing of ranges. */
  private static long sumOf(byte[] packet) {
    ByteBuf buf = Unpooled.wrappedBuffer(packet);
    int length = packet.length - 20;
    return Checksum.combine(
        Checksum.pseudoHeader(buf.getInt(12), buf.getInt(16), TcpView.PROTOCOL, length),
        Checksum.sum(buf, 20, length),
        false);
  }
}
