package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is lost when nobody SACKs (RFC 5681 §3.2, RFC 6582). */
class DuplicateAcksTest {
  private static final int SMSS = 1000;
  private static final int BASE = -2500;

  private final Scoreboard board =
      new Scoreboard(new DeliveryRate(), new Spares<>(FlightBook::new, 1));
  private final CongestionWindow window = new CongestionWindow(10);
  private final DuplicateAcks detector = new DuplicateAcks(board, window);
  private final AckSample s = new AckSample();

  @BeforeEach
  void tenInFlight() {
    window.open(SMSS, false);
    board.setSegment(SMSS);
    for (int i = 0; i < 10; i++) {
      board.sent(BASE + i * SMSS, BASE + (i + 1) * SMSS, 0);
    }
  }

  private void duplicate(boolean recovering) {
    s.reset(1);
    s.recoveryPoint = BASE - 1;
    s.duplicate = true;
    detector.onAck(s, BASE, recovering);
  }

  @Test
  void shouldTakeTheFirstForLost_atTheThirdDuplicate() {
    duplicate(false);
    duplicate(false);
    assertEquals(0, board.lostBytes());
    duplicate(false);
    assertEquals(SMSS, board.lostBytes());
    assertEquals(BASE, board.firstLostStart());
    assertEquals(3 * SMSS, detector.assumedDelivered());
  }

  @Test
  void shouldTakeTheNextForLost_whenAnAcknowledgmentIsPartial() {
    for (int i = 0; i < 5; i++) {
      duplicate(false);
    }
    board.sentAgain(board.nextLost(SMSS, SMSS, BASE + 10 * SMSS), 1);
    s.reset(2);
    s.advanced = true;
    s.acked = 3 * SMSS;
    board.acknowledge(BASE + 3 * SMSS, s);
    detector.onAck(s, BASE + 3 * SMSS, true);
    assertEquals(BASE + 3 * SMSS, board.firstLostStart());
    assertEquals(3 * SMSS, detector.assumedDelivered(), "two of five were behind the hole");
    assertEquals(SMSS, s.delivered, "two had been counted before");
  }

  @Test
  void shouldAssumeNoMoreThanIsInFlight_howeverManyComeFromAForger() {
    for (int i = 0; i < 1000; i++) {
      duplicate(true);
    }
    assertEquals(9 * SMSS, detector.assumedDelivered());
  }

  @Test
  void shouldTakeEverythingForLost_atATimeOut() {
    duplicate(false);
    detector.onTimeout(1);
    assertEquals(10 * SMSS, board.lostBytes());
    assertEquals(0, detector.assumedDelivered());
  }

  @Test
  void shouldCountAnew_whenSomethingNewIsAcknowledged() {
    duplicate(false);
    duplicate(false);
    s.reset(1);
    s.advanced = true;
    detector.onAck(s, BASE, false);
    duplicate(false);
    assertEquals(0, board.lostBytes());
    assertEquals(SMSS, detector.assumedDelivered());
  }
}
