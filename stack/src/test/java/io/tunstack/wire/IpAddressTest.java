package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.77.0.2", "255.255.255.255", "1.20.255.99"})
  void shouldComeBack_whenParsedAndPrinted(String text) {
    assertEquals(text, IpAddress.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.999",
        "01.2.3.4",
        "1.2.3.00",
        "0x1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "-1.2.3.4",
        "1.2.3.4/24",
        "localhost",
        "::1",
        "1.2.3.\u0664"
      })
  void shouldRefuse_whenItIsNoDottedQuad(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
    assertTrue(e.getMessage().contains("10.77.0.2"), "says what to write: " + e.getMessage());
  }

  @Test
  void shouldKeepTheFirstOctetHighest() {
    assertEquals(0x0a4d0002, IpAddress.parse("10.77.0.2").bits());
    assertEquals(0, IpAddress.UNSPECIFIED.bits());
  }

  @Test
  void shouldConvertToTheJdksTypeAndBack() throws UnknownHostException {
    IpAddress address = IpAddress.parse("192.0.2.200");
    assertEquals("192.0.2.200", address.toInetAddress().getHostAddress());
    assertEquals(address, IpAddress.of(address.toInetAddress()));
    InetAddress v6 = InetAddress.getByName("2001:db8::1");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> IpAddress.of(v6));
    assertTrue(e.getMessage().contains("IPv6"), e.getMessage());
  }

  @Test
  void shouldKnowMulticast() {
    assertFalse(IpAddress.parse("223.255.255.255").isMulticast());
    assertTrue(IpAddress.parse("224.0.0.1").isMulticast());
    assertTrue(IpAddress.parse("239.255.255.255").isMulticast());
    assertFalse(IpAddress.parse("240.0.0.0").isMulticast());
  }
}
