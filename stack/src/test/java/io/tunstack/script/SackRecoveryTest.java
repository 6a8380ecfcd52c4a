package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recovery from losses that SACK tells of (RFC 2018, 6675, 8985, 9937). */
class SackRecoveryTest {
  private static final int MSS = 1000;

  /** A connection with SACK and a round trip of 100 ms. */
  static TcpScript measured() {
    TcpScript s = measured("mss 1000,sackOK", "");
    s.write(MSS);
    s.drain();
    s.afterMillis(100);
    s.inject(ack(1));
    return s;
  }

  /** A connection whose handshake has taken 100 ms. */
  static TcpScript measured(String options, String last) {
    TcpScript s = new TcpScript(TcpScript.RENO, 1500);
    s.inject("S 0:0(0) win 65535 <" + options + ">");
    assertEquals(1, s.drain().size());
    s.afterMillis(100);
    s.inject(". 1:1(0) ack 1 win 65535" + last);
    s.expectNothing();
    return s;
  }

  /** Ten segments in flight behind a first one that was acknowledged, and time for a round trip. */
  static TcpScript tenInFlight() {
    TcpScript s = measured();
    s.write(10 * MSS);
    assertEquals(10, s.drain().size());
    s.afterMillis(100);
    return s;
  }

  private static int seq(int segment) {
    return 1 + segment * MSS;
  }

  static String ack(int segment) {
    return ". 1:1(0) ack " + seq(segment) + " win 65535";
  }

  /** Acknowledges up to a segment and SACKs others: from, to, from, to... */
  static String sack(int segment, int... edges) {
    StringBuilder line = new StringBuilder(ack(segment)).append(" <sack");
    for (int i = 0; i < edges.length; i += 2) {
      line.append(' ').append(seq(edges[i])).append(':').append(seq(edges[i + 1]));
    }
    return line.append('>').toString();
  }

  static String segment(int n) {
    return ". " + seq(n) + ":" + seq(n + 1) + "(1000) ack 1";
  }

  private static List<Integer> starts(TcpScript s) {
    List<Integer> starts = new ArrayList<>();
    s.drain().forEach(sent -> starts.add((sent.seq() - 1) / MSS));
    return starts;
  }

  @Test
  @Requirement({"CC-003", "CC-005"})
  void shouldSendExactlyTheHoles() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 2, 3));
      s.inject(sack(1, 2, 4));
      s.expectNothing();
      s.inject(sack(1, 2, 5));
      s.afterMillis(26);
      assertEquals(List.of(1), starts(s));
      assertEquals(1, s.counter(Counter.TCP_SACK_RECOVERY));
      s.inject(sack(1, 2, 5, 6, 7));
      s.inject(sack(1, 2, 5, 6, 9));
      s.inject(sack(1, 2, 5, 6, 11));
      assertEquals(List.of(5), starts(s));
      s.afterMillis(100);
      s.inject(ack(11));
      s.expectNothing();
      assertEquals(2, s.info().retransmits());
      assertEquals(5 * MSS, s.info().ssthreshBytes());
      // The two that were sent again are two of five: part of the growth that follows.
      assertEquals(5 * MSS + 2 * MSS / 5, s.info().cwndBytes());
    }
  }

  @Test
  @Requirement("CC-017")
  void shouldSendAgainAtOnce_whenThreeHaveArrived_andRoundTripsAreAlike() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 2, 3));
      s.inject(sack(1, 2, 4));
      s.expectNothing();
      s.inject(sack(1, 2, 5));
      assertEquals(List.of(1), starts(s));
    }
  }

  @Test
  @Requirement("CC-017")
  void shouldWaitAQuarterOfARoundTrip_howeverManyHaveArrived_whereRoundTripsDiffer() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 2, 4));
      s.expectNothing();
      s.afterMillis(3);
      s.inject(sack(1, 2, 11));
      s.expectNothing();
      s.afterMillis(24);
      s.expectNothing();
      s.afterMillis(2);
      assertEquals(List.of(1), starts(s));
    }
  }

  @Test
  void shouldSendNothingAgain_whenTheHoleIsFilledWithinTheReorderingWindow() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 2, 4));
      s.afterMillis(20);
      s.inject(ack(5));
      s.afterMillis(30);
      s.expectNothing();
      assertEquals(0, s.info().retransmits());
      assertEquals(0, s.counter(Counter.TCP_SACK_RECOVERY));
    }
  }

  @Test
  void shouldWaitForAReorderingWindow_howeverManyAreSacked_onceReorderingWasSeen() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 3, 4));
      s.inject(sack(1, 2, 4));
      s.inject(ack(4));
      s.inject(sack(4, 5, 9));
      s.expectNothing();
      s.afterMillis(26);
      assertEquals(List.of(4), starts(s));
    }
  }

  @Test
  @Requirement("CC-018")
  void shouldSendNewDataForTheFirstTwo() {
    try (TcpScript s = tenInFlight()) {
      s.write(10 * MSS);
      s.expectNothing();
      s.inject(sack(1, 2, 3));
      assertEquals(List.of(11), starts(s));
      s.inject(sack(1, 2, 4));
      assertEquals(List.of(12), starts(s));
    }
  }

  @Test
  @Requirement("CC-018")
  void shouldSendNewDataForTheFirstTwo_whenTheThirdComesInTheSameBatch() {
    try (TcpScript s = tenInFlight()) {
      s.write(10 * MSS);
      s.injectBatch(sack(1, 2, 3), sack(1, 2, 4), sack(1, 2, 5));
      assertEquals(List.of(11, 12, 1), starts(s));
    }
  }

  @Test
  @Requirement("CC-020")
  void shouldSendARetransmissionAgain_whenDataSentAfterItArrives() {
    try (TcpScript s = tenInFlight()) {
      s.write(20 * MSS);
      s.drain();
      s.inject(sack(1, 2, 8));
      s.drain();
      s.afterMillis(26);
      assertEquals(List.of(1), starts(s));
      s.afterMillis(74);
      s.inject(sack(1, 2, 17));
      List<Integer> fresh = starts(s);
      assertTrue(fresh.get(0) >= 17, fresh::toString);
      s.afterMillis(101);
      s.inject(sack(1, 2, fresh.get(fresh.size() - 1) + 1));
      assertEquals(1, starts(s).get(0));
      assertEquals(1, s.counter(Counter.TCP_LOST_RETRANSMIT));
      assertEquals(0, s.counter(Counter.TCP_TIMEOUTS));
    }
  }

  @Test
  @Requirement("CC-010")
  void shouldSendOneForEveryTwo_whileRecovering() {
    try (TcpScript s = tenInFlight()) {
      s.write(40 * MSS);
      s.drain();
      s.inject(sack(1, 2, 5));
      assertEquals(List.of(11, 12, 13), starts(s), "one for each that has arrived");
      s.afterMillis(26);
      assertEquals(List.of(1), starts(s));
      int sent = 1;
      int delivered = 0;
      for (int i = 6; i <= 11; i++) {
        s.inject(sack(1, 2, i));
        sent += starts(s).size();
        delivered++;
        assertTrue(sent <= delivered + 1, sent + " for " + delivered);
      }
      assertEquals(2, sent, "what is in flight has come down to ssthresh");
    }
  }

  @Test
  @Requirement("CC-010")
  void shouldSendAllHolesAgain_whenAsMuchHadArrivedBeforeTimeShowedThem() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 2, 3, 5, 6));
      s.afterMillis(3);
      s.inject(sack(1, 2, 3, 5, 6, 7, 11));
      s.expectNothing();
      s.afterMillis(26);
      assertEquals(List.of(1, 3, 4, 6), starts(s), "six have arrived, and nothing left for them");
    }
  }

  @Test
  @Requirement("CC-008")
  void shouldCountWhatArrivesAtTheEndOfARecovery() {
    try (TcpScript s = tenInFlight()) {
      s.write(40 * MSS);
      s.drain();
      s.inject(sack(1, 2, 5));
      s.afterMillis(26);
      s.drain();
      s.afterMillis(80);
      s.inject(sack(1, 2, 11));
      s.drain();
      s.afterMillis(20);
      s.inject(ack(14));
      assertEquals(5 * MSS, s.info().ssthreshBytes());
      assertEquals(5 * MSS + 4 * MSS / 5, s.info().cwndBytes());
      s.drain();
      s.afterMillis(100);
      s.inject(ack(15));
      assertEquals(6 * MSS, s.info().cwndBytes(), "four at the end and one make a window");
    }
  }

  @Test
  @Requirement("EXT-014")
  void shouldIgnoreBlocksThatCannotBeTrue() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 12, 14));
      s.inject(sack(1, 5, 3));
      s.inject(sack(1, 1, 4));
      s.inject(ack(1) + " <sack 2147483647:-2147483648>");
      s.inject(ack(1) + " <sack -70000:-60000>");
      assertTrue(s.counter(Counter.TCP_SACK_DISCARD) >= 3);
      s.inject(ack(11));
      s.afterMillis(2_000);
      s.expectNothing();
      assertEquals(0, s.info().unackedBytes());
    }
  }

  @Test
  @Requirement("EXT-014")
  void shouldBelieveTrueBlocks_afterOneAroundTheOtherHalfOfTheNumbers() {
    try (TcpScript s = tenInFlight()) {
      // Its left edge lies after SND.UNA and its right one before SND.NXT, each by half of half.
      s.inject(ack(1) + " <sack 1200000000:-1000000000>");
      assertEquals(1, s.counter(Counter.TCP_SACK_DISCARD));
      s.inject(sack(1, 3, 6));
      assertEquals(3 * MSS, s.info().sackedBytes());
    }
  }

  @Test
  @Requirement("EXT-013")
  void shouldSendEverythingAgain_whenThePeerDropsWhatItHadSacked() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 2, 11));
      s.afterMillis(26);
      assertEquals(List.of(1), starts(s));
      s.afterMillis(100);
      s.inject(ack(2));
      List<Integer> all = new ArrayList<>(starts(s));
      for (int i = 3; i <= 10; i++) {
        s.afterMillis(100);
        s.inject(ack(i));
        all.addAll(starts(s));
      }
      all.sort(null);
      assertEquals(List.of(2, 3, 4, 5, 6, 7, 8, 9, 10), all.stream().distinct().toList());
      assertEquals(1, s.counter(Counter.TCP_SACK_RENEGING));
    }
  }

  @Test
  @Requirement("EXT-013")
  void shouldNotice_whenThePeerDropsWhatItHadSackedWhileItsWindowIsClosed() {
    try (TcpScript s = tenInFlight()) {
      s.inject(sack(1, 2, 11).replace("win 65535", "win 0"));
      s.afterMillis(1_500);
      s.drain();
      s.inject(ack(2).replace("win 65535", "win 0"));
      assertEquals(1, s.counter(Counter.TCP_SACK_RENEGING));
      assertEquals(0, s.info().sackedBytes());
      s.inject(ack(2));
      s.afterMillis(1_500);
      assertEquals(2, starts(s).get(0));
    }
  }

  @Test
  @Requirement("EXT-012")
  void shouldIgnoreBlocks_whenSackWasNotAgreed() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 65535, "mss 1000")) {
      s.write(5 * MSS);
      s.drain();
      s.inject(sack(0, 1, 5));
      s.expectNothing();
      assertEquals(0, s.info().retransmits());
    }
  }

  @Test
  void shouldComeThrough_whenAckAndSackAreAtTheWrap() {
    try (TcpScript s = TcpScript.established(TcpScript.RENO, 65535, "mss 64,sackOK")) {
      s.write(640);
      s.drain();
      s.inject(". 1:1(0) ack 1 win 65535 <sack 65:257>");
      s.afterMillis(1);
      assertEquals(1, s.drain().get(0).seq());
      s.inject(". 1:1(0) ack 641 win 65535");
      assertEquals(0, s.info().unackedBytes());
    }
  }
}
