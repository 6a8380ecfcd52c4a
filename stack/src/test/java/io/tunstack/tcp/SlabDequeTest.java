package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.tunstack.memory.SlabPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Positions over slabs, some of them missing. */
class SlabDequeTest {
  private static final int SLAB = SlabPool.SLAB_BYTES;

  private final SlabPool pool = new SlabPool(3L * SLAB);
  private final SlabDeque deque = new SlabDeque(pool);

  @AfterEach
  void everySlabIsBack() {
    deque.clear();
    assertEquals(0, pool.inUse());
    pool.close();
  }

  @Test
  void shouldAcquireOnlyTheSlabsThatAreWritten() {
    ByteBuf third = deque.slabFor(2 * SLAB + 5);
    assertNull(deque.slabAt(0));
    assertNull(deque.slabAt(SLAB));
    assertSame(third, deque.slabAt(3 * SLAB - 1));
    assertEquals(1, deque.held());
    assertEquals(1, pool.inUse());
  }

  @Test
  void shouldShiftPositions_whenTheFirstSlabIsDropped() {
    ByteBuf first = deque.slabFor(0);
    ByteBuf second = deque.slabFor(SLAB);
    assertNotSame(first, second);
    deque.dropFirst();
    assertSame(second, deque.slabAt(0));
    assertEquals(1, pool.inUse());
    deque.dropFirst();
    deque.dropFirst();
    assertEquals(0, deque.held());
  }

  @Test
  void shouldKeepItsSlabs_whenTheRingGrowsAfterWrapping() {
    SlabPool large = new SlabPool(100L * SLAB);
    SlabDeque ring = new SlabDeque(large);
    for (int i = 0; i < 4; i++) {
      ring.slabFor(i * SLAB).setInt(0, i);
    }
    ring.dropFirst();
    ring.dropFirst();
    for (int i = 4; i < 20; i++) {
      ring.slabFor((i - 2) * SLAB).setInt(0, i);
    }
    for (int i = 2; i < 20; i++) {
      assertEquals(i, ring.slabAt((i - 2) * SLAB).getInt(0));
    }
    ring.clear();
    assertEquals(0, large.inUse());
    large.close();
  }

  @Test
  void shouldBeRefused_whenThePoolIsAtItsCap_butForTheFirst() {
    assertNotNull(deque.slabFor(SLAB));
    assertNotNull(deque.slabFor(2 * SLAB));
    assertNotNull(deque.slabFor(3 * SLAB));
    assertNull(deque.slabFor(4 * SLAB));
    assertNull(deque.slabAt(4 * SLAB));
    assertNotNull(deque.slabFor(0));
    assertEquals(4, deque.held());
  }
}
