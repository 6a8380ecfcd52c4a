package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.wire.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunConfigTest {
  @Test
  void shouldHaveTheDefaults_whenNothingIsGiven() {
    assertEquals(
        new TunConfig("tunstack0", IpAddress.parse("10.77.0.1"), 24, 1500, false),
        TunConfig.builder().build());
  }

  @Test
  void shouldHaveTheValues_whenTheyAreGiven() {
    IpAddress address = IpAddress.parse("192.0.2.1");

    assertEquals(
        new TunConfig("t.0_a-b", address, 31, 65_535, false),
        TunConfig.builder().name("t.0_a-b").hostAddress(address, 31).mtu(65_535).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sixteen-letters-", ".", "..", "a b", "a/b", "tun%d", "a:1", "tün"})
  void shouldRefuseTheName_whenTheKernelOrAShellWould(String name) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> TunConfig.builder().name(name).build());

    assertTrue(refusal.getMessage().contains("'" + name + "'"), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 7, 32})
  void shouldRefuseThePrefix_whenItIsOutOfRange(int prefix) {
    TunConfig.Builder builder =
        TunConfig.builder().hostAddress(TunConfig.DEFAULT_HOST_ADDRESS, prefix);

    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 67, 65_536})
  void shouldRefuseTheMtu_whenItIsOutOfRange(int mtu) {
    assertThrows(IllegalArgumentException.class, () -> TunConfig.builder().mtu(mtu).build());
  }
}
