package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Pieces in flight, across the wrap of sequence numbers. */
class ScoreboardTest {
  private static final int SMSS = 1000;
  private static final int BASE = -3500;

  private final DeliveryRate rate = new DeliveryRate();
  private final Scoreboard board = new Scoreboard(rate, new Spares<>(FlightBook::new, 1));
  private final AckSample s = new AckSample();

  private ScoreboardTest() {
    board.setSegment(SMSS);
  }

  /** Pieces of one segment each, one a microsecond. */
  private void send(int pieces) {
    for (int i = 0; i < pieces; i++) {
      board.sent(seq(i), seq(i + 1), i * 1000L);
    }
  }

  private static int seq(int segment) {
    return BASE + segment * SMSS;
  }

  private AckSample at(long now) {
    s.reset(now);
    s.sackPermitted = true;
    s.minRtt = AckSample.NO_RTT;
    s.priorFack = board.highestSacked(BASE);
    s.recoveryPoint = seq(1000);
    return s;
  }

  @Test
  void shouldMeasureTheNewestPieceThatIsCovered() {
    send(4);
    board.acknowledge(seq(2), at(10_000));
    assertEquals(9_000, s.rtt);
    assertEquals(2 * SMSS, s.delivered);
    assertEquals(2 * SMSS, board.inFlight());
    assertTrue(s.originalDelivered);
    assertFalse(s.reordered);
  }

  @Test
  void shouldKnowTheHighestSacked_whereverTheNumbersAre() {
    for (int base : new int[] {Integer.MIN_VALUE, Integer.MIN_VALUE + 5000, -9000, 7}) {
      Scoreboard there = new Scoreboard(new DeliveryRate(), new Spares<>(FlightBook::new, 1));
      there.setSegment(SMSS);
      there.sent(base, base + 4 * SMSS, 1);
      assertEquals(base, there.highestSacked(base));
      there.sack(base + SMSS, base + 2 * SMSS, at(10_000));
      assertEquals(base + 2 * SMSS, there.highestSacked(base));
      there.sack(base + 3 * SMSS, base + 4 * SMSS, at(10_000));
      assertEquals(base + 4 * SMSS, there.highestSacked(base));
    }
  }

  @Test
  void shouldNotMeasureWhatWasSentTwice() {
    send(2);
    board.markFirstLost(SMSS);
    board.sentAgain(board.nextLost(SMSS, SMSS, seq(2)), 5_000);
    board.acknowledge(seq(1), at(10_000));
    assertEquals(AckSample.NO_RTT, s.rtt);
    assertTrue(s.retransmissionDelivered);
    assertFalse(s.originalDelivered);
    assertEquals(5_000, s.newestRtt);
  }

  @Test
  void shouldNotMeasureWhatMayHaveWaitedForARetransmission_withoutSack() {
    send(3);
    board.markFirstLost(SMSS);
    board.sentAgain(board.nextLost(SMSS, SMSS, seq(3)), 5_000);
    at(10_000).sackPermitted = false;
    board.acknowledge(seq(3), s);
    assertEquals(AckSample.NO_RTT, s.rtt);
  }

  @Test
  void shouldTakeWhatIsSackedOutOfFlight_once() {
    send(5);
    board.sack(seq(2), seq(4), at(10_000));
    assertEquals(2 * SMSS, s.newlySacked);
    assertEquals(7_000, s.rtt);
    assertEquals(3 * SMSS, board.inFlight());
    assertEquals(2, board.sackedSegments());
    board.sack(seq(2), seq(5), at(11_000));
    assertEquals(SMSS, s.newlySacked);
    assertEquals(3 * SMSS, board.sackedBytes());
    board.acknowledge(seq(5), at(12_000));
    assertEquals(2 * SMSS, s.delivered, "the rest was delivered before");
    assertEquals(0, board.sackedBytes());
    assertTrue(board.isEmpty());
  }

  @Test
  void shouldIgnorePartsOfSegments() {
    send(3);
    board.sack(seq(0) + 1, seq(1) - 1, at(10_000));
    assertEquals(0, s.newlySacked);
    board.sack(seq(0) + 500, seq(2) + 500, at(10_000));
    assertEquals(SMSS, s.newlySacked);
    assertEquals(2 * SMSS, board.inFlight());
  }

  @Test
  void shouldSplitALongPieceAtItsSegments() {
    board.sent(BASE, seq(10), 0);
    board.sack(seq(2) + 10, seq(7) + 10, at(10_000));
    assertEquals(4 * SMSS, s.newlySacked);
    assertEquals(4, board.sackedSegments());
    assertEquals(6 * SMSS, board.inFlight());
    board.acknowledge(seq(1), at(11_000));
    assertEquals(SMSS, s.delivered);
    board.markAllLost();
    assertEquals(5 * SMSS, board.lostBytes());
    int piece = board.nextLost(3 * SMSS, 9 * SMSS, seq(10));
    assertEquals(seq(1), board.start(piece));
    assertEquals(seq(3), board.end(piece), "up to what is SACKed");
  }

  @Test
  void shouldSeeReordering_whenSomethingOnlySentOnceComesBehindWhatIsSacked() {
    send(5);
    board.sack(seq(3), seq(4), at(10_000));
    assertFalse(s.reordered);
    board.sack(seq(1), seq(2), at(10_500));
    assertTrue(s.reordered);
    board.markFirstLost(SMSS);
    board.sentAgain(board.nextLost(SMSS, SMSS, seq(5)), 11_000);
    board.acknowledge(seq(1), at(12_000));
    assertFalse(s.reordered, "a retransmission comes late by its nature");
  }

  @Test
  void shouldHandOutLostPiecesFromTheLowest_joinedAsFarAsTheyFit() {
    for (int i = 0; i < 6; i++) {
      board.sent(BASE + i * 300, BASE + (i + 1) * 300, i);
    }
    board.markAllLost();
    int piece = board.nextLost(SMSS, 65535, BASE + 1800);
    assertEquals(BASE, board.start(piece));
    assertEquals(900, board.length(piece));
    board.sentAgain(piece, 100);
    assertEquals(900, board.lostBytes());
    assertEquals(900, board.inFlight());
    piece = board.nextLost(SMSS, 200, BASE + 1800);
    assertEquals(200, board.length(piece), "the peer has no more room");
    assertEquals(BASE + 900, board.firstLostStart());
  }

  @Test
  void shouldNotLetAFinPastThePeersWindow() {
    board.sent(BASE, BASE + 101, 0);
    board.markAllLost();
    int piece = board.nextLost(SMSS, 100, BASE + 100);
    assertEquals(100, board.length(piece));
    board.sentAgain(piece, 1);
    assertEquals(1, board.length(board.nextLost(SMSS, 1, BASE + 100)));
  }

  @Test
  void shouldPutLostPiecesBackByTheTimeTheyLeft_whenNothingWasLost() {
    send(4);
    board.markFirstLost(SMSS);
    board.sentAgain(board.nextLost(SMSS, SMSS, seq(4)), 50_000);
    board.markLost(board.last());
    board.markLost(board.oldestInFlight());
    board.unmarkLost();
    assertEquals(0, board.lostBytes());
    assertEquals(4 * SMSS, board.inFlight());
    int piece = board.oldestInFlight();
    long before = -1;
    for (int i = 0; i < 4; i++) {
      assertTrue(board.sentAt(piece) > before);
      before = board.sentAt(piece);
      piece = board.nextInFlight(piece);
    }
    assertEquals(Scoreboard.NONE, piece);
  }

  @Test
  void shouldSendEverythingAgain_whenThePeerHasDroppedWhatItHad() {
    send(4);
    board.sack(seq(1), seq(4), at(10_000));
    board.acknowledge(seq(1), at(11_000));
    assertTrue(board.isFirstSacked());
    board.forgetSacks();
    assertFalse(board.isFirstSacked());
    assertEquals(3 * SMSS, board.lostBytes());
    assertEquals(0, board.sackedBytes());
    board.sentAgain(board.nextLost(3 * SMSS, 3 * SMSS, seq(4)), 12_000);
    board.sack(seq(2), seq(4), at(13_000));
    assertEquals(2 * SMSS, s.newlySacked, "what it says now counts again");
  }

  @Test
  void shouldKeepItsPieces_whenTheRingGrowsAfterWrapping() {
    send(6);
    board.acknowledge(seq(5), at(7_000));
    for (int i = 6; i < 60; i++) {
      board.sent(seq(i), seq(i + 1), i * 1000L);
    }
    for (int i = 6; i < 60; i += 2) {
      board.sack(seq(i), seq(i + 1), at(100_000));
      assertEquals(SMSS, s.newlySacked);
    }
    for (int i = 5; i < 60; i++) {
      board.acknowledge(seq(i + 1), at(200_000));
      assertEquals(i % 2 == 0 ? 0 : SMSS, s.delivered, "piece " + i);
    }
    assertEquals(60L * SMSS, rate.delivered);
    board.clear();
    board.sent(seq(60), seq(61), 0);
    assertEquals(SMSS, board.inFlight());
  }

  @Test
  void shouldSampleTheRateOfDelivery_overTheSlowerOfSendingAndAcknowledging() {
    send(4);
    board.acknowledge(seq(2), at(20_000));
    assertEquals(20_000, s.rateInterval, "from the first departure");
    assertEquals(0, s.priorDelivered);
    board.sent(seq(4), seq(5), 21_000);
    board.acknowledge(seq(5), at(41_000));
    assertEquals(2L * SMSS, s.priorDelivered);
    assertEquals(21_000, s.rateInterval, "since the last delivery before it left");
  }
}
