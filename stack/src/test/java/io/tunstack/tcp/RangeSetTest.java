package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Ranges around the wrap, where comparing goes wrong. */
class RangeSetTest {
  private static RangeSet of(int... edges) {
    RangeSet set = new RangeSet(100);
    for (int i = 0; i < edges.length; i += 2) {
      assertTrue(set.add(edges[i], edges[i + 1]));
    }
    return set;
  }

  private static String text(RangeSet set) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < set.size(); i++) {
      all.append(set.start(i)).append('-').append(set.end(i)).append(' ');
    }
    return all.toString().trim();
  }

  @Test
  void shouldKeepRangesSorted_acrossTheWrap() {
    assertEquals("-30--20 -5-5 10-20", text(of(10, 20, -30, -20, -5, 5)));
  }

  @Test
  void shouldKeepRangesSorted_whereAnIntChangesItsSign() {
    int wrap = Integer.MIN_VALUE;
    RangeSet set = of(wrap + 10, wrap + 20, wrap - 30, wrap - 20, wrap - 5, wrap + 5);
    assertEquals(3, set.size());
    assertEquals(0, set.firstEndingAfter(wrap - 40));
    assertEquals(1, set.indexOf(wrap - 5));
    assertEquals(1, set.indexOf(wrap + 4));
    assertEquals(2, set.firstEndingAfter(wrap + 5));
    assertEquals(3, set.firstEndingAfter(wrap + 20));
    assertTrue(set.add(wrap - 20, wrap + 10));
    assertEquals(1, set.size());
    assertEquals(wrap - 30, set.start(0));
    assertEquals(wrap + 20, set.end(0));
  }

  @Test
  void shouldMergeWhatOverlapsOrTouches() {
    assertEquals("10-40", text(of(10, 20, 30, 40, 20, 30)));
    assertEquals("10-40", text(of(10, 20, 30, 40, 15, 35)));
    assertEquals("10-40", text(of(12, 20, 30, 35, 10, 40)));
    assertEquals("10-20 22-40", text(of(10, 20, 30, 40, 22, 31)));
  }

  @Test
  void shouldRefuseARangeTooMany_butMergeAllTheSame() {
    RangeSet set = new RangeSet(2);
    assertTrue(set.add(0, 10));
    assertTrue(set.add(20, 30));
    assertFalse(set.add(40, 50));
    assertEquals("0-10 20-30", text(set));
    assertTrue(set.add(30, 50));
    assertEquals("0-10 20-50", text(set));
  }

  @Test
  void shouldFindTheRangeOfANumber() {
    RangeSet set = of(-10, 10, 20, 30);
    assertEquals(-1, set.indexOf(-11));
    assertEquals(0, set.indexOf(-10));
    assertEquals(0, set.indexOf(9));
    assertEquals(-1, set.indexOf(10));
    assertEquals(1, set.indexOf(20));
    assertEquals(-1, set.indexOf(30));
    assertEquals(1, set.firstEndingAfter(10));
    assertEquals(2, set.firstEndingAfter(30));
  }

  @Test
  void shouldForgetTheFirst_andEverything() {
    RangeSet set = of(0, 1, 2, 3, 4, 5);
    set.removeFirst();
    assertEquals("2-3 4-5", text(set));
    set.clear();
    assertTrue(set.isEmpty());
    assertTrue(set.add(7, 8));
    assertEquals("7-8", text(set));
  }
}
