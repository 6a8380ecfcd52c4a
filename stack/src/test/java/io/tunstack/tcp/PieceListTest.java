package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Some of the pieces, one behind the other, on both sides of 2³². */
class PieceListTest {
  private static final int BASE = -2500;

  private final Pieces pieces = new Pieces();
  private final PieceList list = new PieceList(pieces);

  private int piece(int from, int to) {
    return pieces.append(BASE + from, BASE + to, 0);
  }

  /** What is in the list, forwards; backwards it has to be the same. */
  private List<Integer> content() {
    List<Integer> found = new ArrayList<>();
    int before = Pieces.NONE;
    for (int each = list.head(); each != Pieces.NONE; each = pieces.next[each]) {
      assertEquals(before, pieces.previous[each]);
      found.add(each);
      before = each;
    }
    assertEquals(found.isEmpty(), list.isEmpty());
    assertEquals(found.stream().mapToInt(pieces::length).sum(), list.bytes());
    return found;
  }

  @Test
  void shouldKeepTheOrderInWhichTheyCame() {
    int a = piece(0, 1000);
    int b = piece(1000, 2000);
    int c = piece(2000, 3000);
    list.addLast(b);
    list.addLast(c);
    list.addLast(a);
    assertEquals(List.of(b, c, a), content());
  }

  @Test
  void shouldCloseTheGap_whereverOneIsTakenOut() {
    int a = piece(0, 1000);
    int b = piece(1000, 2000);
    int c = piece(2000, 3000);
    int d = piece(3000, 3001);
    List.of(a, b, c, d).forEach(list::addLast);
    list.remove(b);
    assertEquals(List.of(a, c, d), content());
    list.remove(a);
    assertEquals(List.of(c, d), content());
    list.remove(d);
    assertEquals(List.of(c), content());
    list.addLast(b);
    assertEquals(List.of(c, b), content());
    list.remove(c);
    list.remove(b);
    assertEquals(List.of(), content());
  }

  @Test
  void shouldPutEachWhereItsNumbersBelong_behindAndBeforeTheOneThatCameLast() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(piece(i * 1000, i * 1000 + 1000));
    }
    for (int i : new int[] {3, 5, 0, 4, 1, 2}) {
      list.addInSequence(all.get(i));
    }
    assertEquals(all, content());
  }

  @Test
  void shouldFindItsPlaceAnew_whenTheOneThatCameLastHasGone() {
    int a = piece(0, 1000);
    int b = piece(1000, 2000);
    int c = piece(2000, 3000);
    list.addInSequence(c);
    list.addInSequence(b);
    list.remove(b);
    list.addInSequence(a);
    assertEquals(List.of(a, c), content());
    list.clear();
    list.addInSequence(b);
    assertEquals(List.of(b), content());
  }

  @Test
  void shouldTakeOneStepForEach_whenTheyComeInARun() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(piece(i * 10, i * 10 + 10));
    }
    list.addInSequence(all.get(199));
    long before = pieces.steps;
    for (int i = 0; i < 199; i++) {
      list.addInSequence(all.get(i));
    }
    assertTrue(pieces.steps - before < 2 * 200, () -> pieces.steps - before + " steps");
    assertEquals(all, content());
  }

  @Test
  void shouldHoldBothParts_whenOneIsCut() {
    int a = piece(0, 1000);
    int b = piece(1000, 4000);
    list.addLast(b);
    list.addLast(a);
    int rest = pieces.split(1, 1200);
    list.afterSplit(b, rest);
    assertEquals(List.of(b, rest, a), content());
    assertEquals(4000, list.bytes());
  }

  @Test
  void shouldCountWhatIsAddedToOne() {
    int a = piece(0, 1000);
    list.addLast(a);
    pieces.end[a] += 460;
    list.grown(460);
    assertEquals(List.of(a), content());
    list.clear();
    assertEquals(0, list.bytes());
    assertFalse(list.head() >= 0);
  }
}
