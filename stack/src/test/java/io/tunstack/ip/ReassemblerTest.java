package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.Ipv4Header;
import io.tunstack.wire.Ipv4Options;
import io.tunstack.wire.Ipv4View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReassemblerTest {
  private static final int TCP = 6;
  private static final long SECOND = 1_000_000_000L;
  private static final byte[] WHOLE = Packets.datagram(TCP, Packets.data(2400));

  private final IpRig rig = new IpRig();
  private final RecordingTransport tcp = new RecordingTransport(TCP);

  ReassemblerTest() {
    rig.ip.register(tcp);
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private static List<byte[]> cut(byte[] datagram, int id, int pieceLength) {
    int payload = Packets.payload(datagram).length;
    List<byte[]> fragments = new ArrayList<>();
    for (int at = 0; at < payload; at += pieceLength) {
      fragments.add(Packets.fragment(datagram, id, at, Math.min(pieceLength, payload - at)));
    }
    return fragments;
  }

  private void injectAll(List<byte[]> packets) {
    packets.forEach(rig::inject);
  }

  private void assertDelivered(byte[]... payloads) {
    assertEquals(payloads.length, tcp.payloads.size(), "datagrams delivered");
    for (int i = 0; i < payloads.length; i++) {
      assertArrayEquals(payloads[i], tcp.payloads.get(i));
    }
    rig.expectNothing();
  }

  @Test
  @Requirement("FRAG-001")
  void shouldJoin_whateverTheOrder() {
    injectAll(cut(WHOLE, 1, 800));
    List<byte[]> reversed = cut(WHOLE, 2, 480);
    Collections.reverse(reversed);
    injectAll(reversed);
    List<byte[]> shuffled = cut(WHOLE, 3, 48);
    Collections.shuffle(shuffled, new Random(1));
    injectAll(shuffled);
    assertDelivered(Packets.data(2400), Packets.data(2400), Packets.data(2400));
    assertEquals(3, rig.counters.get(Counter.IP_REASM_OKS));
    assertEquals(3 + 5 + 50, rig.counters.get(Counter.IP_REASM_REQDS));
    assertEquals(0, rig.ip.fragmentBytesHeld());
  }

  @Test
  @Requirement({"FRAG-010", "SEC-017"})
  void shouldShowATransportOnlyTheWhole_howeverSmallTheFirstFragment() {
    for (int piece : new int[] {8, 16, 24}) {
      List<byte[]> fragments = cut(Packets.datagram(TCP, Packets.data(60)), piece, piece);
      Collections.reverse(fragments);
      for (byte[] fragment : fragments.subList(0, fragments.size() - 1)) {
        rig.inject(fragment);
      }
      assertEquals(List.of(), tcp.payloads);
      rig.inject(fragments.get(fragments.size() - 1));
      assertDelivered(Packets.data(60));
      tcp.payloads.clear();
    }
  }

  @Test
  @Requirement("FRAG-004")
  void shouldNotMixDatagrams() {
    byte[] other = Packets.data(2401);
    List<byte[]> a = cut(WHOLE, 1, 1200);
    List<byte[]> otherId = cut(Packets.datagram(TCP, other), 2, 1200);
    List<byte[]> otherProtocol = cut(Packets.datagram(17, other), 1, 1200);
    List<byte[]> otherSource = cut(Packets.datagram(TCP, "10.77.0.9", "10.77.0.2", other), 1, 1200);
    rig.inject(a.get(0));
    rig.inject(otherId.get(1));
    rig.inject(otherProtocol.get(1));
    rig.inject(otherSource.get(1));
    assertDelivered();
    rig.inject(a.get(1));
    assertDelivered(Packets.data(2400));
  }

  @Test
  @Requirement("FRAG-013")
  void shouldTolerateDuplicates() {
    List<byte[]> fragments = cut(WHOLE, 1, 800);
    rig.inject(fragments.get(2));
    rig.inject(fragments.get(2));
    rig.inject(fragments.get(0));
    rig.inject(fragments.get(0));
    rig.inject(fragments.get(1));
    assertDelivered(Packets.data(2400));
    assertEquals(2, rig.counters.get(DropReason.FRAGMENT_DUPLICATE));
  }

  @Test
  @Requirement("FRAG-003")
  void shouldGiveUp_whenFragmentsOverlap() {
    byte[] forged = Packets.datagram(TCP, new byte[2400]);
    for (int[] overlap :
        new int[][] {{8, 800}, {792, 16}, {0, 8}, {0, 1600}, {0, 800}, {400, 2000}, {1592, 808}}) {
      List<byte[]> fragments = cut(WHOLE, 1, 800);
      rig.inject(fragments.get(0));
      rig.inject(fragments.get(2));
      rig.inject(Packets.fragment(forged, 1, overlap[0], overlap[1]));
      rig.inject(fragments.get(1));
      injectAll(fragments);
      assertDelivered();
      // Given up and remembered: only the place in the table is left.
      assertEquals(1, rig.ip.fragmentedDatagramsHeld());
      assertEquals(PartialDatagram.OVERHEAD_BYTES, rig.ip.fragmentBytesHeld());
      rig.advance(61 * SECOND);
      rig.expectNothing();
    }
    assertEquals(7 * 5, rig.counters.get(DropReason.FRAGMENT_OVERLAP));
    injectAll(cut(WHOLE, 1, 800));
    assertDelivered(Packets.data(2400));
  }

  @Test
  @Requirement("FRAG-013")
  void shouldGiveUp_whenTheEndsContradictEachOther() {
    byte[] shorter = Packets.datagram(TCP, Packets.data(2000));
    // A second end before the first, behind it, and the same bytes once as the end and once not.
    rig.inject(Packets.fragment(WHOLE, 1, 1600, 800));
    rig.inject(Packets.fragment(shorter, 1, 800, 1200));
    rig.inject(Packets.fragment(shorter, 2, 1600, 400));
    rig.inject(Packets.fragment(WHOLE, 2, 2000, 400));
    rig.inject(Packets.fragment(WHOLE, 3, 1600, 400));
    rig.inject(Packets.fragment(shorter, 3, 1600, 400));
    rig.inject(Packets.fragment(shorter, 4, 1600, 400));
    rig.inject(Packets.fragment(WHOLE, 4, 1600, 400));
    rig.inject(Packets.fragment(WHOLE, 5, 2000, 400));
    rig.inject(Packets.fragment(shorter, 5, 800, 1200));
    assertEquals(5, rig.counters.get(DropReason.FRAGMENT_OVERLAP));
    for (int id = 1; id <= 5; id++) {
      injectAll(cut(WHOLE, id, 800));
    }
    assertDelivered();
  }

  @Test
  @Requirement({"FRAG-005", "FRAG-012"})
  void shouldDrop_whenAFragmentIsEmptyOrUnaligned() {
    byte[] first = Packets.fragment(WHOLE, 1, 0, 800);
    byte[] unaligned = Packets.edit(first, b -> b.setShort(2, 20 + 405));
    byte[] empty = Packets.edit(first, b -> b.setShort(2, 20));
    byte[] emptyEnd = Packets.edit(first, b -> b.setShort(2, 20).setShort(6, 100));
    rig.inject(unaligned);
    rig.inject(empty);
    rig.inject(emptyEnd);
    assertEquals(3, rig.counters.get(DropReason.FRAGMENT_MALFORMED));
    assertEquals(0, rig.ip.fragmentedDatagramsHeld());
    injectAll(cut(WHOLE, 1, 800));
    assertDelivered(Packets.data(2400));
  }

  @Test
  @Requirement("FRAG-005")
  void shouldSurviveTeardrop() {
    byte[] big = Packets.datagram(TCP, Packets.data(64));
    for (int id = 0; id < 10; id++) {
      rig.inject(Packets.fragment(big, id, 0, 56));
      byte[] inside = Packets.fragment(big, id, 24, 8);
      rig.inject(Packets.edit(inside, b -> b.setShort(6, 3)));
    }
    assertDelivered();
    rig.assertAlive();
  }

  @Test
  @Requirement("FRAG-006")
  void shouldDrop_whenADatagramWouldBeTooLong() {
    byte[] largest = Packets.datagram(1, Packets.echo(Packets.data(65_507)));
    for (int at = 0; at + 1480 < 65_515; at += 1480) {
      rig.inject(Packets.fragment(largest, 1, at, 1480));
    }
    byte[] tail = Packets.datagram(1, new byte[1000]);
    rig.inject(Packets.edit(tail, b -> b.setShort(4, 1).setShort(6, 65_528 / 8)));
    rig.expectNothing();
    assertEquals(1, rig.counters.get(DropReason.FRAGMENT_MALFORMED));
    rig.advance(61 * SECOND);
    rig.assertAlive();
  }

  @Test
  @Requirement("FRAG-006")
  void shouldDrop_whenTheFirstHeadersOptionsMakeItTooLong() {
    byte[] largest = Packets.datagram(TCP, Packets.data(65_515));
    rig.inject(Packets.fragment(largest, 1, 1480, 65_515 - 1480));
    byte[] first = Packets.withOptions(TCP, Packets.data(1480), 1, 1, 1, 0);
    rig.inject(Packets.edit(first, b -> b.setShort(6, Ipv4View.MORE_FRAGMENTS)));
    assertDelivered();
    assertEquals(1, rig.counters.get(DropReason.FRAGMENT_MALFORMED));
    assertEquals(0, rig.ip.fragmentBytesHeld());
  }

  @Test
  void shouldKeepTheFirstFragmentsHeader() {
    byte[] first = Packets.withOptions(TCP, Packets.data(1480), 0x1e, 4, 7, 7);
    byte[] second = Packets.datagram(TCP, Packets.data(100));
    rig.inject(Packets.edit(second, b -> b.setShort(4, 1).setShort(6, 185).setByte(8, 3)));
    rig.inject(Packets.edit(first, b -> b.setShort(6, Ipv4View.MORE_FRAGMENTS).setByte(1, 0x20)));
    assertEquals(1580, tcp.payloads.get(0).length);
    assertEquals(0x20, tcp.typeOfService);
    assertEquals(64, tcp.timeToLive);
  }

  @Test
  void shouldNotLoseAMarkOfCongestion() {
    injectWithEcn(1, 2, 3);
    assertEquals(3, tcp.typeOfService);
    injectWithEcn(2, 3, 1);
    assertEquals(3, tcp.typeOfService);
    injectWithEcn(3, 1, 1);
    assertEquals(1, tcp.typeOfService);
    injectWithEcn(4, 0, 3);
    assertEquals(3, tcp.payloads.size(), "congestion in a datagram that is not capable of it");
    assertEquals(1, rig.counters.get(DropReason.FRAGMENT_MALFORMED));
  }

  private void injectWithEcn(int id, int first, int second) {
    rig.inject(Packets.edit(Packets.fragment(WHOLE, id, 0, 1200), b -> b.setByte(1, first)));
    rig.inject(Packets.edit(Packets.fragment(WHOLE, id, 1200, 1200), b -> b.setByte(1, second)));
  }

  @Test
  @Requirement("FRAG-002")
  void shouldStayWithinItsBounds_andStillServeNewcomers() {
    int peak = 0;
    for (int i = 0; i < 4000; i++) {
      byte[] ping = Packets.ping(Packets.data(2400));
      rig.inject(Packets.fragment(ping, i, 0, 1200));
      peak = Math.max(peak, rig.ip.fragmentBytesHeld());
      assertTrue(rig.ip.fragmentedDatagramsHeld() <= Ipv4Config.DEFAULT_REASSEMBLY_DATAGRAMS);
    }
    assertTrue(peak <= Ipv4Config.DEFAULT_REASSEMBLY_BYTES, peak + " bytes");
    assertTrue(peak > 1_000_000, peak + " bytes");
    assertEquals(
        4000 - Ipv4Config.DEFAULT_REASSEMBLY_DATAGRAMS,
        rig.counters.get(DropReason.FRAGMENT_MEMORY));
    injectAll(cut(Packets.ping(Packets.data(2000)), 5000, 800));
    assertEquals(2, rig.expectAll().size(), "fragments of the echo reply");
  }

  @Test
  @Requirement("FRAG-002")
  void shouldThrowOutTheOldest_whenBytesRunOut() {
    Ipv4Config config =
        Ipv4Config.builder().address("10.77.0.2/24").reassemblyLimits(1000, 2048, 1 << 20).build();
    try (IpRig small = new IpRig(config, 1500)) {
      RecordingTransport transport = new RecordingTransport(TCP);
      small.ip.register(transport);
      byte[] large = Packets.datagram(TCP, Packets.data(60_000));
      for (int id = 0; id < 100; id++) {
        small.inject(Packets.fragment(large, id, 0, 40_000));
        assertTrue(small.ip.fragmentBytesHeld() <= 1 << 20);
      }
      assertEquals(25, small.ip.fragmentedDatagramsHeld());
      // The oldest are gone, the newest can still be completed.
      small.inject(Packets.fragment(large, 99, 40_000, 20_000));
      small.inject(Packets.fragment(large, 0, 40_000, 20_000));
      assertEquals(1, transport.payloads.size());
      small.advance(61 * SECOND);
      small.expectAll();
    }
  }

  @Test
  @Requirement("FRAG-002")
  void shouldGiveUp_whenADatagramHasTooManyFragments() {
    Ipv4Config config =
        Ipv4Config.builder().address("10.77.0.2/24").reassemblyLimits(10, 3, 1 << 20).build();
    try (IpRig small = new IpRig(config, 1500)) {
      RecordingTransport transport = new RecordingTransport(TCP);
      small.ip.register(transport);
      cut(WHOLE, 1, 800).forEach(small::inject);
      assertEquals(1, transport.payloads.size());
      cut(WHOLE, 2, 600).forEach(small::inject);
      assertEquals(1, transport.payloads.size());
      assertEquals(1, small.counters.get(DropReason.FRAGMENT_MEMORY));
    }
  }

  @Test
  @Requirement({"FRAG-007", "FRAG-008"})
  void shouldTellTheSender_whenTimeIsOverAndTheFirstFragmentIsHere() {
    byte[] first = Packets.fragment(WHOLE, 77, 0, 1200);
    rig.inject(first);
    assertEquals(rig.now + 60 * SECOND, rig.ip.nextDeadline());
    rig.advance(60 * SECOND - 1);
    rig.expectNothing();
    rig.advance(1);
    assertArrayEquals(
        Packets.icmp(11, 1, 0, Arrays.copyOf(first, 548)), Packets.payload(rig.expectOne()));
    assertEquals(0, rig.ip.fragmentBytesHeld());
    assertEquals(1, rig.counters.get(DropReason.FRAGMENT_TIMEOUT));
    assertEquals(1, rig.counters.get(Counter.IP_REASM_TIMEOUT));
    assertEquals(1, rig.counters.get(Counter.ICMP_OUT_TIME_EXCDS));
  }

  @Test
  @Requirement("FRAG-008")
  void shouldQuoteASmallFirstFragmentAsItCame() {
    byte[] first = Packets.fragment(WHOLE, 77, 0, 8);
    rig.inject(first);
    rig.advance(60 * SECOND);
    assertArrayEquals(Packets.icmp(11, 1, 0, first), Packets.payload(rig.expectOne()));
  }

  @Test
  @Requirement({"FRAG-008", "ICMP-006"})
  void shouldSayNothing_whenTimeIsOverWithoutTheFirstFragment() {
    rig.inject(Packets.fragment(WHOLE, 77, 1200, 1200));
    rig.inject(Packets.fragment(Packets.datagram(253, Packets.data(200)), 78, 80, 120));
    rig.advance(60 * SECOND);
    rig.expectNothing();
    assertEquals(2, rig.counters.get(DropReason.FRAGMENT_TIMEOUT));
  }

  @Test
  @Requirement("FRAG-007")
  void shouldCountTheTimeFromTheFirstThatCame_andNotJoinAfterIt() {
    rig.inject(Packets.fragment(WHOLE, 1, 1200, 1200));
    rig.advance(40 * SECOND);
    rig.inject(Packets.fragment(WHOLE, 2, 1200, 1200));
    // Nobody called expire: the fragment that comes too late begins a datagram of its own.
    rig.now += 20 * SECOND;
    rig.inject(Packets.fragment(WHOLE, 1, 0, 1200));
    assertDelivered();
    rig.inject(Packets.fragment(WHOLE, 2, 0, 1200));
    assertDelivered(Packets.data(2400));
    rig.advance(60 * SECOND);
    assertEquals(1, rig.expectAll().size(), "an error that quotes the late first fragment");
  }

  @Test
  void shouldReleaseEverything_whenClosed() {
    rig.inject(Packets.fragment(WHOLE, 1, 1200, 1200));
    rig.ip.close();
    assertEquals(0, rig.ip.fragmentBytesHeld());
    assertEquals(0, rig.ip.fragmentedDatagramsHeld());
  }

  @Test
  void shouldJoinFragmentsWithOptionsOfTheirOwn() {
    Ipv4Options options = Ipv4Options.of((byte) 1, (byte) 1, (byte) 1, (byte) 1);
    Ipv4Header header =
        new Ipv4Header(0, 124, 5, false, false, 800, 64, TCP, Packets.PEER, Packets.LOCAL, options);
    byte[] whole = Packets.datagram(TCP, Packets.data(900));
    byte[] payload = Packets.payload(whole);
    rig.inject(Packets.datagram(header, Arrays.copyOfRange(payload, 800, 900)));
    rig.inject(Packets.fragment(whole, 5, 0, 800));
    assertDelivered(Packets.data(900));
  }
}
