package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4View;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Ipv4Test {
  private static final int TCP = 6;
  private static final int LOCAL = Packets.LOCAL.bits();
  private static final int PEER = Packets.PEER.bits();

  private final IpRig rig = new IpRig();
  private final RecordingTransport tcp = new RecordingTransport(TCP);

  Ipv4Test() {
    rig.ip.register(tcp);
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private static int bits(String address) {
    return IpAddress.parse(address).bits();
  }

  @Test
  void shouldHandUpADatagram_withWhatItsHeaderSays() {
    byte[] packet =
        Packets.edit(
            Packets.datagram(TCP, Packets.data(100)), b -> b.setByte(1, 0x28).setByte(8, 17));
    rig.inject(packet);
    assertArrayEquals(Packets.data(100), tcp.payloads.get(0));
    assertEquals(0x28, tcp.typeOfService);
    assertEquals(17, tcp.timeToLive);
    assertEquals(PEER, tcp.source);
    assertEquals(LOCAL, tcp.destination);
    assertEquals(1, rig.counters.get(Counter.IP_IN_RECEIVES));
    assertEquals(1, rig.counters.get(Counter.IP_IN_DELIVERS));
  }

  @Test
  @Requirement({"IP-015", "IP-025"})
  void shouldNotCareAboutTheIdOfWholeDatagrams_norTheReservedFlag() {
    byte[] packet = Packets.datagram(TCP, Packets.data(30));
    rig.inject(packet);
    rig.inject(packet);
    rig.inject(Packets.edit(packet, b -> b.setShort(6, 0x8000)));
    rig.inject(Packets.edit(packet, b -> b.setShort(6, 0xc000)));
    assertEquals(4, tcp.payloads.size());
  }

  @Test
  @Requirement("IP-011")
  void shouldSendOnlyWhatAReceiverAccepts_fromItsOwnAddress() {
    rig.inject(Packets.ping(Packets.data(33)));
    rig.inject(Packets.datagram(Packets.UNKNOWN_PROTOCOL, Packets.data(20)));
    rig.inject(Packets.withOptions(1, Packets.echo(Packets.data(9)), 1, 1, 1, 0));
    for (int length : new int[] {0, 1, 1459, 1460, 1461, 9000, 65_495}) {
      for (boolean mayBeCut : new boolean[] {true, false}) {
        OutboundPacket packet = rig.ip.newPacket();
        packet.header().writeBytes(Packets.data(20));
        packet.addRange(Unpooled.wrappedBuffer(Packets.data(length)), 0, length);
        boolean sent = rig.ip.send(packet, LOCAL, PEER, TCP, length & 0xff, !mayBeCut);
        assertEquals(mayBeCut || length <= 1460, sent);
      }
    }
    List<byte[]> sent = rig.expectAll();
    assertTrue(sent.size() > 60, () -> "packets: " + sent.size());
    for (byte[] packet : sent) {
      assertEquals(0xffff, ones(packet), "header checksum");
      assertEquals(packet.length, word(packet, 2), "total length");
      assertEquals(LOCAL, word(packet, 12) << 16 | word(packet, 14), "source");
    }
  }

  /** The sum of the header as RFC 1071 §1 words it, with nothing of ours. */
  private static int ones(byte[] packet) {
    int sum = 0;
    for (int i = 0; i < (packet[0] & 0xf) * 4; i += 2) {
      sum += word(packet, i);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  private static int word(byte[] packet, int at) {
    return (packet[at] & 0xff) << 8 | (packet[at + 1] & 0xff);
  }

  @Test
  void shouldWriteTheHeader_whenSending() {
    OutboundPacket packet = rig.ip.newPacket();
    packet.header().writeBytes(Packets.data(24));
    packet.addRange(Unpooled.wrappedBuffer(Packets.data(50)), 10, 40);
    assertTrue(rig.ip.send(packet, LOCAL, PEER, TCP, 0x28, true));
    byte[] sent = rig.expectOne();
    ByteBuf buf = Unpooled.wrappedBuffer(sent);
    assertEquals(84, Ipv4View.totalLength(buf, 0));
    assertEquals(0x28, Ipv4View.typeOfService(buf, 0));
    assertEquals(64, Ipv4View.timeToLive(buf, 0));
    assertEquals(TCP, Ipv4View.protocol(buf, 0));
    assertEquals(LOCAL, Ipv4View.source(buf, 0));
    assertEquals(PEER, Ipv4View.destination(buf, 0));
    assertEquals(Ipv4View.DONT_FRAGMENT, Ipv4View.flagsAndOffset(buf, 0));
    assertEquals(0, Ipv4View.identification(buf, 0));
    assertArrayEquals(Packets.data(24), Arrays.copyOfRange(sent, 20, 44));
    assertArrayEquals(
        Arrays.copyOfRange(Packets.data(50), 10, 50), Arrays.copyOfRange(sent, 44, 84));
    assertEquals(1, rig.counters.get(Counter.IP_OUT_REQUESTS));
  }

  @Test
  void shouldUseTheConfiguredTimeToLive() {
    try (IpRig other =
        new IpRig(Ipv4Config.builder().address("10.77.0.2/24").timeToLive(99).build(), 1500)) {
      other.inject(Packets.ping(new byte[0]));
      assertEquals(99, other.expectOne()[8]);
    }
  }

  @Test
  @Requirement("IP-017")
  void shouldRefuse_whenItIsTooBigAndMustNotBeCut() {
    OutboundPacket packet = rig.ip.newPacket();
    packet.addRange(Unpooled.wrappedBuffer(new byte[1481]), 0, 1481);
    assertFalse(rig.ip.send(packet, LOCAL, PEER, TCP, 0, true));
    rig.expectNothing();
    assertEquals(1, rig.counters.get(DropReason.PACKET_TOO_BIG));
    packet = rig.ip.newPacket();
    packet.addRange(Unpooled.wrappedBuffer(new byte[1480]), 0, 1480);
    assertTrue(rig.ip.send(packet, LOCAL, PEER, TCP, 0, true));
    assertEquals(1500, rig.expectOne().length);
  }

  @Test
  void shouldRefuse_whenNoDatagramCanBeThatBig() {
    OutboundPacket packet = rig.ip.newPacket();
    packet.addRange(Unpooled.wrappedBuffer(new byte[65_516]), 0, 65_516);
    assertFalse(rig.ip.send(packet, LOCAL, PEER, TCP, 0, false));
    rig.expectNothing();
    assertEquals(1, rig.counters.get(DropReason.PACKET_TOO_BIG));
  }

  @Test
  void shouldCountALoss_whenTheLinkRefuses() {
    rig.linkAccepts = false;
    OutboundPacket packet = rig.ip.newPacket();
    assertFalse(rig.ip.send(packet, LOCAL, PEER, TCP, 0, true));
    packet = rig.ip.newPacket();
    packet.addRange(Unpooled.wrappedBuffer(new byte[4000]), 0, 4000);
    assertFalse(rig.ip.send(packet, LOCAL, PEER, TCP, 0, false));
    assertEquals(2, rig.counters.get(DropReason.LINK_REFUSED));
    assertEquals(0, rig.counters.get(Counter.IP_FRAG_OKS));
  }

  @Test
  @Requirement("IP-014")
  void shouldUseAFreshId_whenADatagramMayBeCut() {
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      assertTrue(rig.ip.send(rig.ip.newPacket(), LOCAL, PEER, TCP, 0, false));
      ByteBuf buf = Unpooled.wrappedBuffer(rig.expectOne());
      assertEquals(0, Ipv4View.flagsAndOffset(buf, 0));
      ids.add(Ipv4View.identification(buf, 0));
    }
    assertEquals(60, ids.size());
  }

  @Test
  void shouldForgetAnOlderPacket_whenANewOneIsAskedFor() {
    OutboundPacket packet = rig.ip.newPacket();
    packet.header().writeZero(8);
    packet.addRange(Unpooled.wrappedBuffer(new byte[10]), 0, 10);
    assertEquals(20, rig.ip.newPacket().length());
  }

  @Test
  void shouldRefuseASecondTransportForAProtocol() {
    assertThrows(IllegalStateException.class, () -> rig.ip.register(new RecordingTransport(TCP)));
    assertThrows(IllegalStateException.class, () -> rig.ip.register(new RecordingTransport(1)));
  }

  @Test
  @Requirement("ICMP-021")
  void shouldKnowItsAddresses() {
    Ipv4Config config =
        Ipv4Config.builder().address("10.77.0.2/24").address("192.0.2.1/28").build();
    try (IpRig two = new IpRig(config, 1400)) {
      assertEquals(1400, two.ip.mtu());
      assertTrue(two.ip.isLocal(bits("10.77.0.2")));
      assertTrue(two.ip.isLocal(bits("192.0.2.1")));
      assertFalse(two.ip.isLocal(bits("10.77.0.255")));
      assertEquals(bits("10.77.0.2"), two.ip.sourceFor(bits("10.77.0.9")));
      assertEquals(bits("192.0.2.1"), two.ip.sourceFor(bits("192.0.2.9")));
      assertEquals(bits("10.77.0.2"), two.ip.sourceFor(bits("203.0.113.9")));
      assertFalse(two.ip.isUsableRemote(bits("192.0.2.15")), "a broadcast of our second network");
      two.inject(Packets.datagram(1, "10.77.0.1", "192.0.2.1", Packets.echo(new byte[3])));
      assertEquals(bits("192.0.2.1"), Unpooled.wrappedBuffer(two.expectOne()).getInt(12));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.9.9.9",
        "127.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "250.1.1.1",
        "10.77.0.255",
        "10.77.0.0",
        "10.77.0.2"
      })
  void shouldNotTalkTo_whatIsNotAnotherHost(String address) {
    assertFalse(rig.ip.isUsableRemote(bits(address)));
    assertTrue(rig.ip.isUsableRemote(PEER));
    assertTrue(rig.ip.isUsableRemote(bits("203.0.113.9")));
  }

  @Test
  void shouldKeepNothing_whenThereAreNoFragments() {
    for (int i = 0; i < 100; i++) {
      rig.inject(Packets.datagram(TCP, Packets.data(100)));
    }
    assertEquals(0, rig.ip.fragmentBytesHeld());
    assertEquals(Long.MAX_VALUE, rig.ip.nextDeadline());
  }
}
