package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pieces by sequence, on both sides of 2³². */
class PiecesTest {
  private static final int BASE = -2500;

  private final Pieces pieces = new Pieces();

  private int piece(int from, int to) {
    return pieces.append(BASE + from, BASE + to, 7);
  }

  private List<Integer> starts() {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      found.add(pieces.start[pieces.at(i)] - BASE);
    }
    return found;
  }

  @Test
  void shouldFindTheFirstThatEndsBehindANumber() {
    for (int i = 0; i < 20; i++) {
      piece(i * 300, i * 300 + 300);
    }
    assertEquals(0, pieces.indexOf(BASE - 1));
    assertEquals(0, pieces.indexOf(BASE + 299));
    assertEquals(1, pieces.indexOf(BASE + 300));
    assertEquals(8, pieces.indexOf(BASE + 2500));
    assertEquals(19, pieces.indexOf(BASE + 5999));
    assertEquals(20, pieces.indexOf(BASE + 6000));
  }

  @Test
  void shouldKnowNothingOfWhatHadItsPlaceBefore() {
    int old = piece(0, 1000);
    pieces.flags[old] = Pieces.SACKED | Pieces.RETRANSMITTED;
    pieces.remove(0);
    int fresh = piece(1000, 2500);
    assertEquals(old, fresh);
    assertFalse(pieces.has(fresh, Pieces.SACKED));
    assertFalse(pieces.has(fresh, Pieces.RETRANSMITTED));
    assertEquals(1500, pieces.length(fresh));
    assertEquals(7, pieces.firstSentAt[fresh]);
  }

  @Test
  void shouldBeAlikeInBothParts_whenOneIsCut() {
    piece(0, 1000);
    int whole = piece(1000, 4000);
    piece(4000, 5000);
    pieces.flags[whole] = Pieces.LOST | Pieces.APP_LIMITED;
    pieces.sentAt[whole] = 11;
    pieces.deliveredBefore[whole] = 12;
    pieces.deliveredAtBefore[whole] = 13;
    pieces.intervalSentAt[whole] = 14;
    int rest = pieces.split(1, 1800);
    assertEquals(List.of(0, 1000, 2800, 4000), starts());
    assertEquals(1800, pieces.length(whole));
    assertEquals(1200, pieces.length(rest));
    assertEquals(pieces.flags[whole], pieces.flags[rest]);
    assertEquals(11, pieces.sentAt[rest]);
    assertEquals(7, pieces.firstSentAt[rest]);
    assertEquals(12, pieces.deliveredBefore[rest]);
    assertEquals(13, pieces.deliveredAtBefore[rest]);
    assertEquals(14, pieces.intervalSentAt[rest]);
  }

  @Test
  void shouldStayInOrder_whereverOneIsTakenOut() {
    for (int i = 0; i < 7; i++) {
      piece(i * 1000, i * 1000 + 1000);
    }
    pieces.remove(1);
    assertEquals(List.of(0, 2000, 3000, 4000, 5000, 6000), starts());
    pieces.remove(4);
    assertEquals(List.of(0, 2000, 3000, 4000, 6000), starts());
    pieces.remove(4);
    pieces.remove(0);
    assertEquals(List.of(2000, 3000, 4000), starts());
  }

  @Test
  void shouldStayInOrder_whenTheArraysGrow_whereverTheRingBegins() {
    for (int i = 0; i < 6; i++) {
      piece(i * 10, i * 10 + 10);
    }
    for (int i = 0; i < 5; i++) {
      pieces.remove(0);
    }
    List<Integer> expected = new ArrayList<>();
    expected.add(50);
    for (int i = 6; i < 500; i++) {
      piece(i * 10, i * 10 + 10);
      expected.add(i * 10);
    }
    assertEquals(expected, starts());
  }

  @Test
  void shouldMoveTheShorterSide_whenOneIsTakenOutOrPutIn() {
    for (int i = 0; i < 400; i++) {
      piece(i * 10, i * 10 + 10);
    }
    long before = pieces.steps;
    for (int i = 0; i < 100; i++) {
      pieces.remove(1);
      pieces.remove(pieces.size() - 2);
      pieces.split(1, 5);
      pieces.split(pieces.size() - 2, 5);
    }
    assertTrue(pieces.steps - before < 100 * 4 * 5, () -> pieces.steps - before + " steps");
  }

  @Test
  void shouldKeepArraysOfAUsualSize_andGiveBackLargeOnes() {
    piece(0, 10);
    pieces.remove(0);
    int[] usual = pieces.start;
    pieces.trim();
    assertSame(usual, pieces.start);
    for (int i = 0; i < 1025; i++) {
      piece(i * 10, i * 10 + 10);
    }
    while (pieces.size() > 0) {
      pieces.remove(pieces.size() - 1);
    }
    pieces.trim();
    assertNull(pieces.start);
    piece(0, 10);
    assertEquals(List.of(0), starts());
  }
}
