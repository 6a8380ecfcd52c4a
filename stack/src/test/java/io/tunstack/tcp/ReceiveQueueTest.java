package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes received: in order, behind gaps, overlapping. */
class ReceiveQueueTest {
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

  private boolean write(int seq, String text) {
    ByteBuf source = Unpooled.copiedBuffer("??" + text, StandardCharsets.US_ASCII);
    return queue.write(seq, source, 2, text.length());
  }

  private String read(int limit) {
    ByteBuffer target = ByteBuffer.allocate(limit);
    int n = queue.read(target);
    return new String(target.array(), 0, n, StandardCharsets.US_ASCII);
  }

  @Test
  void shouldGiveWhatCameInOrder_inPieces() {
    queue.startAt(-3);
    assertTrue(write(-3, "hello"));
    assertEquals(2, queue.rcvNxt());
    assertEquals(5, queue.readable());
    assertEquals("he", read(2));
    assertTrue(write(2, " you"));
    assertEquals("llo you", read(100));
    assertEquals("", read(100));
    assertEquals(0, pool.inUse());
  }

  @Test
  void shouldShowWithoutTaking_acrossSlabs() {
    queue.startAt(0);
    int length = 2 * SlabPool.SLAB_BYTES + 100;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + i % 89));
    }
    assertTrue(write(0, text.toString()));
    assertEquals(text.substring(0, 50), read(50));
    ByteBuffer shown = ByteBuffer.allocate(length);
    assertEquals(7, queue.peek(shown.limit(7)));
    assertEquals(length - 50, queue.peek(shown.clear()));
    assertEquals(
        text.substring(50),
        new String(shown.array(), 0, shown.position(), StandardCharsets.US_ASCII));
    assertEquals(length - 50, queue.readable());
    assertEquals(text.substring(50), read(length));
    assertEquals(0, queue.peek(shown.clear()));
  }

  @Test
  void shouldJumpOverWhatCameBefore_whenTheGapIsFilled() {
    queue.startAt(0);
    assertTrue(write(3, "def"));
    assertTrue(write(9, "jkl"));
    assertEquals(0, queue.readable());
    assertEquals(2, queue.outOfOrder().size());
    assertTrue(write(0, "abc"));
    assertEquals(6, queue.rcvNxt());
    assertTrue(write(6, "ghi"));
    assertEquals("abcdefghijkl", read(100));
    assertTrue(queue.outOfOrder().isEmpty());
  }

  @Test
  void shouldKeepWhatCameFirst_inEveryOverlap() {
    queue.startAt(0);
    write(2, "CD");
    write(6, "GH");
    write(0, "abxxefxxij");
    assertEquals("abCDefGHij", read(100));
    write(5, "XXXXXkl");
    assertEquals("kl", read(100));
  }

  @Test
  void shouldRefuseARangeTooMany_butNotWhatExtendsOne() {
    queue.startAt(0);
    for (int i = 1; i <= 10; i++) {
      assertTrue(write(i * 10, "x"));
    }
    assertFalse(write(200, "x"));
    assertTrue(write(101, "y"));
    assertEquals(10, queue.outOfOrder().size());
  }

  @Test
  void shouldTakeTheByteItWaitsFor_howeverManyRangesThereAre() {
    queue.startAt(0);
    for (int i = 1; i <= 10; i++) {
      assertTrue(write(i * 10, "x"));
    }
    assertTrue(write(0, "abc"));
    assertEquals(3, queue.rcvNxt());
    assertEquals("abc", read(10));
  }

  @Test
  void shouldIgnoreWhatIsOldAltogether() {
    queue.startAt(0);
    write(0, "abc");
    assertTrue(write(-5, "xxxxx"));
    assertTrue(write(0, "xxx"));
    assertEquals("abc", read(10));
    assertEquals(3, queue.rcvNxt());
  }

  // ---- text that is lent -------------------------------------------------------------------

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
