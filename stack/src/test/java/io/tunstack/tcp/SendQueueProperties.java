package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** Against an array of bytes. */
class SendQueueProperties {
  private static final int CAPACITY = 20_000;

  @Property(tries = 200)
  void shouldGiveTheBytesThatWereWritten(
      @ForAll @IntRange(min = -100_000, max = -1) int first,
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -30_000, max = 30_000) Integer> steps) {
    SlabPool pool = new SlabPool(1 << 20);
    SendQueue queue = new SendQueue(new Workspace(pool, TcpConfig.DEFAULT).deques, CAPACITY);
    queue.startAt(first);
    int written = 0;
    int released = 0;
    boolean full = false;
    try (OutboundPacket packet = new OutboundPacket()) {
      for (int step : steps) {
        if (step >= 0) {
          int accepted = queue.write(stream(written, step));
          assertEquals(Math.min(step, CAPACITY - (written - released)), accepted);
          full |= accepted < step;
          written += accepted;
        } else {
          released += Math.min(-step, written - released);
          queue.release(first + released);
        }
        assertEquals(written - released, queue.length());
        assertEquals(first + written, queue.endSeq());
        checkSegment(queue, packet, first, released, Math.min(2000, written - released));
        checkSegment(queue, packet, first, Math.max(released, written - 1460), 1);
      }
    }
    queue.clear();
    assertEquals(0, pool.inUse());
    pool.close();
    boolean wrapped = first + written >= 0 && written > 0;
    Statistics.label("wrapped")
        .collect(wrapped)
        .coverage(c -> c.check(true).percentage(p -> p > 10));
    Statistics.label("full").collect(full).coverage(c -> c.check(true).percentage(p -> p > 10));
  }

  @Property(tries = 200)
  void shouldGiveTheBytesThatWereLentAmongThoseThatWereWritten(
      @ForAll @IntRange(min = -300_000, max = -1) int first,
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -90_000, max = 90_000) Integer> steps) {
    SlabPool pool = new SlabPool(1 << 20);
    int capacity = 100_000;
    SendQueue queue = new SendQueue(new Workspace(pool, TcpConfig.DEFAULT).deques, capacity);
    queue.startAt(first);
    int written = 0;
    int released = 0;
    boolean lent = false;
    try (OutboundPacket packet = new OutboundPacket()) {
      for (int step : steps) {
        if (step >= 0) {
          int room = capacity - (written - released);
          ByteBuffer source = step % 3 == 0 ? stream(written, step) : directStream(written, step);
          int accepted = step % 3 == 0 ? queue.write(source) : queue.lend(source);
          assertEquals(step - accepted, source.remaining());
          assertEquals(room >= step, accepted == step);
          assertEquals(room > 0 && step > 0, accepted > 0);
          written += accepted;
        } else {
          released += Math.min(-step, written - released);
          queue.release(first + released);
        }
        assertEquals(written - released, queue.length());
        assertEquals(first + written, queue.endSeq());
        checkSegment(queue, packet, first, released, Math.min(65_000, written - released));
        checkSegment(queue, packet, first, Math.max(released, written - 1460), 1);
        lent |= (pool.inUse() + 1) * SlabPool.SLAB_BYTES < queue.length();
      }
    }
    queue.clear();
    assertEquals(0, pool.inUse());
    pool.close();
    boolean wrapped = first + written >= 0 && written > 0;
    Statistics.label("wrapped ones that were lent")
        .collect(wrapped)
        .coverage(c -> c.check(true).percentage(p -> p > 5));
    Statistics.label("lent").collect(lent).coverage(c -> c.check(true).percentage(p -> p > 5));
  }

  private static ByteBuffer directStream(int from, int count) {
    // In the middle of something: where a buffer begins is not where its bytes are.
    ByteBuffer direct = ByteBuffer.allocateDirect(count + 14);
    return direct.position(7).put(stream(from, count)).flip().position(7);
  }

  private static ByteBuffer stream(int from, int count) {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      buffer.put((byte) ((from + i) % 251));
    }
    return buffer.flip();
  }

  private static void checkSegment(
      SendQueue queue, OutboundPacket packet, int first, int offset, int wanted) {
    int length = Math.min(wanted, queue.endSeq() - first - offset);
    packet.reset();
    queue.addRanges(packet, first + offset, length);
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < packet.rangeCount(); i++) {
      all.writeBytes(packet.rangeBuffer(i), packet.rangeOffset(i), packet.rangeLength(i));
    }
    assertEquals(length, all.readableBytes());
    for (int i = 0; i < length; i++) {
      assertEquals((byte) ((offset + i) % 251), all.getByte(i));
    }
  }
}
