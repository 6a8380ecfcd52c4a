package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.wire.TcpView;
import org.junit.jupiter.api.Test;

/** RFC 3168 §6.1's state of one connection. */
class EcnTest {
  private static final int CE = 0b11;
  private static final int SETUP = TcpView.ECE | TcpView.CWR;

  private static Ecn agreed() {
    Ecn ecn = new Ecn(EcnMode.WHEN_ASKED);
    ecn.onSyn(SETUP);
    return ecn;
  }

  @Test
  void shouldAgree_whenThePeerOffersByBothFlags() {
    assertTrue(agreed().agreed());
    assertEquals(TcpView.ECE, agreed().flagsOfSynAck());
    for (int flags : new int[] {0, TcpView.ECE, TcpView.CWR}) {
      Ecn ecn = new Ecn(EcnMode.WHEN_ASKED);
      ecn.onSyn(flags);
      assertFalse(ecn.agreed());
      assertEquals(0, ecn.flagsOfSynAck());
    }
  }

  @Test
  void shouldTakeAgreement_onlyWhenItHasAsked() {
    Ecn asking = new Ecn(EcnMode.ALWAYS);
    assertEquals(SETUP, asking.flagsOfSyn(false));
    assertEquals(0, asking.flagsOfSyn(true));
    asking.onSynAck(TcpView.ECE);
    assertTrue(asking.agreed());
    Ecn passive = new Ecn(EcnMode.WHEN_ASKED);
    assertEquals(0, passive.flagsOfSyn(false));
    passive.onSynAck(TcpView.ECE);
    assertFalse(passive.agreed());
  }

  @Test
  void shouldSayThatItSlowedDown_onceAndWithNewText() {
    Ecn ecn = agreed();
    ecn.onReduced();
    assertEquals(0, ecn.flags(false));
    assertEquals(TcpView.CWR, ecn.flags(true));
    assertEquals(0, ecn.flags(true));
  }

  @Test
  void shouldEchoUntilThePeerSlowsDown_andBeginAgainAtTheNextMark() {
    Ecn ecn = agreed();
    assertFalse(ecn.onText(0, Ecn.ECT_0));
    assertTrue(ecn.onText(0, CE));
    assertEquals(TcpView.ECE, ecn.flags(false));
    assertTrue(ecn.onText(TcpView.CWR, CE), "marked itself");
    assertEquals(TcpView.ECE, ecn.flags(false));
    assertFalse(ecn.onText(TcpView.CWR, Ecn.ECT_0));
    assertEquals(0, ecn.flags(false));
  }

  @Test
  void shouldDoNothing_whenNothingWasAgreed() {
    Ecn ecn = new Ecn(EcnMode.OFF);
    ecn.onSyn(SETUP);
    ecn.onReduced();
    assertFalse(ecn.onText(0, CE));
    assertFalse(ecn.isEcho(TcpView.ECE));
    assertEquals(0, ecn.flags(true));
    assertEquals(0, ecn.typeOfService(true));
  }
}
