package io.tunstack.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Direct buffers of one size, handed out and taken back on the engine thread.
 *
 * <p>The cap is soft for those who hold nothing: {@link #acquire(boolean)} with {@code essential}
 * goes past it, so that every connection can always hold the one slab it needs to make progress;
 * without that, a connection that was refused its first slab would wait for ever.
 */
public final class SlabPool implements AutoCloseable {
  /**
   * A slab's size: large enough that a 64 KiB segment spans few, small enough that a thousand
   * connections with a short response each stay within 16 MB.
   */
  public static final int SLAB_BYTES = 16 * 1024;

  /** Free slabs that are kept rather than given back to the system: 32 MiB. */
  private static final int MAX_FREE = 2048;

  /** What a freed slab is filled with under test, so that use after release shows. */
  private static final long POISON = 0xdbdbdbdbdbdbdbdbL;

  private static final boolean POISON_ON_RELEASE = Boolean.getBoolean("io.tunstack.poison");

  private final long maxSlabs;
  private ByteBuf[] free = new ByteBuf[64];
  private int freeCount;
  private int inUse;
  private boolean closed;

  /**
   * Makes an empty pool.
   *
   * @param maxBytes the cap on bytes handed out, at least one slab
   */
  public SlabPool(long maxBytes) {
    maxSlabs = Math.max(1, maxBytes / SLAB_BYTES);
  }

  /**
   * Hands out a slab.
   *
   * @param essential whether to go past the cap, for a caller that holds no slab yet
   * @return a direct buffer of {@link #SLAB_BYTES} with undefined content and both indices at 0, or
   *     null if the cap is reached; give it back with {@link #release}
   */
  public ByteBuf acquire(boolean essential) {
    if (inUse >= maxSlabs && !essential) {
      return null;
    }
    inUse++;
    if (freeCount == 0) {
      return Unpooled.directBuffer(SLAB_BYTES, SLAB_BYTES);
    }
    freeCount--;
    ByteBuf slab = free[freeCount];
    free[freeCount] = null;
    return slab.clear();
  }

  /**
   * Takes a slab back. The caller must not touch it again.
   *
   * @param slab from {@link #acquire}
   */
  public void release(ByteBuf slab) {
    inUse--;
    if (POISON_ON_RELEASE) {
      for (int i = 0; i < SLAB_BYTES; i += Long.BYTES) {
        slab.setLong(i, POISON);
      }
    }
    if (closed || freeCount == MAX_FREE) {
      slab.release();
      return;
    }
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, Math.min(MAX_FREE, freeCount * 2));
    }
    free[freeCount++] = slab;
  }

  /**
   * Tells whether so much is out that those who could do with less should.
   *
   * @return true from three quarters of the cap on
   */
  public boolean isUnderPressure() {
    return inUse >= maxSlabs - maxSlabs / 4;
  }

  /**
   * Tells how many slabs are out.
   *
   * @return slabs; 0 when everybody gave back what they had
   */
  public int inUse() {
    return inUse;
  }

  /** Gives the free slabs back to the system, and from now on every one that comes back. */
  @Override
  public void close() {
    closed = true;
    while (freeCount > 0) {
      freeCount--;
      free[freeCount].release();
      free[freeCount] = null;
    }
  }
}
