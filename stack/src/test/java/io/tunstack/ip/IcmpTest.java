package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.Ipv4View;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IcmpTest {
  private static final int TCP = 6;
  private static final long SECOND = 1_000_000_000L;

  private final IpRig rig = new IpRig();
  private final RecordingTransport tcp = new RecordingTransport(TCP);

  IcmpTest() {
    rig.ip.register(tcp);
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private void assertSilence(DropReason reason, byte[] packet) {
    long before = rig.counters.get(reason);
    rig.inject(packet);
    rig.expectNothing();
    assertEquals(before + 1, rig.counters.get(reason), () -> "drops for " + reason);
    assertEquals(List.of(), tcp.errors);
  }

  private static byte[] unknownProtocol(int length) {
    return Packets.datagram(Packets.UNKNOWN_PROTOCOL, Packets.data(length));
  }

  /** What we would have sent to the peer's port 80. */
  private static byte[] ours(byte[] transport) {
    return Packets.datagram(TCP, "10.77.0.2", "10.77.0.1", transport);
  }

  private static byte[] error(int type, int code, int rest, byte[] quote) {
    return Packets.datagram(1, Packets.icmp(type, code, rest, quote));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 56, 511, 548, 1472})
  @Requirement({"ICMP-001", "ICMP-005", "IP-018"})
  void shouldAnswerAnEcho_withTheSameData(int length) {
    rig.inject(Packets.ping(Packets.data(length)));
    byte[] reply = rig.expectOne();
    ByteBuf buf = Unpooled.wrappedBuffer(reply);
    assertArrayEquals(
        Packets.icmp(IcmpView.ECHO_REPLY, 0, 0x1234_0007, Packets.data(length)),
        Packets.payload(reply));
    assertEquals(Packets.LOCAL.bits(), Ipv4View.source(buf, 0));
    assertEquals(Packets.PEER.bits(), Ipv4View.destination(buf, 0));
    assertEquals(64, Ipv4View.timeToLive(buf, 0));
    assertEquals(1, rig.counters.get(SendReason.ICMP_ECHO_REPLY));
    assertEquals(1, rig.counters.get(Counter.ICMP_OUT_ECHO_REPS));
  }

  @Test
  @Requirement({"IP-012", "IP-016"})
  void shouldAnswerAnEcho_withItsTypeOfService_whateverItsTimeToLive() {
    byte[] ping = Packets.ping(Packets.data(9));
    rig.inject(Packets.edit(ping, b -> b.setByte(1, 0x28).setByte(8, 1)));
    assertEquals(0x28, rig.expectOne()[1]);
  }

  @Test
  @Requirement("IP-022")
  void shouldAnswerAnEcho_withoutItsOptions() {
    byte[] echo = Packets.echo(Packets.data(16));
    rig.inject(Packets.withOptions(1, echo, 7, 7, 4, 0, 0, 0, 0, 0));
    assertEquals(20 + echo.length, rig.expectOne().length);
  }

  @Test
  @Requirement("IP-009")
  void shouldAnswerAnEcho_withoutTheTrailer() {
    byte[] ping = Packets.ping(Packets.data(18));
    rig.inject(Arrays.copyOf(ping, ping.length + 14));
    assertEquals(ping.length, rig.expectOne().length);
  }

  @Test
  @Requirement("IP-014")
  void shouldGiveEachReplyAnIdOfItsOwn() {
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      rig.inject(Packets.ping(new byte[8]));
      ids.add(Ipv4View.identification(Unpooled.wrappedBuffer(rig.expectOne()), 0));
    }
    assertEquals(60, ids.size());
  }

  @Test
  @Requirement("ICMP-005")
  void shouldDrop_whenTheChecksumIsWrong() {
    byte[] ping = Packets.ping(Packets.data(9));
    ping[25] ^= 1;
    assertSilence(DropReason.ICMP_CHECKSUM, ping);
    rig.assertAlive();
  }

  @Test
  @Requirement("ICMP-009")
  void shouldDrop_whenItIsTruncated() {
    for (int length = 0; length < 8; length++) {
      byte[] message = Arrays.copyOf(Packets.echo(new byte[0]), length);
      assertSilence(DropReason.ICMP_TOO_SHORT, Packets.datagram(1, message));
    }
    rig.assertAlive();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 5, 9, 10, 13, 15, 17, 99, 255})
  @Requirement({"ICMP-009", "ICMP-010", "ICMP-011", "ICMP-013", "ICMP-020", "ICMP-022"})
  void shouldIgnore_whatAHostNeedNotAnswer(int type) {
    assertSilence(DropReason.ICMP_IGNORED, error(type, 0, 0, ours(Packets.data(20))));
  }

  @Test
  @Requirement("ICMP-012")
  void shouldHandAnErrorToTheTransport_thatItIsAbout() {
    rig.inject(error(3, 1, 0, Arrays.copyOf(ours(Packets.data(100)), 28)));
    rig.inject(error(11, 0, 0, ours(Packets.data(20))));
    rig.inject(error(12, 0, 0x14000000, ours(Packets.data(20))));
    String start = "01080f161d242b32";
    assertEquals(
        List.of(
            "3/1 mtu 0 total 120 quote 8 " + start,
            "11/0 mtu 0 total 40 quote 20 " + start,
            "12/0 mtu 0 total 40 quote 20 " + start),
        tcp.errors);
    rig.expectNothing();
    assertEquals(1, rig.counters.get(Counter.ICMP_IN_DEST_UNREACHS));
    assertEquals(1, rig.counters.get(Counter.ICMP_IN_TIME_EXCDS));
    assertEquals(1, rig.counters.get(Counter.ICMP_IN_PARM_PROBS));
  }

  @Test
  void shouldHandUpTheNextHopsMtu_whenFragmentationIsNeeded() {
    rig.inject(error(3, 4, 1400, ours(Packets.data(20))));
    rig.inject(error(3, 1, 1400, ours(Packets.data(20))));
    assertTrue(tcp.errors.get(0).startsWith("3/4 mtu 1400 "));
    assertTrue(tcp.errors.get(1).startsWith("3/1 mtu 0 "));
  }

  @Test
  void shouldNotTakeAnExtensionForTheTransportsBytes() {
    byte[] quote = Arrays.copyOf(ours(Packets.data(12)), 128);
    rig.inject(error(3, 1, 0, quote));
    assertTrue(tcp.errors.get(0).contains("quote 12 "), tcp.errors.get(0));
  }

  @Test
  void shouldHandUpAQuoteWithOptions() {
    byte[] quote = Packets.withOptions(TCP, Packets.data(10), 1, 1, 1, 0);
    rig.inject(
        error(
            3,
            1,
            0,
            Packets.edit(
                quote, b -> b.setInt(12, Packets.LOCAL.bits()).setInt(16, Packets.PEER.bits()))));
    assertEquals(List.of("3/1 mtu 0 total 34 quote 10 01080f161d242b32"), tcp.errors);
  }

  @Test
  @Requirement("ICMP-014")
  void shouldDrop_whenTheQuoteIsTruncated() {
    byte[] quote = ours(Packets.data(20));
    for (int length = 0; length < 28; length++) {
      assertSilence(DropReason.ICMP_BAD_QUOTE, error(3, 3, 0, Arrays.copyOf(quote, length)));
    }
  }

  @Test
  @Requirement("ICMP-014")
  void shouldDrop_whenTheQuoteIsNotOfOurs() {
    byte[] quote = ours(Packets.data(20));
    DropReason bad = DropReason.ICMP_BAD_QUOTE;
    assertSilence(bad, error(3, 3, 0, Packets.edit(quote, b -> b.setByte(0, 0x65))));
    assertSilence(bad, error(3, 3, 0, Packets.edit(quote, b -> b.setByte(0, 0x44))));
    assertSilence(bad, error(3, 3, 0, Packets.edit(quote, b -> b.setByte(0, 0x49))));
    assertSilence(bad, error(3, 3, 0, Packets.edit(quote, b -> b.setShort(2, 27))));
    assertSilence(bad, error(3, 3, 0, Packets.edit(quote, b -> b.setShort(6, 1))));
    assertSilence(bad, error(3, 3, 0, Packets.datagram(TCP, Packets.data(20))));
  }

  @Test
  void shouldIgnoreAnError_whenNobodyOwnsTheQuotedProtocol() {
    byte[] unknown = Packets.datagram(253, "10.77.0.2", "10.77.0.1", new byte[8]);
    byte[] reply = Packets.datagram(1, "10.77.0.2", "10.77.0.1", new byte[8]);
    assertSilence(DropReason.ICMP_IGNORED, error(3, 3, 0, unknown));
    assertSilence(DropReason.ICMP_IGNORED, error(3, 3, 0, reply));
  }

  @Test
  @Requirement({"ICMP-008", "ICMP-016"})
  void shouldAnswerAnUnknownProtocol_withAQuotation() {
    byte[] packet = unknownProtocol(50);
    rig.inject(packet);
    assertArrayEquals(Packets.icmp(3, 2, 0, packet), Packets.payload(rig.expectOne()));
    assertEquals(1, rig.counters.get(DropReason.IP_UNKNOWN_PROTOCOL));
    assertEquals(1, rig.counters.get(Counter.ICMP_OUT_DEST_UNREACHS));
    assertEquals(1, rig.counters.get(SendReason.ICMP_ERROR));
  }

  @Test
  @Requirement("ICMP-017")
  void shouldQuoteNoMoreThanFits() {
    byte[] packet = unknownProtocol(1408);
    rig.inject(packet);
    byte[] error = rig.expectOne();
    assertEquals(576, error.length);
    assertArrayEquals(Packets.icmp(3, 2, 0, Arrays.copyOf(packet, 548)), Packets.payload(error));
  }

  @Test
  void shouldQuoteLess_whenTheLinkIsSmall() {
    try (IpRig small = new IpRig(Ipv4Config.of("10.77.0.2/24"), 100)) {
      small.inject(unknownProtocol(80));
      assertEquals(100, small.expectOne().length);
    }
    try (IpRig smallest = new IpRig(Ipv4Config.of("10.77.0.2/24"), 68)) {
      smallest.inject(Packets.withOptions(253, new byte[100], new int[40]));
      assertEquals(2, smallest.expectAll().size(), "60 + 8 bytes quoted, in two fragments");
    }
  }

  @Test
  void shouldQuoteWhatThereIs_whenThePayloadIsEmpty() {
    rig.inject(unknownProtocol(0));
    assertEquals(20 + 8 + 20, rig.expectOne().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 11, 12, 1, 99})
  @Requirement("ICMP-002")
  void shouldSendNoError_aboutAnIcmpError(int type) {
    sendUnreachableAbout(error(type, 0, 0, ours(Packets.data(20))));
    rig.expectNothing();
  }

  @Test
  @Requirement("ICMP-002")
  void shouldSendAnError_aboutAQuery_butNotAboutAnEmptyMessage() {
    sendUnreachableAbout(Packets.ping(new byte[0]));
    rig.expectOne();
    sendUnreachableAbout(Packets.datagram(1, new byte[0]));
    rig.expectNothing();
  }

  @Test
  @Requirement({"ICMP-003", "ICMP-006", "ICMP-007"})
  void shouldSendNoError_whereRfc1122ForbidsIt() {
    sendUnreachableAbout(Packets.datagram(TCP, "10.77.0.1", "10.77.0.255", new byte[8]));
    sendUnreachableAbout(Packets.datagram(TCP, "10.77.0.1", "224.0.0.1", new byte[8]));
    sendUnreachableAbout(Packets.datagram(TCP, "127.0.0.1", "10.77.0.2", new byte[8]));
    sendUnreachableAbout(Packets.datagram(TCP, "0.0.0.0", "10.77.0.2", new byte[8]));
    sendUnreachableAbout(Packets.datagram(TCP, "10.77.0.255", "10.77.0.2", new byte[8]));
    byte[] later = Packets.edit(Packets.datagram(TCP, new byte[8]), b -> b.setShort(6, 10));
    sendUnreachableAbout(later);
    rig.expectNothing();
  }

  /** As a transport would, about a datagram that the layer itself might never have let through. */
  private void sendUnreachableAbout(byte[] packet) {
    ByteBuf buf = Unpooled.wrappedBuffer(packet);
    Ipv4Datagram datagram = new Ipv4Datagram();
    datagram.set(
        buf,
        0,
        20,
        packet.length - 20,
        Ipv4View.source(buf, 0),
        Ipv4View.destination(buf, 0),
        Ipv4View.protocol(buf, 0),
        0,
        64);
    rig.ip.sendUnreachable(datagram, IcmpView.PORT_UNREACHABLE, rig.now);
  }

  @Test
  @Requirement("ICMP-018")
  void shouldLimitTheRateOfErrors_butNotOfReplies() {
    for (int i = 0; i < 600; i++) {
      rig.inject(unknownProtocol(10));
    }
    assertEquals(20, rig.expectAll().size());
    assertEquals(580, rig.counters.get(DropReason.ICMP_RATE_LIMIT_HOST));
    assertEquals(580, rig.counters.get(Counter.ICMP_OUT_RATE_LIMIT_HOST));
    for (int i = 0; i < 600; i++) {
      rig.inject(Packets.ping(new byte[0]));
    }
    assertEquals(600, rig.expectAll().size());
    rig.advance(SECOND / 10);
    for (int i = 0; i < 600; i++) {
      rig.inject(unknownProtocol(10));
    }
    assertEquals(2, rig.expectAll().size());
    for (int i = 0; i < 600; i++) {
      String other = "10.77.0." + (3 + i % 200);
      rig.inject(Packets.datagram(Packets.UNKNOWN_PROTOCOL, other, "10.77.0.2", Packets.data(10)));
    }
    int toOthers = rig.expectAll().size();
    assertTrue(toOthers >= 25 && toOthers <= 60, () -> "to others: " + toOthers);
    assertTrue(rig.counters.get(Counter.ICMP_OUT_RATE_LIMIT_GLOBAL) > 0);
  }

  @Test
  void shouldCountNothingSent_whenTheLinkRefuses() {
    rig.linkAccepts = false;
    rig.inject(Packets.ping(new byte[0]));
    rig.inject(unknownProtocol(0));
    assertEquals(0, rig.counters.get(SendReason.ICMP_ECHO_REPLY));
    assertEquals(0, rig.counters.get(SendReason.ICMP_ERROR));
    assertEquals(2, rig.counters.get(DropReason.LINK_REFUSED));
    rig.linkAccepts = true;
    rig.assertAlive();
  }
}
