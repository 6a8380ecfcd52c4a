package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Text that is read where the link has put it. */
class LentTextTest {
  private final SlabPool pool = new SlabPool(1 << 20);
  private final Workspace workspace =
      new Workspace(pool, TcpConfig.builder().maxOutOfOrderRanges(10).build());
  private final ReceiveQueue queue = new ReceiveQueue(workspace);

  @AfterEach
  void everySlabIsBack() {
    queue.clear();
    assertEquals(0, pool.inUse());
    pool.close();
  }

  private static ByteBuf large(int bytes) {
    ByteBuf source = Unpooled.directBuffer(bytes + 2);
    source.writeZero(2);
    for (int i = 0; i < bytes; i++) {
      source.writeByte(i % 251);
    }
    return source;
  }

  private void expectBytes(int from, int count) {
    ByteBuffer target = ByteBuffer.allocate(count);
    assertEquals(count, queue.read(target));
    for (int i = 0; i < count; i++) {
      assertEquals((byte) ((from + i) % 251), target.get(i), "byte " + (from + i));
    }
  }

  @Test
  void shouldLendALargeSegment_andHoldNoMemoryForIt() {
    queue.startAt(-1_000);
    ByteBuf source = large(20_000);
    assertTrue(queue.write(-1_000, source, 2, 20_000));
    assertTrue(workspace.lent.isLent());
    assertEquals(20_000, queue.readable());
    assertEquals(0, pool.inUse());
    expectBytes(0, 700);
    int taken =
        queue.take(
            view -> {
              assertEquals((byte) (700 % 251), view.get(view.position()));
              assertEquals(19_300, view.remaining());
              // It is the very memory that the segment came in.
              source.setByte(2 + 700, 99);
              assertEquals(99, view.get());
            });
    assertEquals(1, taken);
    expectBytes(701, 19_299);
    assertFalse(workspace.lent.isLent());
    assertEquals(0, queue.readable());
    assertEquals(0, pool.inUse());
    source.release();
  }

  @Test
  void shouldCopyWhatIsLeft_whenTheBufferIsWantedBack() {
    queue.startAt(0);
    ByteBuf source = large(40_000);
    assertTrue(queue.write(0, source, 2, 40_000));
    expectBytes(0, 5_000);
    workspace.lent.settle();
    source.setZero(0, source.capacity()).release();
    assertEquals(35_000, queue.readable());
    assertEquals(3, pool.inUse());
    expectBytes(5_000, 35_000);
    assertEquals(0, pool.inUse());
  }

  @Test
  void shouldCopyWhatIsLeft_beforeMoreIsWritten() {
    queue.startAt(0);
    ByteBuf source = large(50_000);
    assertTrue(queue.write(0, source, 2, 20_000));
    assertTrue(queue.write(20_000, source, 20_002, 20_000));
    assertFalse(workspace.lent.isLent());
    source.setZero(0, source.capacity()).release();
    expectBytes(0, 40_000);
  }

  @Test
  void shouldNotLend_whatIsSmallOrOutOfOrderOrWhileMemoryIsShort() {
    queue.startAt(0);
    ByteBuf source = large(60_000);
    queue.write(0, source, 2, LentText.MIN_BYTES - 1);
    assertFalse(workspace.lent.isLent());
    expectBytes(0, LentText.MIN_BYTES - 1);

    queue.write(30_000, source, 30_002, 30_000);
    assertFalse(workspace.lent.isLent());
    int gap = 30_000 - LentText.MIN_BYTES + 1;
    queue.write(LentText.MIN_BYTES - 1, source, LentText.MIN_BYTES + 1, gap);
    assertFalse(workspace.lent.isLent());
    expectBytes(LentText.MIN_BYTES - 1, 60_000 - LentText.MIN_BYTES + 1);

    Deque<ByteBuf> others = new ArrayDeque<>();
    while (!pool.isUnderPressure()) {
      others.push(pool.acquire(true));
    }
    queue.write(60_000, source, 2, 20_000);
    assertFalse(workspace.lent.isLent());
    others.forEach(pool::release);
    source.release();
  }

  @Test
  void shouldOfferLargeText_andTheSmallPieceBehindItOnce() {
    queue.startAt(0);
    ByteBuf source = large(60_000);
    queue.write(0, source, 2, 100);
    assertFalse(workspace.lent.takeOffer(), "small");
    queue.write(100, source, 102, 20_000);
    assertTrue(workspace.lent.takeOffer(), "large, though it had to be copied");
    assertFalse(workspace.lent.isLent());
    expectBytes(0, 20_100);
    queue.write(20_100, source, 20_102, 20_000);
    assertTrue(workspace.lent.takeOffer(), "lent");
    expectBytes(20_100, 20_000);
    queue.write(40_100, source, 40_102, 100);
    assertTrue(workspace.lent.takeOffer(), "what is left of a large one");
    queue.write(40_200, source, 40_202, 100);
    assertFalse(workspace.lent.takeOffer(), "small again");
    source.release();
  }

  @Test
  void shouldForgetWhatIsLent_whenItIsCleared() {
    queue.startAt(0);
    ByteBuf source = large(20_000);
    queue.write(0, source, 2, 20_000);
    int taken = queue.take(view -> queue.clear());
    assertEquals(0, taken);
    assertFalse(workspace.lent.isLent());
    assertEquals(0, queue.readable());
    source.release();
  }
}
