package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.wire.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangesTest {
  @ParameterizedTest
  @ValueSource(strings = {"1.0.0.0", "10.77.0.1", "126.255.255.255", "128.0.0.1", "223.255.255.1"})
  void shouldTakeForUnicast_whatIs(String address) {
    assertTrue(AddressRanges.isUnicast(IpAddress.parse(address).bits()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255"
      })
  void shouldNotTakeForUnicast_whatIsNot(String address) {
    assertFalse(AddressRanges.isUnicast(IpAddress.parse(address).bits()));
  }
}
