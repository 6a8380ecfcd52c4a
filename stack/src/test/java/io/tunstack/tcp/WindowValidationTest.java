package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** RFC 7661's phases. */
class WindowValidationTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long RTT = 100 * MILLI;
  private static final int SMSS = 1000;
  private static final int CWND = 100 * SMSS;

  private final WindowValidation validation = new WindowValidation(0);
  private long now;

  private void delivered(int bytes) {
    now += RTT;
    validation.onDelivered(bytes, RTT, now);
  }

  private boolean isValidated(boolean limiting) {
    validation.look(CWND, limiting, RTT, now);
    return validation.isValidated();
  }

  @Test
  void shouldBeValidated_whileNothingWasMeasured() {
    now = 10 * SECOND;
    assertEquals(WindowValidation.UNDEFINED, validation.pipeAck(RTT, now));
    assertTrue(isValidated(false));
    assertEquals(7, validation.onCongestion(7, RTT, now));
  }

  @Test
  @Requirement("CC-024")
  void shouldNotBe_whenLessThanHalfComesBackInARoundTrip_untilHalfDoes() {
    delivered(CWND / 2 - 1);
    assertFalse(isValidated(false));
    delivered(CWND / 2);
    assertTrue(isValidated(false));
  }

  @Test
  void shouldStayAsItIs_whileTheWindowLimits() {
    delivered(CWND / 4);
    assertTrue(isValidated(true), "it is about to be used");
    assertFalse(isValidated(false));
    assertFalse(isValidated(true), "what has left has not come back yet");
  }

  @Test
  void shouldForgetASample_afterASecond() {
    delivered(CWND);
    now += SECOND * 3 / 4 - MILLI;
    assertTrue(isValidated(false));
    now += SECOND / 4 + MILLI;
    assertFalse(isValidated(false));
    assertEquals(0, validation.pipeAck(RTT, now));
  }

  @Test
  void shouldForgetASample_afterThreeRoundTripsIfThoseAreLonger() {
    long srtt = SECOND;
    now = SECOND;
    validation.onDelivered(CWND, srtt, now);
    assertEquals(CWND, validation.pipeAck(srtt, now + 2 * SECOND));
    assertEquals(0, validation.pipeAck(srtt, now + 3 * SECOND));
  }

  @Test
  void shouldAnswerALoss_byWhatWasInUse() {
    delivered(20 * SMSS);
    isValidated(false);
    assertEquals(20 * SMSS, validation.onCongestion(4 * SMSS, RTT, now));
    validation.onSentAgain(SMSS);
    validation.onSentAgain(SMSS);
    assertEquals(9 * SMSS, validation.afterRecovery(14 * SMSS, SMSS, now));
    assertEquals(WindowValidation.UNDEFINED, validation.pipeAck(RTT, now));
    assertTrue(isValidated(false));
    assertEquals(14 * SMSS, validation.afterRecovery(14 * SMSS, SMSS, now), "it was another one");
  }

  @Test
  void shouldAnswerALoss_byTheFlightIfThatWasMore() {
    delivered(2 * SMSS);
    isValidated(false);
    assertEquals(30 * SMSS, validation.onCongestion(30 * SMSS, RTT, now));
    assertEquals(10 * SMSS, validation.afterRecovery(10 * SMSS, SMSS, now), "no more than that");
  }

  @Test
  void shouldLeaveASegment_whateverWasLost() {
    delivered(3 * SMSS);
    isValidated(false);
    validation.onCongestion(3 * SMSS, RTT, now);
    validation.onSentAgain(5 * SMSS);
    assertEquals(SMSS, validation.afterRecovery(2 * SMSS, SMSS, now));
  }

  @Test
  void shouldBeReducedEveryFiveMinutes_whileItIsNotUsed() {
    delivered(CWND);
    assertTrue(isValidated(false));
    long used = now;
    now = used + WindowValidation.NON_VALIDATED_PERIOD - 1;
    assertFalse(isValidated(false));
    assertFalse(validation.isKeptTooLong(now));
    assertTrue(validation.isKeptTooLong(now + 1));
    assertFalse(validation.isKeptTooLong(now + 1), "once");
    now += 1 + WindowValidation.NON_VALIDATED_PERIOD;
    assertTrue(validation.isKeptTooLong(now), "and again");
  }

  @Test
  void shouldNotBeReduced_whileItIsValidated() {
    delivered(CWND);
    assertTrue(isValidated(false));
    assertFalse(validation.isKeptTooLong(now + 2 * WindowValidation.NON_VALIDATED_PERIOD));
  }

  @Test
  void shouldKnowNothing_afterARestart() {
    delivered(20 * SMSS);
    isValidated(false);
    validation.onCongestion(4 * SMSS, RTT, now);
    validation.restart(now);
    assertTrue(validation.isValidated());
    assertEquals(WindowValidation.UNDEFINED, validation.pipeAck(RTT, now));
    assertEquals(50 * SMSS, validation.afterRecovery(50 * SMSS, SMSS, now));
  }
}
