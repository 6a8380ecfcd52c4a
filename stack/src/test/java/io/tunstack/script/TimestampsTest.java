package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** RFC 7323 timestamps: what is echoed, what is old, what is missing. */
class TimestampsTest {
  private static TcpScript timestamps() {
    return TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,sackOK,TS val 100 ecr 0");
  }

  /** Without SACK, so that the first to go again is the time-out's, not a tail loss probe. */
  private static TcpScript timestampsOnly() {
    return TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,TS val 100 ecr 0");
  }

  /** The timestamp that the one segment sent echoes. */
  private static String echo(TcpScript s) {
    List<ScriptSegment> sent = s.drain();
    assertEquals(1, sent.size(), sent::toString);
    String option =
        sent.get(0).options().stream().filter(o -> o.startsWith("TS ")).findFirst().orElseThrow();
    return option.substring(option.indexOf("ecr ") + 4);
  }

  @Test
  @Requirement("EXT-003")
  void shouldEchoTheLatestTimestamp_thatCameInOrder() {
    try (TcpScript s = timestamps()) {
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 200 ecr 0>");
      s.afterMillis(40);
      assertEquals("200", echo(s));
      s.inject("P. 11:21(10) ack 1 win 65535 <TS val 300 ecr 0>");
      s.afterMillis(40);
      assertEquals("300", echo(s));
    }
  }

  @Test
  void shouldEchoTheTimestampOfTheSyn() {
    try (TcpScript s = new TcpScript(TcpConfig.DEFAULT, 1500)) {
      s.inject("S 0:0(0) win 65535 <mss 1460,TS val 123456 ecr 0>");
      assertEquals("123456", echo(s));
    }
  }

  @Test
  void shouldEchoTheFirstTimestampOfADelayedAck() {
    try (TcpScript s =
        TcpScript.established(TcpScript.PATIENT, 65535, "mss 1460,sackOK,TS val 100 ecr 0")) {
      s.inject(". 1:11(10) ack 1 win 65535 <TS val 200 ecr 0>");
      s.inject(". 11:21(10) ack 1 win 65535 <TS val 210 ecr 0>");
      assertEquals("200", echo(s));
    }
  }

  @Test
  @Requirement("EXT-003")
  void shouldNotEchoTheTimestampOfWhatIsOutOfOrder() {
    try (TcpScript s = timestamps()) {
      s.inject("P. 11:21(10) ack 1 win 65535 <TS val 900 ecr 0>");
      assertEquals("100", echo(s));
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 500 ecr 0>");
      assertEquals("500", echo(s));
    }
  }

  @Test
  @Requirement("EXT-004")
  void shouldDropAndAcknowledge_whatHasAnOlderTimestamp() {
    try (TcpScript s = timestamps()) {
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 99 ecr 0>");
      s.expect(". 1:1(0) ack 1 <TS>");
      s.expectReceived(0);
      assertEquals(1, s.counter(Counter.TCP_PAWS_ESTAB));
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 100 ecr 0>");
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("EXT-004")
  void shouldAcknowledgeEveryText_thatHasAnOlderTimestamp() {
    try (TcpScript s = timestamps()) {
      for (int i = 0; i < 50; i++) {
        s.inject("P. 1:11(10) ack 1 win 65535 <TS val 99 ecr 0>");
        s.expect(". 1:1(0) ack 1 <TS>");
        s.inject(". 1:1(0) ack 1 win 65535 <TS val 99 ecr 0>");
      }
      assertTrue(s.drain().size() <= 12, "what could be an answer is not answered for ever");
    }
  }

  private static Set<String> values(TcpScript s) {
    List<ScriptSegment> sent = s.drain();
    assertFalse(sent.isEmpty());
    return sent.stream()
        .flatMap(segment -> segment.options().stream())
        .filter(option -> option.startsWith("TS "))
        .map(option -> option.substring(0, option.indexOf(" ecr")))
        .collect(Collectors.toSet());
  }

  @Test
  @Requirement("EXT-010")
  void shouldTickMoreSlowly_whereThePathReorders() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1000,sackOK,TS val 80 ecr 0>");
      s.drain();
      s.afterMillis(20);
      s.inject(". 1:1(0) ack 1 win 65535 <TS val 100 ecr 0>");
      s.write(100_000);
      Set<String> first = values(s);
      assertEquals(1, first.size(), first::toString);
      s.afterMillis(20);
      s.inject(". 1:1(0) ack 1 win 65535 <TS val 120 ecr 0,sack 989:1977>");
      s.afterMillis(2);
      s.drain();
      s.inject(". 1:1(0) ack 1977 win 65535 <TS val 122 ecr 0>");
      Set<String> reordered = values(s);
      assertEquals(1, reordered.size(), reordered::toString);
      assertNotEquals(first, reordered);
      s.afterMillis(20);
      s.inject(". 1:1(0) ack 2965 win 65535 <TS val 142 ecr 0>");
      assertEquals(reordered, values(s), "two milliseconds late: thirty-two for a tick");
      s.afterMillis(20);
      s.inject(". 1:1(0) ack 3953 win 65535 <TS val 162 ecr 0>");
      assertNotEquals(reordered, values(s));
    }
  }

  /** Two gaps, of which a retransmission has filled the first. */
  private static TcpScript overtaken() {
    TcpScript s =
        TcpScript.established(TcpScript.PATIENT, 65535, "mss 1460,sackOK,TS val 100 ecr 0");
    s.inject("P. 11:21(10) ack 1 win 65535 <TS val 200 ecr 0>");
    s.inject("P. 31:41(10) ack 1 win 65535 <TS val 210 ecr 0>");
    s.inject("P. 1:11(10) ack 1 win 65535 <TS val 300 ecr 0>");
    s.expectReceived(20);
    s.drain();
    return s;
  }

  @Test
  @Requirement("EXT-004")
  void shouldDropText_thatARetransmissionHasOvertaken() {
    try (TcpScript s = overtaken()) {
      s.inject("P. 21:31(10) ack 1 win 65535 <TS val 299 ecr 0>");
      s.expect(". 1:1(0) ack 21 <TS,sack 31:41>");
      s.expectReceived(20);
      assertEquals(1, s.counter(Counter.TCP_PAWS_ESTAB));
      s.inject("P. 21:31(10) ack 1 win 65535 <TS val 300 ecr 0>");
      s.expectReceived(40);
    }
  }

  @Test
  void shouldTellOfTheDuplicate_whenItsTimestampIsOlder() {
    try (TcpScript s = overtaken()) {
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 205 ecr 0>");
      s.expect(". 1:1(0) ack 21 <TS,sack 1:11 31:41>");
      s.inject("P. 11:31(20) ack 1 win 65535 <TS val 205 ecr 0>");
      s.expect(". 1:1(0) ack 21 <TS,sack 11:21 31:41>");
      s.expectReceived(20);
      assertEquals(2, s.counter(Counter.TCP_PAWS_ESTAB));
      assertEquals(2, s.counter(Counter.TCP_DSACK_OLD_SENT));
    }
  }

  @Test
  @Requirement("EXT-003")
  void shouldEchoTheTimestampOfTheSynThatItAnswers() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460,TS val 100 ecr 0>");
      assertEquals("100", echo(s));
      s.afterMillis(500);
      s.inject("S 0:0(0) win 65535 <mss 1460,TS val 600 ecr 0>");
      assertEquals("600", echo(s));
      s.inject("S 0:0(0) win 65535 <mss 1460,TS val 100 ecr 0>");
      assertEquals("600", echo(s), "an old one says nothing new");
    }
  }

  @Test
  @Requirement("EXT-008")
  void shouldCompareTimestampsAcrossTheirWrap() {
    try (TcpScript s =
        TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,TS val 4294967290 ecr 0")) {
      // The helper's third segment carried 100, which is newer than 2³² - 6.
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 4294967295 ecr 0>");
      s.expect(". 1:1(0) ack 1 <TS>");
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 101 ecr 0>");
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("EXT-019")
  void shouldDropWhatCarriesNone_andAnswerNothing() {
    try (TcpScript s = timestamps()) {
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.afterMillis(100);
      s.expectNothing();
      s.expectReceived(0);
      assertEquals(1, s.drops(DropReason.TCP_TIMESTAMP_MISSING));
    }
  }

  @Test
  @Requirement("EXT-007")
  void shouldTakeARst_withoutATimestamp() {
    try (TcpScript s = timestamps()) {
      s.inject("R 1:1(0)");
      s.expectState(TcpState.CLOSED);
      assertEquals(CloseReason.RESET, s.app.closed);
    }
  }

  @Test
  @Requirement("EXT-007")
  void shouldTakeARst_withAnOldTimestamp() {
    try (TcpScript s = timestamps()) {
      s.inject("R 1:1(0) <TS val 1 ecr 0>");
      s.expectState(TcpState.CLOSED);
    }
  }

  @Test
  @Requirement("EXT-009")
  void shouldTakeAnyTimestamp_afterTwentyFourDaysOfSilence() {
    try (TcpScript s = timestamps()) {
      s.after(Duration.ofDays(24).minusMillis(1));
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 50 ecr 0>");
      s.expect(". 1:1(0) ack 1 <TS>");
      s.afterMillis(1);
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 50 ecr 0>");
      s.expectReceived(10);
      s.afterMillis(40);
      assertEquals("50", echo(s));
    }
  }

  @Test
  @Requirement("EXT-002")
  void shouldCarryATimestamp_inEverySegment() {
    try (TcpScript s = timestamps()) {
      s.write(3000);
      s.inject("P. 11:21(10) ack 1 win 65535 <TS val 101 ecr 0>");
      s.closeOutput();
      s.afterMillis(200);
      s.inject(". 1:1(0) ack 3002 win 65535 <TS val 101 ecr 0>");
      List<ScriptSegment> sent = s.drain();
      assertEquals(
          sent.size(),
          sent.stream().filter(x -> x.options().toString().contains("TS val")).count());
      assertEquals(1448, sent.get(0).length());
      s.abortSocket();
      s.expect("R. 3002:3002(0) ack 1 <TS>");
    }
  }

  @Test
  void shouldNotLearnATimestamp_fromASegmentWhoseAckIsImpossible() {
    try (TcpScript s = timestamps()) {
      s.inject("P. 1:11(10) ack 100001 win 65535 <TS val 2000000000 ecr 0>");
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 101 ecr 0>");
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("EXT-002")
  void shouldCarryNone_whenThePeerDidNotOffer() {
    try (TcpScript s = TcpScript.established()) {
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 1 ecr 1>");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 11 <>");
    }
  }

  @Test
  @Requirement("EXT-010")
  void shouldTickOnceAMillisecond() {
    try (TcpScript s = timestamps()) {
      s.inject(". 0:1(1) ack 1 win 65535 <TS val 101 ecr 0>");
      long first = value(s);
      s.afterMillis(1200);
      s.inject(". 0:1(1) ack 1 win 65535 <TS val 101 ecr 0>");
      assertEquals(1200, (int) (value(s) - first));
    }
  }

  private static long value(TcpScript s) {
    return Long.parseLong(s.drain().get(0).options().get(0).split(" ")[2]);
  }

  @Test
  @Requirement("EXT-011")
  void shouldSendZeroAsTheEcho_inTheSynOfAnActiveOpen() {
    try (TcpScript s = TcpScript.connecting()) {
      assertEquals("0", echo(s));
    }
  }

  @Test
  @Requirement("EXT-020")
  void shouldNotLetDuplicateAcksChangeTheRoundTripTime() {
    try (TcpScript s = timestamps()) {
      s.write(1448);
      s.afterMillis(30);
      s.inject(". 1:1(0) ack 1449 win 65535 <TS val 101 ecr 0>");
      long srtt = s.info().srttNanos();
      s.afterMillis(100);
      s.inject(". 1:1(0) ack 1449 win 65535 <TS val 101 ecr 12345>");
      s.inject(". 1:1(0) ack 1449 win 65535 <TS val 101 ecr 4000000000>");
      assertEquals(srtt, s.info().srttNanos());
    }
  }

  @Test
  void shouldChallengeASyn_evenWithoutOrWithAnOldTimestamp() {
    try (TcpScript s = timestamps()) {
      s.inject("S 5000:5000(0) win 65535 <mss 1460>");
      s.expect(". 1:1(0) ack 1 <TS>");
      s.inject("S 5000:5000(0) win 65535 <mss 1460,TS val 1 ecr 0>");
      s.expect(". 1:1(0) ack 1 <TS>");
      assertEquals(2, s.drops(DropReason.TCP_SYN_CHALLENGED));
      s.expectState(TcpState.ESTABLISHED);
    }
  }

  @Test
  void shouldMeasureByTheEcho_whenASegmentWentTwice() {
    try (TcpScript s = timestampsOnly()) {
      s.write(100);
      s.drain();
      s.afterMillis(200);
      long again = value(s);
      s.afterMillis(70);
      s.inject(". 1:1(0) ack 101 win 65535 <TS val 101 ecr " + again + ">");
      long rto = 200_000_000 - 1_000 + s.info().srttNanos();
      assertEquals(rto + 125, s.info().rtoNanos(), "a sample has ended the back-off");
      assertEquals((7 * 1_000 + 70_000_000) / 8, s.info().srttNanos());
    }
  }

  @Test
  void shouldNotMeasureByAnEcho_thatIsOlderOrYoungerThanWhatItAcknowledges() {
    for (int lie : new int[] {-1_000_000, -272, 1, 1_000_000}) {
      try (TcpScript s = timestampsOnly()) {
        long srtt = s.info().srttNanos();
        s.write(100);
        s.drain();
        s.afterMillis(200);
        long again = value(s);
        s.afterMillis(70);
        int echo = (int) again + 70 + lie;
        s.inject(
            ". 1:1(0) ack 101 win 65535 <TS val 101 ecr " + Integer.toUnsignedString(echo) + ">");
        assertEquals(srtt, s.info().srttNanos(), "echo off by " + lie);
        assertEquals(0, s.info().unackedBytes());
      }
    }
  }
}
