package io.tunstack.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slabs handed out and taken back. */
class SlabPoolTest {
  @Test
  void shouldHandOutAgain_whatCameBack() {
    try (SlabPool pool = new SlabPool(1 << 20)) {
      ByteBuf slab = pool.acquire(false);
      assertEquals(SlabPool.SLAB_BYTES, slab.capacity());
      slab.writeInt(7);
      assertEquals(1, pool.inUse());
      pool.release(slab);
      assertEquals(0, pool.inUse());
      assertSame(slab, pool.acquire(false));
      assertEquals(0, slab.writerIndex());
      pool.release(slab);
    }
  }

  @Test
  void shouldKeepToItsCap_butForTheEssential() {
    try (SlabPool pool = new SlabPool(2L * SlabPool.SLAB_BYTES)) {
      ByteBuf first = pool.acquire(false);
      ByteBuf second = pool.acquire(false);
      assertNull(pool.acquire(false));
      ByteBuf third = pool.acquire(true);
      assertNotNull(third);
      pool.release(third);
      assertNull(pool.acquire(false));
      pool.release(second);
      assertNotNull(pool.acquire(false));
      pool.release(second);
      pool.release(first);
      assertEquals(0, pool.inUse());
    }
  }

  @Test
  void shouldOverwriteWhatWasReleased_underTest() {
    try (SlabPool pool = new SlabPool(1 << 20)) {
      ByteBuf slab = pool.acquire(false);
      slab.setLong(SlabPool.SLAB_BYTES - 8, 1);
      pool.release(slab);
      assertEquals(0xdbdbdbdbdbdbdbdbL, slab.getLong(SlabPool.SLAB_BYTES - 8));
    }
  }

  @Test
  void shouldFreeWhatComesBackAfterItWasClosed() {
    SlabPool pool = new SlabPool(100L * SlabPool.SLAB_BYTES);
    List<ByteBuf> slabs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      slabs.add(pool.acquire(false));
    }
    for (int i = 0; i < 99; i++) {
      pool.release(slabs.get(i));
    }
    assertEquals(1, slabs.get(0).refCnt());
    pool.close();
    assertEquals(0, slabs.get(0).refCnt());
    pool.release(slabs.get(99));
    assertEquals(0, slabs.get(99).refCnt());
  }
}
