package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FlowTableTest {
  private static final int TCP = 6;

  private final FlowTable table = new FlowTable(3);

  private static byte[] packet(int protocol, int from, int to) {
    return packet(protocol, 0x0a000001, from, to, 0);
  }

  private static byte[] packet(int protocol, int source, int from, int to, int fragment) {
    ByteBuffer packet = ByteBuffer.allocate(40);
    packet.put(0, (byte) 0x45).put(9, (byte) protocol).putShort(6, (short) fragment);
    packet.putInt(12, source).putInt(16, 0x0a000002);
    return packet.putShort(20, (short) from).putShort(22, (short) to).array();
  }

  @Test
  void shouldFindTheSameFlowAgain() {
    Flow first = table.of(packet(TCP, 50_000, 80));
    Flow second = table.of(packet(TCP, 50_001, 80));
    assertNotSame(first, second);
    assertSame(first, table.of(packet(TCP, 50_000, 80)));
    assertSame(second, table.of(packet(TCP, 50_001, 80)));
  }

  @Test
  void shouldNotDependOnTheClientsPort_butOnHowManyCameBefore() {
    Flow first = table.of(packet(TCP, 50_000, 80));
    Flow second = table.of(packet(TCP, 50_001, 80));
    FlowTable again = new FlowTable(3);
    again.of(packet(TCP, 44_444, 443));
    assertEquals(first.seed, again.of(packet(TCP, 61_234, 80)).seed);
    assertEquals(second.seed, again.of(packet(TCP, 33_333, 80)).seed);
    assertNotEquals(first.seed, second.seed);
    assertNotEquals(first.seed, new FlowTable(4).of(packet(TCP, 50_000, 80)).seed);
  }

  @Test
  void shouldTellServicesAndHostsApart() {
    long web = table.of(packet(TCP, 50_000, 80)).seed;
    assertNotEquals(web, table.of(packet(TCP, 50_000, 81)).seed);
    assertNotEquals(web, table.of(packet(17, 50_000, 80)).seed);
    assertNotEquals(web, table.of(packet(TCP, 0x0a000003, 50_000, 80, 0)).seed);
  }

  @Test
  void shouldTakeFragmentsForOneFlow_asTheyHaveNoPorts() {
    Flow first = table.of(packet(TCP, 0x0a000001, 1, 2, 0x2000));
    assertSame(first, table.of(packet(TCP, 0x0a000001, 3, 4, 0x00b9)));
    assertNotSame(first, table.of(packet(TCP, 1, 2)));
  }

  @Test
  void shouldTakeAnything_evenWhatIsNoPacket() {
    assertSame(table.of(new byte[0]), table.of(new byte[19]));
    byte[] longHeader = packet(TCP, 1, 2);
    longHeader[0] = 0x4f;
    assertSame(table.of(longHeader), table.of(longHeader));
  }

  @Test
  void shouldTakeLateComersForOneFlow_whenThereAreTooMany() {
    for (int i = 0; i < FlowTable.MAX_FLOWS; i++) {
      table.of(packet(TCP, i, 70_000 - i));
    }
    Flow rest = table.of(packet(17, 1, 2));
    assertSame(rest, table.of(packet(17, 3, 4)));
    assertNotSame(rest, table.of(packet(TCP, 0, 70_000)));
  }
}
