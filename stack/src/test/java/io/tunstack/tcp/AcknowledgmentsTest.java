package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the sending half takes from a segment, one at a time. */
class AcknowledgmentsTest {
  private static final int WINDOW = 1000;

  private final Unanswered peer = new Unanswered();
  private final Sender snd = peer.sender();

  @AfterEach
  void close() {
    peer.close();
  }

  private int scaled(int window) {
    return window << snd.shift;
  }

  @Test
  void shouldMoveSndUna_andForgetWhatItCovers() {
    peer.write(3);
    int una = snd.sndUna;
    assertTrue(peer.take(peer.ack(2 * snd.smss, WINDOW)));
    assertEquals(una + 2 * snd.smss, snd.sndUna);
    assertEquals(snd.smss, snd.flight());
    assertEquals(snd.smss, snd.board.inFlight());
    assertEquals(snd.smss, snd.queue.length());
    assertFalse(peer.take(peer.ack(0, WINDOW)));
    assertEquals(una + 2 * snd.smss, snd.sndUna);
  }

  @Test
  void shouldScaleTheWindow_butNotThatOfASegmentThatCameWithSyn() {
    assertTrue(snd.shift > 0);
    peer.take(peer.ack(0, WINDOW));
    assertEquals(scaled(WINDOW), snd.sndWnd);
    Segment withSyn = peer.ack(0, WINDOW + 1);
    withSyn.windowScaled = false;
    peer.take(withSyn);
    assertEquals(WINDOW + 1, snd.sndWnd);
  }

  @Test
  void shouldLeaveTheWindow_whenAnOldSegmentComes() {
    peer.write(2);
    peer.take(peer.ack(snd.smss, WINDOW));
    Segment overtaken = peer.ack(0, WINDOW / 2);
    overtaken.seq--;
    peer.take(overtaken);
    assertEquals(scaled(WINDOW), snd.sndWnd, "its number is older");
    Segment again = peer.ack(-snd.smss, WINDOW / 2);
    peer.take(again);
    assertEquals(scaled(WINDOW), snd.sndWnd, "its acknowledgment is older");
  }

  @Test
  void shouldTakeTheWindowOfARetransmission_thatAcknowledgesMore() {
    peer.write(2);
    peer.take(peer.ack(snd.smss, WINDOW));
    Segment again = peer.ack(snd.smss, WINDOW / 2);
    again.seq -= 100;
    peer.take(again);
    assertEquals(scaled(WINDOW / 2), snd.sndWnd);
    assertEquals(peer.c.rcv.rcvNxt(), snd.sndWl1, "it does not move back");
  }

  @Test
  void shouldRememberTheLargestWindow() {
    peer.take(peer.ack(0, 60_000));
    peer.take(peer.ack(0, WINDOW));
    assertEquals(scaled(60_000), snd.maxSndWnd);
    assertEquals(scaled(WINDOW), snd.sndWnd);
  }

  @Test
  void shouldMeasureTheRoundTrip_byWhenItLeft() {
    long before = snd.rtt.srtt();
    peer.write(1);
    peer.pass(Duration.ofMillis(80));
    peer.take(peer.ack(snd.smss, WINDOW));
    long after = snd.rtt.srtt();
    assertTrue(Math.abs(before - 40_000_000) < 1_000_000, before + " ns");
    assertTrue(Math.abs(after - 45_000_000) < 1_000_000, after + " ns");
  }

  @Test
  void shouldNotBelieveAnEcho_fromBeforeAnythingInFlightLeft() {
    peer.write(1);
    peer.pass(Duration.ofMillis(50));
    int stamp = SegmentWriter.timestamp(peer.c.tsOffset, peer.now());
    Segment sound = peer.ack(0, WINDOW);
    sound.options.timestamps(1, stamp - 20);
    peer.take(sound);
    assertTrue(peer.c.tcp.ackSample().echoKnown);
    Segment old = peer.ack(0, WINDOW);
    old.options.timestamps(1, stamp - 5_000);
    peer.take(old);
    assertFalse(peer.c.tcp.ackSample().echoKnown);
    Segment future = peer.ack(0, WINDOW);
    future.options.timestamps(1, stamp + 5_000);
    peer.take(future);
    assertFalse(peer.c.tcp.ackSample().echoKnown);
  }

  @Test
  void shouldCallDuplicate_whatBringsNothingAtAll() {
    peer.write(2);
    peer.take(peer.ack(0, WINDOW));
    assertFalse(peer.c.tcp.ackSample().duplicate, "another window");
    peer.take(peer.ack(0, WINDOW));
    assertTrue(peer.c.tcp.ackSample().duplicate);
    Segment withText = peer.ack(0, WINDOW);
    withText.textLength = 1;
    peer.take(withText);
    assertFalse(peer.c.tcp.ackSample().duplicate);
    peer.take(peer.ack(2 * snd.smss, WINDOW));
    peer.take(peer.ack(0, WINDOW));
    assertFalse(peer.c.tcp.ackSample().duplicate, "nothing is in flight");
  }
}
