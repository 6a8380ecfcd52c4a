package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

  @Test
  void shouldCountNothingTaken_whenItIsClearedMeanwhile() {
    queue.startAt(-2);
    assertTrue(write(-2, "hello"));
    int taken =
        queue.take(
            view -> {
              view.get();
              queue.clear();
            });
    assertEquals(0, taken);
    assertEquals(0, queue.readable());
    assertEquals(0, pool.inUse());
  }
}
