package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What waits to be sent again, on both sides of 2³². */
class LostPiecesTest {
  private static final int BASE = -1500;
  private static final int FAR = BASE + 100_000;

  private final Pieces pieces = new Pieces();
  private final LostPieces lost = new LostPieces(pieces);

  private int piece(int from, int to) {
    return pieces.append(BASE + from, BASE + to, 0);
  }

  @Test
  void shouldComeBySequence_inWhateverOrderTheyWereLost() {
    int first = piece(0, 1000);
    int second = piece(1000, 2000);
    int third = piece(2000, 3000);
    lost.add(third);
    lost.add(first);
    lost.add(second);
    assertEquals(3000, lost.bytes());
    assertEquals(first, lost.next(1000, 5000, FAR));
    lost.remove(first);
    assertEquals(second, lost.next(1000, 5000, FAR));
    lost.remove(second);
    assertEquals(third, lost.next(1000, 5000, FAR));
    lost.remove(third);
    assertEquals(Pieces.NONE, lost.next(1000, 5000, FAR));
    assertTrue(lost.isEmpty());
  }

  @Test
  void shouldBeCut_toWhatASegmentCarries() {
    int whole = piece(0, 5000);
    lost.add(whole);
    assertEquals(whole, lost.next(1460, 9000, FAR));
    assertEquals(1460, pieces.length(whole));
    assertEquals(5000, lost.bytes());
    lost.remove(whole);
    assertEquals(BASE + 1460, pieces.start[lost.first()]);
  }

  @Test
  void shouldBeJoined_whenNeighboursFitTogether() {
    int first = piece(0, 300);
    lost.add(first);
    lost.add(piece(300, 900));
    lost.add(piece(900, 2000));
    assertEquals(first, lost.next(1000, 9000, FAR));
    assertEquals(900, pieces.length(first));
    assertEquals(2000, lost.bytes());
    assertEquals(2, pieces.size());
  }

  @Test
  void shouldNotBeJoined_acrossWhatHasArrived() {
    int first = piece(0, 300);
    lost.add(first);
    piece(300, 600);
    lost.add(piece(600, 900));
    lost.joinAll();
    assertEquals(first, lost.next(1000, 9000, FAR));
    assertEquals(300, pieces.length(first));
  }

  @Test
  void shouldCarryTheFinBeyondTheLimitOfText_butNotBeyondTheWindow() {
    int last = piece(0, 1001);
    lost.add(last);
    assertEquals(last, lost.next(1000, 1001, BASE + 1000));
    assertEquals(1001, pieces.length(last));
    assertEquals(last, lost.next(1000, 1000, BASE + 1000));
    assertEquals(1000, pieces.length(last));
  }
}
