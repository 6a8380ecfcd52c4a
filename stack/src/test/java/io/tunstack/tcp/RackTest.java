package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.time.TimerWheel;
import org.junit.jupiter.api.Test;

/** The reordering window, and what a time-out marks (RFC 8985 §6.2, §6.3). */
class RackTest {
  private static final int SMSS = 1000;
  private static final long MILLI = 1_000_000;

  private final Scoreboard board =
      new Scoreboard(new DeliveryRate(), new Spares<>(FlightBook::new, 1));
  private final RttEstimator rtt = new RttEstimator(1000 * MILLI, 200 * MILLI, 60_000 * MILLI);
  private final Rack rack = new Rack(board, rtt);
  private final AckSample s = new AckSample();

  private RackTest() {
    board.setSegment(SMSS);
    rtt.sample(100 * MILLI, 1, 0);
  }

  private AckSample at(long millis) {
    s.reset(millis * MILLI);
    s.sackPermitted = true;
    s.minRtt = rtt.minRtt();
    s.priorFack = board.highestSacked(0);
    return s;
  }

  private void send(int segment, long millis) {
    board.sent(segment * SMSS, (segment + 1) * SMSS, millis * MILLI);
  }

  private void sack(int from, int to) {
    board.sack(from * SMSS, to * SMSS, s);
  }

  @Test
  void shouldLookAgain_whenTheReorderingWindowIsOver() {
    send(0, 0);
    send(1, 10);
    at(110);
    sack(1, 2);
    assertEquals(10 * MILLI + 125 * MILLI, rack.onAck(s, 0, false));
    assertEquals(0, board.lostBytes());
    assertEquals(TimerWheel.NEVER, rack.onTimer(135 * MILLI, false));
    assertEquals(SMSS, board.lostBytes());
  }

  @Test
  void shouldMarkAtOnce_inARecoveryAndWhenNothingIsEverReordered() {
    for (int i = 0; i < 5; i++) {
      send(i, 0);
    }
    at(100);
    sack(1, 4);
    assertEquals(TimerWheel.NEVER, rack.onAck(s, 0, true));
    assertEquals(SMSS, board.lostBytes(), "and what left after them is not judged");
    assertEquals(SMSS, board.inFlight());
  }

  @Test
  void shouldMarkAtOnce_whenThreeArrivedAndAllRoundTripsWereAlike() {
    for (int i = 0; i < 5; i++) {
      send(i, 0);
    }
    for (int i = 1; i < 4; i++) {
      assertEquals(0, board.lostBytes(), "after " + (i - 1));
      at(100);
      sack(i, i + 1);
      rack.onAck(s, 0, false);
    }
    assertEquals(SMSS, board.lostBytes());
  }

  @Test
  void shouldWaitSixteenTimesWhatRoundTripsDifferBy_atMostAQuarterOfOne() {
    for (int i = 0; i < 6; i++) {
      send(i, 0);
    }
    for (int i = 1; i < 4; i++) {
      at(100 + i / 3);
      sack(i, i + 1);
      rack.onAck(s, 0, false);
    }
    assertEquals(16 * MILLI, rack.reorderingWindow(false));
    at(102);
    sack(4, 5);
    rack.onAck(s, 0, false);
    assertEquals(25 * MILLI, rack.reorderingWindow(false));
    assertEquals(0, board.lostBytes());
  }

  @Test
  void shouldMarkAtOnce_whenThreeArrivedAndAHundredNeverOvertookEachOther() {
    send(0, 0);
    for (int i = 1; i <= 101; i++) {
      send(i, i);
    }
    for (int i = 1; i < 100; i++) {
      at(i + 100 + i % 10);
      sack(i, i + 1);
      rack.onAck(s, 0, false);
    }
    assertEquals(25 * MILLI, rack.reorderingWindow(false));
    at(200);
    sack(100, 101);
    rack.onAck(s, 0, false);
    assertEquals(0, rack.reorderingWindow(false));
  }

  @Test
  void shouldWaitAQuarter_whenTooFewRoundTripsAreKnown() {
    for (int i = 0; i < 5; i++) {
      send(i, 0);
    }
    at(100);
    sack(1, 4);
    rack.onAck(s, 0, false);
    assertEquals(25 * MILLI, rack.reorderingWindow(false));
    assertEquals(0, board.lostBytes());
  }

  @Test
  void shouldWidenOncePerRoundTrip_atMostToARoundTrip_andForgetAfterSixteenRecoveries() {
    assertEquals(25 * MILLI, rack.reorderingWindow(false));
    rack.onDuplicateSack(0, 10);
    rack.onDuplicateSack(0, 10);
    assertEquals(50 * MILLI, rack.reorderingWindow(false));
    for (int i = 1; i < 10; i++) {
      rack.onAck(at(200), i * 10, false);
      rack.onDuplicateSack(i * 10, (i + 1) * 10);
    }
    assertEquals(100 * MILLI, rack.reorderingWindow(false));
    for (int i = 0; i < 15; i++) {
      rack.onRecovered();
      assertEquals(100 * MILLI, rack.reorderingWindow(false));
    }
    rack.onRecovered();
    assertEquals(25 * MILLI, rack.reorderingWindow(false));
  }

  @Test
  void shouldWaitAsLongAsWhatWasOvertakenWasLate_andForgetAfterSixteenRecoveries() {
    send(0, 0);
    send(1, 0);
    at(100);
    sack(1, 2);
    rack.onAck(s, 0, false);
    at(160);
    board.acknowledge(2 * SMSS, s);
    assertTrue(s.reordered);
    rack.onAck(s, 2 * SMSS, false);
    assertEquals(60 * MILLI + 25 * MILLI / 2, rack.reorderingWindow(true));
    for (int i = 0; i < 16; i++) {
      assertTrue(rack.reorderingWindow(true) > 25 * MILLI);
      rack.onRecovered();
    }
    assertEquals(25 * MILLI, rack.reorderingWindow(true));
  }

  @Test
  void shouldLearnFromTheFirstTransmission_whenASecondWasNotNeeded() {
    send(0, 0);
    send(1, 0);
    at(100);
    sack(1, 2);
    rack.onAck(s, 0, false);
    rack.onTimer(125 * MILLI, false);
    board.sentAgain(board.nextLost(SMSS, SMSS, 2 * SMSS), 125 * MILLI);
    at(170);
    board.acknowledge(2 * SMSS, s);
    rack.onAck(s, 2 * SMSS, false);
    assertEquals(70 * MILLI + 25 * MILLI / 2, rack.reorderingWindow(false));
  }

  @Test
  void shouldNotBelieveARetransmissionThatComesTooSoon() {
    send(0, 0);
    send(1, 0);
    board.markFirstLost(SMSS);
    board.sentAgain(board.nextLost(SMSS, SMSS, 2 * SMSS), 90 * MILLI);
    at(100);
    board.acknowledge(SMSS, s);
    assertEquals(false, s.newestKnown, "10 ms are no round trip: that was the original");
  }

  @Test
  void shouldMarkTheFirst_andWhatIsOverdue_atATimeOut() {
    send(0, 0);
    send(1, 0);
    send(2, 0);
    at(100);
    board.acknowledge(SMSS, s);
    rack.onAck(s, SMSS, false);
    send(3, 290);
    rack.onTimeout(300 * MILLI);
    assertEquals(2 * SMSS, board.lostBytes());
    assertEquals(SMSS, board.inFlight(), "what left 10 ms ago may still arrive");
  }
}
