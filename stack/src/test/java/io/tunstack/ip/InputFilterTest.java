package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.requirement.Requirement;
import io.tunstack.stats.DropReason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is dropped before anybody looks into it, and what is not. */
final class InputFilterTest {
  private static final int TCP = 6;

  private final IpRig rig = new IpRig();
  private final RecordingTransport tcp = new RecordingTransport(TCP);

  InputFilterTest() {
    rig.ip.register(tcp);
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  /** Injects what must be dropped in silence, and checks why. */
  private void assertDropped(DropReason reason, byte[] packet) {
    long before = rig.counters.get(reason);
    rig.inject(packet);
    rig.expectNothing();
    assertEquals(before + 1, rig.counters.get(reason), () -> "drops for " + reason);
    assertEquals(List.of(), tcp.payloads);
  }

  @Test
  @Requirement("IP-001")
  void shouldDrop_whenTheHeaderChecksumIsWrong() {
    byte[] packet = Packets.ping(Packets.data(8));
    packet[10] ^= 0x40;
    assertDropped(DropReason.IP_CHECKSUM, packet);
    rig.assertAlive();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 19, 1400, 65_535})
  @Requirement("IP-002")
  void shouldDrop_whenTheTotalLengthIsImpossible(int totalLength) {
    byte[] packet = Packets.edit(Packets.ping(Packets.data(32)), b -> b.setShort(2, totalLength));
    assertDropped(DropReason.IP_TOTAL_LENGTH, packet);
    rig.assertAlive();
  }

  @Test
  @Requirement("IP-002")
  void shouldDropRunts() {
    byte[] packet = Packets.ping(Packets.data(32));
    for (int length = 0; length < 20; length++) {
      assertDropped(DropReason.IP_TOO_SHORT, Arrays.copyOf(packet, length));
    }
    rig.assertAlive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.77.0.3", "203.0.113.9", "10.77.0.255", "255.255.255.255", "224.0.0.1"})
  @Requirement({"IP-003", "IP-010", "ICMP-003", "ICMP-019"})
  void shouldDrop_whenItIsNotForUs(String destination) {
    byte[] echo = Packets.echo(Packets.data(8));
    assertDropped(DropReason.IP_NOT_FOR_US, Packets.datagram(1, "10.77.0.1", destination, echo));
    assertDropped(
        DropReason.IP_NOT_FOR_US,
        Packets.datagram(Packets.UNKNOWN_PROTOCOL, "10.77.0.1", destination, new byte[8]));
    assertDropped(
        DropReason.IP_NOT_FOR_US, Packets.datagram(TCP, "10.77.0.1", destination, new byte[20]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "10.77.0.255",
        "10.77.0.0"
      })
  @Requirement({"IP-004", "ICMP-007"})
  void shouldDrop_whenTheSourceIsNotOneHost(String source) {
    byte[] echo = Packets.echo(Packets.data(8));
    assertDropped(DropReason.IP_SOURCE_ADDRESS, Packets.datagram(1, source, "10.77.0.2", echo));
    assertDropped(
        DropReason.IP_SOURCE_ADDRESS, Packets.datagram(TCP, source, "10.77.0.2", new byte[20]));
    assertDropped(
        DropReason.IP_SOURCE_ADDRESS,
        Packets.datagram(Packets.UNKNOWN_PROTOCOL, source, "10.77.0.2", new byte[20]));
  }

  @Test
  @Requirement("IP-005")
  void shouldDrop_whenTheSourceIsOurself() {
    byte[] echo = Packets.echo(Packets.data(8));
    assertDropped(
        DropReason.IP_SOURCE_IS_SELF, Packets.datagram(1, "10.77.0.2", "10.77.0.2", echo));
    rig.assertAlive();
  }

  @Test
  @Requirement("IP-006")
  void shouldDrop_whenAnOptionIsMalformed() {
    byte[] echo = Packets.echo(Packets.data(8));
    assertDropped(DropReason.IP_OPTION, Packets.withOptions(1, echo, 7, 0, 0, 0));
    assertDropped(DropReason.IP_OPTION, Packets.withOptions(1, echo, 7, 1, 0, 0));
    assertDropped(DropReason.IP_OPTION, Packets.withOptions(1, echo, 7, 39, 4, 0));
    assertDropped(DropReason.IP_OPTION, Packets.withOptions(1, echo, 1, 1, 1, 68));
    rig.assertAlive();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x55, 0x65, 0x05, 0xf5})
  @Requirement({"IP-007", "IP-019"})
  void shouldDrop_whenTheVersionIsNot4(int firstByte) {
    assertDropped(
        DropReason.IP_NOT_VERSION_4,
        Packets.edit(Packets.ping(Packets.data(32)), b -> b.setByte(0, firstByte)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x40, 0x41, 0x44})
  @Requirement("IP-008")
  void shouldDrop_whenTheHeaderIsTooShortToBeOne(int firstByte) {
    byte[] packet = Packets.ping(Packets.data(32));
    packet[0] = (byte) firstByte;
    assertDropped(DropReason.IP_HEADER_LENGTH, packet);
  }

  @Test
  @Requirement("IP-008")
  void shouldDrop_whenTheHeaderIsLongerThanThePacket() {
    byte[] packet = Packets.ping(new byte[0]);
    packet[0] = 0x4f;
    assertDropped(DropReason.IP_HEADER_LENGTH, packet);
    byte[] longer = Packets.edit(Packets.ping(Packets.data(40)), b -> b.setByte(0, 0x4f));
    longer = Packets.edit(longer, b -> b.setShort(2, 40));
    assertDropped(DropReason.IP_TOTAL_LENGTH, longer);
    rig.assertAlive();
  }

  @Test
  @Requirement("IP-009")
  void shouldIgnoreWhatIsBehindTheTotalLength() {
    byte[] packet = Packets.datagram(TCP, Packets.data(30));
    rig.inject(Arrays.copyOf(packet, packet.length + 14));
    assertArrayEquals(Packets.data(30), tcp.payloads.get(0));
  }

  @Test
  @Requirement("IP-013")
  void shouldIgnoreOptionsThatItDoesNotKnow() {
    rig.inject(Packets.withOptions(TCP, Packets.data(30), 1, 1, 1, 0));
    rig.inject(Packets.withOptions(TCP, Packets.data(31), 0x1e, 4, 1, 2));
    assertArrayEquals(Packets.data(30), tcp.payloads.get(0));
    assertArrayEquals(Packets.data(31), tcp.payloads.get(1));
  }

  @Test
  @Requirement({"IP-020", "TCP-083"})
  void shouldRefuseSourceRoutes() {
    byte[] echo = Packets.echo(Packets.data(8));
    for (int type : new int[] {131, 137}) {
      for (int pointer : new int[] {4, 8}) {
        byte[] packet = Packets.withOptions(1, echo, type, 7, pointer, 203, 0, 113, 9, 0);
        assertDropped(DropReason.IP_SOURCE_ROUTE, packet);
      }
    }
  }
}
