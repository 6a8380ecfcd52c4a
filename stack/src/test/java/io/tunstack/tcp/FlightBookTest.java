package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Boards share books, one after the other. */
class FlightBookTest {
  private final Spares<FlightBook> books = new Spares<>(FlightBook::new, 8);
  private final AckSample sample = new AckSample();

  private Scoreboard board() {
    return new Scoreboard(new DeliveryRate(), books);
  }

  private void use(Scoreboard board, int from) {
    sample.reset(1_000);
    board.sent(from, from + 1_000, 10);
    board.sent(from + 1_000, from + 2_000, 20);
    board.timedOut(30);
    board.setSegment(1_000);
    board.sack(from + 1_000, from + 2_000, sample);
    board.markFirstLost(1_000);
    board.sentAgain(board.first(), 500);
    board.markLost(board.first());
  }

  @Test
  void shouldTellTheNextBoardNothing_whenAllIsAcknowledged() {
    Scoreboard first = board();
    use(first, -500);
    first.acknowledge(1_500, sample);
    assertTrue(first.isEmpty());
    assertUntouched(board());
  }

  @Test
  void shouldTellTheNextBoardNothing_whenItWasCleared() {
    Scoreboard first = board();
    use(first, -500);
    first.clear();
    assertUntouched(board());
  }

  private void assertUntouched(Scoreboard next) {
    FlightBook used = books.take();
    books.give(used);
    next.sent(0, 100, 5);
    assertEquals(0, next.sackedBytes());
    assertEquals(0, next.sackedSegments());
    assertEquals(0, next.lostBytes());
    assertEquals(0, next.lostAgain());
    assertEquals(100, next.inFlight());
    assertEquals(0, next.highestSacked(0));
    assertFalse(next.isRetransmitted(next.first()));
    sample.reset(40);
    sample.sackPermitted = true;
    next.acknowledge(100, sample);
    assertEquals(35, sample.rtt, "what is measured depends on no time-out of another's");
  }

  @Test
  void shouldLeaveTheSharedOneAlone_whenNothingIsInFlight() {
    Scoreboard board = board();
    board.firstSentAgain(1);
    board.timedOut(2);
    board.sack(10, 20, sample);
    board.forgetSacks();
    board.unmarkLost();
    board.clear();
    assertEquals(Long.MIN_VALUE, FlightBook.EMPTY.lastRetransmission);
    assertEquals(Long.MIN_VALUE, FlightBook.EMPTY.lastTimeout);
    assertTrue(FlightBook.EMPTY.sackedRanges.isEmpty());
    assertEquals(0, FlightBook.EMPTY.pieces.size());
  }
}
