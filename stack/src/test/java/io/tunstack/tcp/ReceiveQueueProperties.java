package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import io.tunstack.requirement.Requirement;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** Against an array of bytes of which some have come. */
class ReceiveQueueProperties {
  private static final int SPAN = 120_000;

  @Property(tries = 200)
  @Requirement("TCP-011")
  void shouldDeliverTheFirstBytesToArrive_inOrder(
      @ForAll @IntRange(min = -SPAN, max = 100) int first,
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 100_000) Integer> offsets) {
    SlabPool pool = new SlabPool(1 << 20);
    Workspace workspace =
        new Workspace(pool, TcpConfig.builder().maxOutOfOrderRanges(1000).build());
    ReceiveQueue queue = new ReceiveQueue(workspace);
    queue.startAt(first);
    byte[] model = new byte[SPAN];
    BitSet came = new BitSet(SPAN);
    int read = 0;
    boolean filled = false;
    boolean lent = false;
    for (int i = 0; i < offsets.size(); i++) {
      int next = came.nextClearBit(0);
      // Every third segment is the one that is waited for; others fall anywhere.
      int offset = i % 3 == 0 ? Math.min(next, SPAN - 20_000) : offsets.get(i);
      int length = 1 + offsets.get(i) * 7 % 19_900;
      boolean gaps = !queue.outOfOrder().isEmpty();
      ByteBuf source = Unpooled.buffer(length + 3).writeZero(3);
      for (int n = 0; n < length; n++) {
        byte value = (byte) (i * 31 + n);
        source.writeByte(value);
        if (!came.get(offset + n)) {
          model[offset + n] = value;
        }
      }
      came.set(offset, offset + length);
      assertTrue(queue.write(first + offset, source, 3, length));
      next = came.nextClearBit(0);
      filled |= gaps && queue.rcvNxt() - first > offset + length;
      assertEquals(first + next, queue.rcvNxt());
      assertEquals(next - read, queue.readable());
      lent |= workspace.lent.isLent();
      read = readSome(queue, model, read, i % 4 == 0 ? SPAN : 700);
      if (i % 2 == 0) {
        workspace.lent.settle();
        source.setZero(0, source.capacity());
      }
    }
    read = readSome(queue, model, read, SPAN);
    assertEquals(came.nextClearBit(0), read);
    queue.clear();
    assertEquals(0, pool.inUse());
    pool.close();
    boolean wrapped = first < 0 && first + read > 0;
    Statistics.label("filled").collect(filled).coverage(c -> c.check(true).percentage(p -> p > 20));
    Statistics.label("lent").collect(lent).coverage(c -> c.check(true).percentage(p -> p > 15));
    Statistics.label("wrapped")
        .collect(wrapped)
        .coverage(c -> c.check(true).percentage(p -> p > 10));
  }

  private static int readSome(ReceiveQueue queue, byte[] model, int from, int limit) {
    ByteBuffer peeked = ByteBuffer.allocate(limit);
    int seen = queue.peek(peeked);
    ByteBuffer target = ByteBuffer.allocate(limit);
    int n = queue.read(target);
    assertEquals(n, seen);
    assertEquals(target.flip(), peeked.flip());
    for (int i = 0; i < n; i++) {
      if (target.get(i) != model[from + i]) {
        throw new AssertionError("byte " + (from + i) + " differs");
      }
    }
    return from + n;
  }
}
