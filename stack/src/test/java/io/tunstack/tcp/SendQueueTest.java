package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes written and not yet acknowledged. */
class SendQueueTest {
  private final SlabPool pool = new SlabPool(1 << 20);
  private final SendQueue queue =
      new SendQueue(new Workspace(pool, TcpConfig.DEFAULT).deques, 40_000);

  @AfterEach
  void everySlabIsBack() {
    queue.clear();
    assertEquals(0, pool.inUse());
    pool.close();
  }

  private static ByteBuffer bytes(int from, int count) {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      buffer.put((byte) (from + i));
    }
    return buffer.flip();
  }

  private byte[] segment(int seq, int length) {
    try (OutboundPacket packet = new OutboundPacket()) {
      queue.addRanges(packet, seq, length);
      assertEquals(length, packet.payloadLength());
      ByteBuf all = Unpooled.buffer(length);
      for (int i = 0; i < packet.rangeCount(); i++) {
        all.writeBytes(packet.rangeBuffer(i), packet.rangeOffset(i), packet.rangeLength(i));
      }
      byte[] copy = new byte[length];
      all.readBytes(copy);
      return copy;
    }
  }

  @Test
  void shouldGiveEverySegment_howeverOften_acrossSlabsAndTheWrap() {
    queue.startAt(-10_000);
    assertEquals(20_000, queue.write(bytes(0, 20_000)));
    assertEquals(10_000, queue.endSeq());
    for (int again = 0; again < 2; again++) {
      byte[] segment = segment(5_000, 3_000);
      for (int i = 0; i < 3_000; i++) {
        assertEquals((byte) (15_000 + i), segment[i]);
      }
    }
  }

  @Test
  void shouldSendFromWhereTheBytesAre_whenTheyAreLent() {
    queue.startAt(-10_000);
    assertEquals(100, queue.write(bytes(0, 100)));
    ByteBuffer source = ByteBuffer.allocateDirect(39_000).put(bytes(100, 39_000)).flip();

    assertEquals(39_000, queue.lend(source));

    assertEquals(2, pool.inUse(), "in front of the whole slab, and behind it");
    int whole = SlabPool.SLAB_BYTES - 100;
    source.put(whole, (byte) 77).put(0, (byte) 78).put(38_999, (byte) 79);
    byte[] all = segment(-10_000, 39_100);
    for (int i = 0; i < all.length; i++) {
      assertEquals(i == whole + 100 ? 77 : (byte) i, all[i]);
    }
  }

  @Test
  void shouldLendTheRestLater_whenThereIsNoRoom() {
    queue.startAt(0);
    ByteBuffer source = ByteBuffer.allocateDirect(80_000).put(bytes(0, 80_000)).flip();

    assertEquals(2 * SlabPool.SLAB_BYTES, queue.lend(source));
    assertEquals(0, pool.inUse());
    assertEquals(
        40_000 - 2 * SlabPool.SLAB_BYTES, queue.lend(source), "less than a slab is copied");
    queue.release(30_000);
    assertEquals(30_000, queue.lend(source));

    try (OutboundPacket packet = new OutboundPacket()) {
      queue.addRanges(packet, 30_000, 40_000);
      assertTrue(packet.rangeCount() <= 4, "pieces that lie together leave as one");
    }
    byte[] all = segment(30_000, 40_000);
    for (int i = 0; i < all.length; i++) {
      assertEquals((byte) (30_000 + i), all[i]);
    }
  }

  @Test
  void shouldCopy_whenWhatIsLentIsNotDirect() {
    queue.startAt(0);
    ByteBuffer source = bytes(0, 40_000);

    assertEquals(40_000, queue.lend(source));

    assertEquals(3, pool.inUse());
    source.put(0, (byte) 77);
    assertEquals(0, segment(0, 1)[0]);
  }

  @Test
  void shouldTakeOnlyWhatFits() {
    queue.startAt(0);
    ByteBuffer source = bytes(0, 50_000);
    assertEquals(40_000, queue.write(source));
    assertEquals(10_000, source.remaining());
    assertEquals(0, queue.room());
    assertEquals(0, queue.write(source));
    queue.release(15_000);
    assertEquals(15_000, queue.room());
    assertEquals(10_000, queue.write(source));
    assertEquals((byte) 49_999, segment(49_999, 1)[0]);
  }

  @Test
  void shouldHoldNoSlab_whenEverythingIsAcknowledged() {
    queue.startAt(-5);
    queue.write(bytes(0, 100));
    queue.release(50);
    assertEquals(1, pool.inUse());
    queue.release(40);
    assertEquals(45, queue.length());
    queue.release(95);
    assertEquals(0, pool.inUse());
    assertEquals(0, queue.length());
    queue.write(bytes(7, 3));
    assertEquals(9, segment(97, 1)[0]);
  }

  @Test
  void shouldTakeLess_whenThePoolIsUsedUp() {
    SlabPool tight = new SlabPool(SlabPool.SLAB_BYTES);
    SendQueue starved = new SendQueue(new Workspace(tight, TcpConfig.DEFAULT).deques, 40_000);
    starved.startAt(0);
    assertEquals(SlabPool.SLAB_BYTES, starved.write(bytes(0, 40_000)));
    assertEquals(0, starved.write(bytes(0, 10)));
    starved.release(SlabPool.SLAB_BYTES);
    assertEquals(10, starved.write(bytes(0, 10)));
    starved.clear();
    tight.close();
  }
}
