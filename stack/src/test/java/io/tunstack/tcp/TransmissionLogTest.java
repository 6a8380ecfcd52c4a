package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What an acknowledgment measures, and what it must not (Karn). */
class TransmissionLogTest {
  private final TransmissionLog log = new TransmissionLog();

  @Test
  void shouldMeasureTheNewestPieceThatIsCovered() {
    log.sent(-10, 100);
    log.sent(10, 200);
    log.sent(30, 300);
    assertEquals(400, log.oldestWait(500));
    assertEquals(300, log.acknowledge(15, 500));
    assertEquals(TransmissionLog.NO_SAMPLE, log.acknowledge(29, 600));
    assertEquals(400, log.acknowledge(30, 700));
    assertTrue(log.isEmpty());
    assertEquals(0, log.oldestWait(800));
  }

  @Test
  void shouldMeasure_whereAnIntChangesItsSign() {
    int wrap = Integer.MIN_VALUE;
    log.sent(wrap - 10, 100);
    log.sent(wrap + 10, 200);
    log.sent(wrap + 30, 300);
    assertEquals(300, log.acknowledge(wrap + 15, 500));
    assertEquals(400, log.acknowledge(wrap + 30, 700));
    assertTrue(log.isEmpty());
  }

  @Test
  void shouldNotMeasureWhatWasSentTwice_norWhatWaitedForIt() {
    log.sent(10, 100);
    log.sent(20, 110);
    log.sent(30, 120);
    log.sentAgain(0, 10, 500);
    assertEquals(TransmissionLog.NO_SAMPLE, log.acknowledge(30, 600));
  }

  @Test
  void shouldMeasureWhatWasSentAfterARetransmission() {
    log.sent(10, 100);
    log.sentAgain(0, 10, 500);
    log.sent(20, 510);
    assertEquals(90, log.acknowledge(20, 600));
  }

  @Test
  void shouldMarkEveryPieceThatARetransmissionTouches() {
    log.sent(10, 100);
    log.sent(20, 100);
    log.sent(30, 100);
    log.sentAgain(5, 15, 100);
    assertEquals(TransmissionLog.NO_SAMPLE, log.acknowledge(10, 200));
    assertEquals(TransmissionLog.NO_SAMPLE, log.acknowledge(20, 200));
    assertEquals(100, log.acknowledge(30, 200));
  }

  @Test
  void shouldForgetEverySample_afterATimeOut() {
    log.sent(10, 100);
    log.sent(20, 110);
    log.allSentAgain(300);
    assertEquals(TransmissionLog.NO_SAMPLE, log.acknowledge(20, 400));
    log.sent(30, 410);
    assertEquals(40, log.acknowledge(30, 450));
  }

  @Test
  void shouldKeepItsPieces_whenTheRingGrowsAfterWrapping() {
    for (int i = 0; i < 6; i++) {
      log.sent(i, i);
    }
    assertEquals(7, log.acknowledge(3, 10));
    for (int i = 6; i < 40; i++) {
      log.sent(i, i);
    }
    for (int i = 4; i < 40; i++) {
      assertEquals(100 - i, log.acknowledge(i, 100));
    }
    log.clear();
    assertTrue(log.isEmpty());
    log.sent(50, 1);
    assertEquals(1, log.acknowledge(50, 2));
  }
}
