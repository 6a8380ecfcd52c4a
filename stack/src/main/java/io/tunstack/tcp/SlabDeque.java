package io.tunstack.tcp;

import static io.tunstack.memory.SlabPool.SLAB_BYTES;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A stretch of stream offsets laid over slabs: position 0 is the first byte of the first slab, and
 * slabs may be missing where nothing has been written. Both queues of a connection are made of it.
 *
 * <p>In place of a slab there may be as many bytes of a buffer that somebody lends: {@link
 * #startAt} tells where in it they begin. It is only forgotten in the end, not given back to the
 * pool.
 */
final class SlabDeque {
  private static final int INITIAL = 4;

  private static final int OWN = -1;

  private final SlabPool pool;

  /**
   * The first slab as long as there is no other, so that a connection that goes from idle to a
   * request and back, over and over, makes no array each time. Null once there is an array.
   */
  private ByteBuf only;

  /** Null as long as {@link #only} is enough. */
  private ByteBuf[] slabs;

  /**
   * Where in a lent buffer the bytes are that stand for a slab, and {@link #OWN} for what is not
   * lent; null as long as nothing is.
   */
  private int[] starts;

  /** What was lent last, and what it is wrapped in: much is often lent in many pieces. */
  private ByteBuffer lender;

  private ByteBuf wrapped;

  /** Where in the first slab the stream begins; the queues' business, and 0 when it is empty. */
  int offset;

  private int head;
  private int count;
  private int held;

  SlabDeque(SlabPool pool) {
    this.pool = pool;
  }

  /** How many slabs are held: what the caps count. */
  int held() {
    return held;
  }

  /** The slab that holds a position, or null if there is none. */
  ByteBuf slabAt(int position) {
    int index = position / SLAB_BYTES;
    if (slabs == null) {
      return index == 0 ? only : null;
    }
    return index < count ? slabs[(head + index) & (slabs.length - 1)] : null;
  }

  /** The slab that holds a position, acquired if missing; null if the pool's cap forbids it. */
  ByteBuf slabFor(int position) {
    return slabFor(position, false);
  }

  /** The same; with {@code essential} the cap forbids nothing. */
  ByteBuf slabFor(int position, boolean essential) {
    int index = position / SLAB_BYTES;
    if (slabs == null && index == 0) {
      return firstSlab();
    }
    reserve(index + 1);
    int at = (head + index) & (slabs.length - 1);
    if (slabs[at] == null) {
      // The first slab is essential, even to a queue that holds others: it is the one that the next
      // byte in order goes to, and without it the connection could never make progress.
      ByteBuf slab = pool.acquire(essential || index == 0 || held == 0);
      if (slab == null) {
        return null;
      }
      slabs[at] = slab;
      held++;
    }
    count = Math.max(count, index + 1);
    return slabs[at];
  }

  /** Where the bytes are, in what {@link #slabAt} answers, that stand for the slab's. */
  int startAt(int position) {
    if (starts == null) {
      return 0;
    }
    return Math.max(0, starts[(head + position / SLAB_BYTES) & (slabs.length - 1)]);
  }

  /**
   * Puts bytes of somebody else's behind what there is, in place of a slab.
   *
   * @param position of the first byte, where a slab would begin
   * @param lent a direct buffer, which has so many bytes from its position on
   */
  @SuppressWarnings("ReferenceEquality") // the very buffer, not one that has the same bytes
  void lend(int position, ByteBuffer lent) {
    int index = position / SLAB_BYTES;
    reserve(index + 1);
    if (starts == null) {
      starts = new int[slabs.length];
      Arrays.fill(starts, OWN);
    }
    if (lender != lent) {
      lender = lent;
      wrapped = Unpooled.wrappedBuffer(lent.duplicate().clear());
    }
    int at = (head + index) & (slabs.length - 1);
    slabs[at] = wrapped;
    starts[at] = lent.position();
    count = index + 1;
  }

  private ByteBuf firstSlab() {
    if (only == null) {
      only = pool.acquire(true);
      held = 1;
      count = 1;
    }
    return only;
  }

  /** Gives back the first slab; positions shift down by one slab. */
  void dropFirst() {
    if (count == 0) {
      return;
    }
    if (slabs == null) {
      pool.release(only);
      only = null;
      held = 0;
      count = 0;
      return;
    }
    empty(head);
    head = (head + 1) & (slabs.length - 1);
    count--;
  }

  /** Gives back the slabs behind the one that holds a position. */
  void releaseBehind(int position) {
    int keep = position / SLAB_BYTES + 1;
    while (count > keep) {
      count--;
      empty((head + count) & (slabs.length - 1));
    }
  }

  private void empty(int at) {
    if (starts != null && starts[at] != OWN) {
      starts[at] = OWN;
    } else if (slabs[at] != null) {
      pool.release(slabs[at]);
      held--;
    }
    slabs[at] = null;
  }

  /**
   * Gives back everything, a large array too. A small one stays: making one for every request would
   * cost the collector more than it costs an idle connection.
   */
  void clear() {
    while (count > 0) {
      dropFirst();
    }
    if (slabs != null && slabs.length > INITIAL) {
      slabs = null;
    }
    starts = null;
    lender = null;
    wrapped = null;
    head = 0;
    offset = 0;
  }

  private void reserve(int wanted) {
    if (slabs == null) {
      slabs = new ByteBuf[Math.max(INITIAL, Integer.highestOneBit(wanted * 2 - 1))];
      head = 0;
      slabs[0] = only;
      only = null;
      return;
    }
    if (wanted <= slabs.length) {
      return;
    }
    int larger = Integer.highestOneBit(wanted * 2 - 1);
    ByteBuf[] copy = Arrays.copyOfRange(slabs, head, head + larger);
    // The part that had wrapped around goes behind the part that had not.
    System.arraycopy(slabs, 0, copy, slabs.length - head, head);
    Arrays.fill(copy, slabs.length, larger, null);
    if (starts != null) {
      int[] copied = Arrays.copyOfRange(starts, head, head + larger);
      System.arraycopy(starts, 0, copied, starts.length - head, head);
      Arrays.fill(copied, starts.length, larger, OWN);
      starts = copied;
    }
    slabs = copy;
    head = 0;
  }
}
