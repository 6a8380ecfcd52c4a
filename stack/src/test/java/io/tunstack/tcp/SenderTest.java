package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the sending half keeps count of; what leaves when is told by the scripts. */
class SenderTest {
  private static final int WINDOW = 60_000;

  private final Unanswered peer = new Unanswered();
  private final Sender snd = peer.sender();

  @AfterEach
  void close() {
    peer.close();
  }

  @Test
  void shouldTellWhatWaits_andWhatIsUnderWay() {
    peer.write(12);
    assertEquals(10 * snd.smss, snd.flight());
    assertEquals(2 * snd.smss, snd.unsent());
    assertEquals(10 * snd.smss, snd.unacknowledged());
    assertTrue(snd.canSendNew());
    assertFalse(snd.finAcknowledged());
    peer.take(peer.ack(snd.smss, WINDOW));
    assertEquals(9 * snd.smss, snd.flight());
    assertEquals(9 * snd.smss, snd.unacknowledged());
  }

  @Test
  void shouldSayThatTheWindowWasInUse_asLongAsThatRoundTripLasts() {
    peer.write(10);
    assertTrue(snd.window.isLimiting());
    peer.take(peer.ack(5 * snd.smss, WINDOW));
    snd.output(peer.now());
    assertTrue(snd.window.isLimiting(), "half of it is still out");
    peer.take(peer.ack(5 * snd.smss, WINDOW));
    snd.output(peer.now());
    assertFalse(snd.window.isLimiting(), "all of it has come back");
  }

  @Test
  void shouldCallHalfOfTheWindowEnough_inSlowStartOnly() {
    peer.write(6);
    assertTrue(snd.window.isLimiting());
    snd.window.ssthresh = snd.window.cwnd;
    assertFalse(snd.window.isLimiting());
    peer.take(peer.ack(6 * snd.smss, WINDOW));
    snd.window.ssthresh = Integer.MAX_VALUE;
    peer.write(5);
    assertFalse(snd.window.isLimiting(), "no more than half");
  }

  @Test
  void shouldCallInUse_whatWasOutBeforeTheAcknowledgment() {
    peer.write(4);
    peer.take(peer.ack(3 * snd.smss, WINDOW));
    assertEquals(4 * snd.smss, snd.window.congested(snd.flight(), snd.rtt.srtt(), peer.now()));
    snd.output(peer.now());
    assertEquals(snd.smss, snd.window.congested(snd.flight(), snd.rtt.srtt(), peer.now()));
  }

  @Test
  void shouldCallInUse_noMoreThanTheWindow() {
    peer.write(10);
    snd.window.cwnd = 4 * snd.smss;
    assertEquals(4 * snd.smss, snd.window.congested(snd.flight(), snd.rtt.srtt(), peer.now()));
  }

  @Test
  void shouldBeginAnew_afterAPauseLongerThanATimeOut() {
    peer.write(10);
    peer.take(peer.ack(10 * snd.smss, WINDOW));
    snd.output(peer.now());
    int grown = snd.window.cwnd;
    assertTrue(grown > snd.window.initial());
    peer.pass(Duration.ofSeconds(5));
    peer.write(1);
    assertEquals(snd.window.initial(), snd.window.cwnd);
  }
}
