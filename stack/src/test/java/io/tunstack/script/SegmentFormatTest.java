package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.DropReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What headers may look like: sums, offsets, reserved bits, options in every shape. */
class SegmentFormatTest {
  private static final String SYN = "S 0:0(0) win 65535 <mss 1460>";

  /** Where the TCP header of a script's packet starts. */
  private static final int TCP = 20;

  private static final int OPTIONS = TCP + 20;

  /** Replaces the options; the length is a multiple of 4. */
  private static void setOptions(ByteBuf packet, int... bytes) {
    assertEquals(0, bytes.length % 4, "the test's own mistake");
    packet.writerIndex(OPTIONS);
    for (int each : bytes) {
      packet.writeByte(each);
    }
    packet.setByte(TCP + 12, (5 + bytes.length / 4) << 4);
  }

  @Test
  @Requirement("TCP-001")
  void shouldDropWithoutAnswer_whenTheChecksumIsWrong() {
    try (TcpScript s = TcpScript.established()) {
      s.injectDamaged("P. 1:11(10) ack 1 win 65535", p -> p.setByte(45, p.getByte(45) ^ 1));
      s.injectDamaged("R 1:1(0)", p -> p.setShort(TCP + 16, p.getShort(TCP + 16) ^ 0x100));
      s.expectNothing();
      s.expectState(TcpState.ESTABLISHED);
      s.peerPort = 40_001;
      s.injectDamaged(SYN, p -> p.setShort(TCP + 16, p.getShort(TCP + 16) + 1));
      s.localPort = 81;
      s.injectDamaged(SYN, p -> p.setShort(TCP + 16, p.getShort(TCP + 16) + 1));
      s.expectNothing();
      assertEquals(4, s.drops(DropReason.TCP_CHECKSUM));
      s.peerPort = 40_000;
      s.localPort = 80;
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
    }
  }

  @Test
  @Requirement("TCP-002")
  void shouldLive_whateverLengthsOptionsClaim() {
    int[][] lists = {
      {2, 0, 5, 180},
      {2, 1, 5, 180},
      {2, 5, 5, 180},
      {2, 255, 0, 0},
      {1, 1, 1, 2},
      {3, 0, 0, 0},
      {8, 10, 0, 0},
      {5, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
      {254, 0, 254, 1}
    };
    for (int[] list : lists) {
      try (TcpScript s = new TcpScript()) {
        s.injectChanged(SYN, p -> setOptions(p, list));
        // Behind the length that lies, and behind the header, nothing is an option.
        for (ScriptSegment answer : s.drain()) {
          assertEquals(List.of("mss 1460"), answer.options());
        }
        s.from(40_001).inject(SYN);
        s.expect("S. 0:0(0) ack 1");
        s.injectChanged(". 1:1(0) ack 1 win 65535", p -> setOptions(p, list));
        s.expectState(TcpState.ESTABLISHED);
      }
    }
  }

  @Test
  @Requirement("TCP-002")
  void shouldNotTakeTextForAnOption_whenALengthLeavesTheHeader() {
    try (TcpScript s = new TcpScript()) {
      s.injectChanged(
          "S 0:20(20) win 65535 <mss 1460>",
          p -> p.setByte(OPTIONS, 1).setByte(OPTIONS + 1, 1).setByte(OPTIONS + 2, 2));
      s.expect("S. 0:0(0) ack 1");
      s.inject(". 1:1(0) ack 1 win 65535");
      assertEquals(536, s.info().smssBytes(), "what a peer without the option takes");
    }
  }

  @Test
  @Requirement("TCP-033")
  void shouldDrop_whenTheDataOffsetIsImpossible() {
    try (TcpScript s = TcpScript.established()) {
      s.peerPort = 40_001;
      for (int offset : new int[] {0, 1, 4, 7, 15}) {
        s.injectChanged(SYN, p -> p.setByte(TCP + 12, offset << 4));
        s.expectNothing();
      }
      for (int length : new int[] {0, 1, 8, 19}) {
        s.injectDamaged(
            SYN,
            p -> {
              p.writerIndex(TCP + length);
              p.setShort(2, TCP + length).setShort(10, 0);
              p.setShort(10, ipSum(p));
            });
        s.expectNothing();
      }
      assertEquals(9, s.drops(DropReason.TCP_HEADER));
      s.peerPort = 40_000;
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
    }
  }

  private static int ipSum(ByteBuf packet) {
    return io.tunstack.wire.Checksum.finish(io.tunstack.wire.Checksum.sum(packet, 0, TCP));
  }

  @Test
  @Requirement("TCP-034")
  void shouldIgnoreReservedBits_andSendThemAsZero() {
    try (TcpScript s = new TcpScript()) {
      s.injectChanged(SYN, p -> p.setByte(TCP + 12, p.getByte(TCP + 12) | 0xe));
      byte[] answer = s.link.sent.peek();
      assertEquals(0, answer[TCP + 12] & 0xf);
      s.expect("S. 0:0(0) ack 1 <mss 1460>");
      s.injectChanged(
          "P. 1:11(10) ack 1 win 65535", p -> p.setByte(TCP + 12, p.getByte(TCP + 12) | 0xe));
      s.expectReceived(10);
      s.write(10);
      for (byte[] packet : s.link.sent) {
        assertEquals(0, packet[TCP + 12] & 0xf);
      }
    }
  }

  @Test
  @Requirement({"TCP-035", "TCP-118", "TCP-119"})
  void shouldSkipOptionsThatItDoesNotKnow() {
    int[][] unknown = {
      {253, 4, 1, 2}, {254, 2, 1, 1}, {249, 8, 1, 2, 3, 4, 5, 6}, {28, 4, 0, 9}, {34, 2, 1, 1}
    };
    for (int[] list : unknown) {
      int[] all = new int[list.length + 4];
      System.arraycopy(list, 0, all, 0, list.length);
      System.arraycopy(new int[] {2, 4, 3, 232}, 0, all, list.length, 4);
      try (TcpScript s = new TcpScript()) {
        s.injectChanged(SYN, p -> setOptions(p, all));
        s.expect("S. 0:0(0) ack 1 <mss 1460>");
        s.inject(". 1:1(0) ack 1 win 65535");
        assertEquals(1000, s.info().smssBytes(), "the MSS behind it");
      }
    }
  }

  @Test
  @Requirement({"TCP-036", "TCP-038"})
  void shouldReadOptions_wherePaddingPutsThem() {
    try (TcpScript s = new TcpScript()) {
      // A timestamp behind one NOP, at an odd place; the MSS behind two; the end before rubbish.
      s.injectChanged(
          SYN, p -> setOptions(p, 1, 8, 10, 0, 0, 0, 100, 0, 0, 0, 0, 1, 1, 2, 4, 3, 232, 0, 3, 3));
      s.expect("S. 0:0(0) ack 1 <mss 1460,TS>");
      s.injectChanged(
          "P. 1:1(0) ack 1 win 65535", p -> setOptions(p, 1, 8, 10, 0, 0, 0, 101, 0, 0, 0, 0, 1));
      s.expectState(TcpState.ESTABLISHED);
      assertEquals(988, s.info().smssBytes());
      assertFalse(s.info().windowScaling(), "behind the end there is nothing");
    }
  }

  @Test
  @Requirement("TCP-037")
  void shouldTakeOptions_inAnySegment() {
    try (TcpScript s =
        TcpScript.established(TcpConfig.DEFAULT, 65535, "mss 1460,sackOK,TS val 100 ecr 0")) {
      s.inject("P. 1:11(10) ack 1 win 65535 <TS val 105 ecr 0,sack 5:6>");
      s.expectReceived(10);
      s.inject("F. 11:11(0) ack 1 win 65535 <TS val 106 ecr 0,mss 100>");
      s.expectState(TcpState.CLOSE_WAIT);
      assertEquals(1448, s.info().smssBytes(), "an MSS counts in a SYN only");
      assertTrue(s.drain().get(0).options().get(0).endsWith("ecr 105"));
    }
  }

  @Test
  @Requirement({"TCP-039", "TCP-054"})
  void shouldSendOptionsThatFillTheHeader_andTheMssInSynsOnly() {
    try (TcpScript s = new TcpScript()) {
      s.inject("S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,wscale 7>");
      byte[] answer = s.link.sent.peek();
      s.expect("S. 0:0(0) ack 1");
      s.link.sent.add(answer);
      s.inject(". 1:1(0) ack 1 win 500 <TS val 100 ecr 0>");
      s.write(3000);
      s.inject(". 11:21(10) ack 1 win 500 <TS val 100 ecr 0>");
      s.inject(". 31:41(10) ack 1 win 500 <TS val 100 ecr 0>");
      s.closeOutput();
      s.abortSocket();
      boolean synSeen = false;
      for (byte[] packet : s.link.sent) {
        int header = (packet[TCP + 12] >> 4 & 0xf) * 4;
        boolean syn = (packet[TCP + 13] & 2) != 0;
        synSeen |= syn;
        int at = OPTIONS;
        while (at < TCP + header) {
          int kind = packet[at];
          assertTrue(kind == 1 || packet[at + 1] >= 2, "an option without a length");
          assertTrue(kind != 2 || syn, "MSS outside a SYN");
          at += kind == 1 ? 1 : packet[at + 1];
        }
        assertEquals(TCP + header, at, "options that do not end where the header does");
      }
      assertTrue(synSeen && s.drain().size() > 5);
    }
  }

  @Test
  @Requirement("TCP-042")
  void shouldNotOpen_onASynWithOtherControlBits() {
    try (TcpScript s = new TcpScript()) {
      s.inject("SR 0:0(0) win 65535 <mss 1460>");
      s.inject("SF 0:0(0) win 65535 <mss 1460>");
      s.inject("SFR 0:0(0) win 65535 <mss 1460>");
      s.expectNothing();
      s.expectState(TcpState.CLOSED);
      s.inject("SPU 0:0(0) win 65535 urg 9 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
    }
  }

  @Test
  @Requirement("TCP-005")
  void shouldShakeHands_withEveryCombinationOfOptions() {
    List<String> all = List.of("mss 1400", "sackOK", "TS val 100 ecr 0", "wscale 3");
    for (int set = 0; set < 16; set++) {
      StringBuilder options = new StringBuilder();
      for (int i = 0; i < all.size(); i++) {
        if ((set >> i & 1) != 0) {
          options.append(options.isEmpty() ? "" : ",").append(all.get(i));
        }
      }
      try (TcpScript s = new TcpScript()) {
        s.inject("S 0:0(0) win 65535 <" + options + ">");
        ScriptSegment answer = s.drain().get(0);
        assertEquals("S.", answer.flags());
        assertEquals(1, answer.ack());
        String sent = answer.options().toString();
        assertTrue(sent.contains("mss 1460"), sent);
        assertEquals((set & 2) != 0, sent.contains("sackOK"), sent);
        assertEquals((set & 4) != 0, sent.contains("TS"), sent);
        assertEquals((set & 8) != 0, sent.contains("wscale"), sent);
        s.inject(". 1:1(0) ack 1 win 65535" + ((set & 4) != 0 ? " <TS val 101 ecr 0>" : ""));
        s.expectState(TcpState.ESTABLISHED);
      }
    }
  }

  @Test
  @Requirement("TCP-055")
  void shouldOfferTheMssThatTheLinkAllows() {
    for (int mtu : new int[] {576, 900, 1500, 9000}) {
      try (TcpScript s = new TcpScript(TcpConfig.DEFAULT, mtu)) {
        s.inject("S 0:0(0) win 65535 <mss 1460>");
        s.expect("S. 0:0(0) ack 1 <mss " + (mtu - 40) + ">");
      }
    }
  }
}
