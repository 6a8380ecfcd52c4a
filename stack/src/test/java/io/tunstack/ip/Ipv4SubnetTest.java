package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.wire.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Ipv4SubnetTest {
  private static int bits(String address) {
    return IpAddress.parse(address).bits();
  }

  @ParameterizedTest
  @CsvSource({
    "10.77.0.2/24, 10.77.0.255",
    "10.77.0.2/30, 10.77.0.3",
    "10.77.0.2/8, 10.255.255.255",
    "10.77.0.2/31, 255.255.255.255",
    "10.77.0.2/32, 255.255.255.255",
    "10.77.0.2/0, 255.255.255.255"
  })
  void shouldComeBack_andKnowItsBroadcast(String text, String broadcast) {
    Ipv4Subnet subnet = Ipv4Subnet.parse(text);
    assertEquals(text, subnet.toString());
    assertEquals(broadcast, subnet.broadcast().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/24",
        "10.77.0.2",
        "10.77.0.2/",
        "10.77.0.2/33",
        "10.77.0.2/-1",
        "10.77.0.2/024",
        "10.77.0.2/24/1",
        "10.77.0/24",
        "10.77.0.2/ 24",
        "10.77.0.2/\u0664"
      })
  void shouldRefuse_whenItIsNoAddressWithPrefix(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Ipv4Subnet.parse(text));
    assertTrue(e.getMessage().contains("10.77.0.2"), e.getMessage());
  }

  @Test
  void shouldRefuse_whenThePrefixIsOutOfRange() {
    IpAddress address = IpAddress.parse("10.77.0.2");
    assertThrows(IllegalArgumentException.class, () -> new Ipv4Subnet(address, 33));
    assertThrows(IllegalArgumentException.class, () -> new Ipv4Subnet(address, -1));
  }

  @Test
  void shouldContainItsNetworkOnly() {
    Ipv4Subnet subnet = Ipv4Subnet.parse("10.77.0.2/24");
    assertTrue(subnet.contains(bits("10.77.0.1")));
    assertTrue(subnet.contains(bits("10.77.0.255")));
    assertFalse(subnet.contains(bits("10.77.1.1")));
    assertTrue(Ipv4Subnet.parse("10.77.0.2/0").contains(bits("203.0.113.9")));
    assertFalse(Ipv4Subnet.parse("10.77.0.2/32").contains(bits("10.77.0.3")));
  }

  @Test
  void shouldTakeAllOnesAndAllZerosForBroadcasts() {
    Ipv4Subnet subnet = Ipv4Subnet.parse("10.77.0.2/24");
    assertTrue(subnet.isBroadcast(bits("10.77.0.255")));
    assertTrue(subnet.isBroadcast(bits("10.77.0.0")));
    assertFalse(subnet.isBroadcast(bits("10.77.0.254")));
    assertFalse(subnet.isBroadcast(bits("10.77.1.255")));
  }

  @Test
  void shouldHaveNoBroadcast_whenThePrefixLeavesNoRoom() {
    assertFalse(Ipv4Subnet.parse("10.77.0.2/31").isBroadcast(bits("10.77.0.3")));
    assertFalse(Ipv4Subnet.parse("10.77.0.2/31").isBroadcast(bits("10.77.0.2")));
    assertFalse(Ipv4Subnet.parse("10.77.0.2/32").isBroadcast(bits("10.77.0.2")));
  }
}
