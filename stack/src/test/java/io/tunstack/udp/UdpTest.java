package io.tunstack.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.ip.IpRig;
import io.tunstack.ip.Packets;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UdpTest {
  private final IpRig rig = new IpRig();
  private final Udp udp = new Udp(rig.ip, rig.counters, () -> 7, () -> rig.now);

  UdpTest() {
    rig.ip.register(udp);
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private static byte[] datagram(byte[] udp) {
    return Packets.datagram(Udp.PROTOCOL, udp);
  }

  private void assertPortUnreachable(byte[] packet) {
    rig.inject(packet);
    assertArrayEquals(Packets.icmp(3, 3, 0, packet), Packets.payload(rig.expectOne()));
  }

  private void assertSilence(DropReason reason, byte[] packet) {
    rig.inject(packet);
    rig.expectNothing();
    assertEquals(1, rig.counters.get(reason), () -> "drops for " + reason);
    rig.assertAlive();
  }

  @Test
  @Requirement("ICMP-015")
  void shouldSayThatThePortIsUnreachable_whenNobodyListens() {
    assertPortUnreachable(datagram(Packets.udp(5000, 53, Packets.data(21))));
    assertPortUnreachable(datagram(Packets.udp(5000, 53, new byte[0])));
    assertEquals(2, rig.counters.get(Counter.UDP_NO_PORTS));
  }

  @Test
  @Requirement("UDP-001")
  void shouldDrop_whenTheChecksumIsWrong() {
    byte[] udp = Packets.udp(5000, 53, Packets.data(4));
    Unpooled.wrappedBuffer(udp).setShort(6, 0x1234);
    assertSilence(DropReason.UDP_CHECKSUM, datagram(udp));
    assertEquals(1, rig.counters.get(Counter.UDP_IN_CSUM_ERRORS));
  }

  @Test
  @Requirement("UDP-001")
  void shouldDrop_whenItWasMeantForAnotherAddress() {
    byte[] udp = Packets.udp(5000, 53, Packets.data(4));
    byte[] packet = Packets.datagram(Udp.PROTOCOL, "10.77.0.9", "10.77.0.2", udp);
    assertSilence(DropReason.UDP_CHECKSUM, packet);
  }

  @Test
  @Requirement("UDP-002")
  void shouldAcceptNoChecksum() {
    byte[] udp = Packets.udp(5000, 53, Packets.data(4));
    ByteBuf buf = Unpooled.wrappedBuffer(udp);
    buf.setShort(6, 0);
    assertPortUnreachable(datagram(udp));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 13, 200, 65_535})
  @Requirement("UDP-003")
  void shouldDrop_whenTheLengthIsImpossible(int length) {
    byte[] udp = Packets.udp(5000, 53, Packets.data(4));
    Unpooled.wrappedBuffer(udp).setShort(4, length).setShort(6, 0);
    assertSilence(DropReason.UDP_LENGTH, datagram(udp));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 7})
  @Requirement("UDP-003")
  void shouldDrop_whenThereIsNoRoomForAHeader(int length) {
    byte[] udp = Arrays.copyOf(Packets.udp(5000, 53, new byte[0]), length);
    assertSilence(DropReason.UDP_LENGTH, datagram(udp));
  }

  @Test
  void shouldIgnoreWhatIsBehindItsLength() {
    byte[] udp = Packets.udp(5000, 53, Packets.data(4));
    assertPortUnreachable(datagram(Arrays.copyOf(udp, udp.length + 5)));
  }

  @Test
  @Requirement("UDP-008")
  void shouldTakeSourcePortZero() {
    rig.inject(datagram(Packets.udp(0, 53, Packets.data(4))));
    rig.assertAlive();
  }

  @Test
  void shouldIgnoreErrors_whenNobodyHasThePort() {
    byte[] quote =
        Packets.datagram(
            Udp.PROTOCOL, "10.77.0.2", "10.77.0.1", Packets.udp(53, 5000, Packets.data(4)));
    rig.inject(Packets.datagram(1, Packets.icmp(3, 3, 0, quote)));
    rig.expectNothing();
    assertEquals(1, rig.counters.get(DropReason.ICMP_IGNORED));
    rig.assertAlive();
  }
}
