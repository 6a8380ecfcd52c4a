package io.tunstack.tcp;

import static io.tunstack.tcp.SpuriousTimeout.Verdict.NONE;
import static io.tunstack.tcp.SpuriousTimeout.Verdict.SEND_NEW;
import static io.tunstack.tcp.SpuriousTimeout.Verdict.SPURIOUS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** F-RTO's steps (RFC 5682 §2.1). */
class SpuriousTimeoutTest {
  private final SpuriousTimeout frto = new SpuriousTimeout();

  private static AckSample ack(boolean advanced, boolean originalDelivered) {
    AckSample s = new AckSample();
    s.reset(0);
    s.advanced = advanced;
    s.originalDelivered = originalDelivered;
    return s;
  }

  @Test
  void shouldTakeTwoAcknowledgmentsThatMakeProgress() {
    frto.start();
    assertFalse(frto.wantsNewData());
    assertEquals(SEND_NEW, frto.onAck(ack(true, false), false, true));
    assertTrue(frto.wantsNewData());
    assertEquals(SPURIOUS, frto.onAck(ack(true, true), false, true));
    assertFalse(frto.wantsNewData());
    assertEquals(NONE, frto.onAck(ack(true, true), false, true), "once");
  }

  @Test
  void shouldNotJudgeByTheFirst_whichMayBeTheRetransmissions() {
    frto.start();
    assertEquals(SEND_NEW, frto.onAck(ack(true, true), false, true));
  }

  @Test
  void shouldBeALoss_whenTheFirstIsADuplicate_orComplete_orThereIsNothingNew() {
    frto.start();
    assertEquals(NONE, frto.onAck(ack(false, false), false, true));
    assertEquals(NONE, frto.onAck(ack(true, true), false, true));
    frto.start();
    assertEquals(NONE, frto.onAck(ack(true, true), true, true));
    assertEquals(NONE, frto.onAck(ack(true, true), false, true));
    frto.start();
    assertEquals(NONE, frto.onAck(ack(true, true), false, false));
    assertFalse(frto.wantsNewData());
  }

  @Test
  void shouldBeALoss_whenTheSecondIsADuplicate() {
    frto.start();
    frto.onAck(ack(true, false), false, true);
    assertEquals(NONE, frto.onAck(ack(false, false), false, true));
    assertEquals(NONE, frto.onAck(ack(true, true), false, true));
  }
}
