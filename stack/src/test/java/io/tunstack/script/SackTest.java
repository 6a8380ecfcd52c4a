package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.requirement.Requirement;
import io.tunstack.tcp.TcpConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The blocks we report (RFC 2018 §4). */
class SackTest {
  private static TcpScript sack() {
    return TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,sackOK");
  }

  private static TcpScript sackAndTimestamps() {
    return TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,sackOK,TS val 100 ecr 0");
  }

  @Test
  @Requirement("EXT-005")
  void shouldReportTheLatestRangeFirst() {
    try (TcpScript s = sack()) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <sack 11:21>");
      s.inject(". 51:61(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <sack 51:61 11:21>");
      s.inject(". 31:41(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <sack 31:41 51:61 11:21>");
    }
  }

  @Test
  @Requirement("EXT-005")
  void shouldMergeRanges_andReportTheMergedOneFirst() {
    try (TcpScript s = sack()) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.inject(". 31:41(10) ack 1 win 65535");
      s.inject(". 61:71(10) ack 1 win 65535");
      s.drain();
      s.inject(". 21:31(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <sack 11:41 61:71>");
    }
  }

  @Test
  @Requirement("EXT-005")
  void shouldRemoveARange_whenTheAckHasPassedIt() {
    try (TcpScript s = sack()) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.inject(". 31:41(10) ack 1 win 65535");
      s.drain();
      s.inject(". 1:11(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 21 <sack 31:41>");
      s.inject(". 21:31(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 41 <>");
    }
  }

  @Test
  @Requirement("EXT-021")
  void shouldReportFourBlocks_whenThereAreSixGaps() {
    try (TcpScript s = sack()) {
      for (int i = 1; i <= 6; i++) {
        s.inject(". " + (1 + i * 20) + ":" + (11 + i * 20) + "(10) ack 1 win 65535");
      }
      List<ScriptSegment> sent = s.drain();
      assertEquals("[sack 121:131 101:111 81:91 61:71]", sent.get(5).options().toString());
    }
  }

  @Test
  @Requirement("EXT-021")
  void shouldReportThreeBlocks_whenTimestampsTakeTheirRoom() {
    try (TcpScript s = sackAndTimestamps()) {
      for (int i = 1; i <= 6; i++) {
        s.inject(
            ". " + (1 + i * 20) + ":" + (11 + i * 20) + "(10) ack 1 win 65535 <TS val 101 ecr 0>");
      }
      List<ScriptSegment> sent = s.drain();
      assertEquals("sack 121:131 101:111 81:91", sent.get(5).options().get(1));
    }
  }

  @Test
  @Requirement("EXT-022")
  void shouldReportTheRangeOfADuplicateFirst() {
    try (TcpScript s = sack()) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.inject(". 31:41(10) ack 1 win 65535");
      s.drain();
      s.inject(". 11:21(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <sack 11:21 11:21 31:41>");
    }
  }

  @Test
  @Requirement("EXT-012")
  void shouldReportNothing_whenThePeerDidNotOffer() {
    try (TcpScript s = TcpScript.established()) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <>");
    }
  }

  @Test
  @Requirement("EXT-022")
  void shouldReportWhatIsOld_belowTheAcknowledgment() {
    try (TcpScript s = sack()) {
      s.inject(". 1:101(100) ack 1 win 65535");
      s.drain();
      s.inject(". 51:101(50) ack 1 win 65535");
      s.expect(". 1:1(0) ack 101 <sack 51:101>");
      s.inject(". 51:151(100) ack 1 win 65535");
      s.expect(". 1:1(0) ack 151 <sack 51:101>");
      s.inject(". 151:161(10) ack 1 win 65535");
      s.afterMillis(40);
      s.expect(". 1:1(0) ack 161 <>");
    }
  }

  @Test
  @Requirement("EXT-022")
  void shouldReportAPartThatIsQueued_andTheRangeItBelongsTo() {
    try (TcpScript s = sack()) {
      s.inject(". 11:31(20) ack 1 win 65535");
      s.inject(". 51:61(10) ack 1 win 65535");
      s.drain();
      s.inject(". 21:41(20) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <sack 21:31 11:41 51:61>");
      s.inject(". 41:46(5) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <sack 11:46 51:61>");
    }
  }

  @Test
  void shouldReportNothing_whenItIsSwitchedOff() {
    TcpConfig off = TcpConfig.DEFAULT.withExtensions(true, true, false);
    try (TcpScript s = TcpScript.established(off, 65535, "mss 1460,sackOK")) {
      s.inject(". 11:21(10) ack 1 win 65535");
      s.expect(". 1:1(0) ack 1 <>");
    }
  }

  @Test
  void shouldIgnoreBlocksThatMakeNoSense() {
    try (TcpScript s = sack()) {
      s.write(2920);
      s.drain();
      for (String blocks :
          List.of("9000:9100", "100:50", "-5000:-4000", "1:1", "2147483647:-2147483648")) {
        s.inject(". 1:1(0) ack 1 win 65535 <sack " + blocks + ">");
      }
      s.drain();
      assertEquals(2920, s.info().unackedBytes());
      s.inject(". 1:1(0) ack 2921 win 65535");
      assertEquals(0, s.info().unackedBytes());
    }
  }

  @Test
  void shouldRepeatTheMostRecentlyReportedBlocks_whenOneRangeGrows() {
    try (TcpScript s = sackAndTimestamps()) {
      String rest = "(10) ack 1 win 65535 <TS val 101 ecr 0>";
      for (int start : new int[] {21, 41, 61, 81, 91, 101, 111, 121}) {
        s.inject(". " + start + ":" + (start + 10) + rest);
      }
      List<ScriptSegment> sent = s.drain();
      assertEquals("sack 81:131 61:71 41:51", sent.get(7).options().get(1));
    }
  }
}
