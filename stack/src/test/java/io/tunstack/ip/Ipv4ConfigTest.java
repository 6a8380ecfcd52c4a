package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Ipv4ConfigTest {
  private static void assertRefused(String name, UnaryOperator<Ipv4Config.Builder> change) {
    Ipv4Config.Builder builder = change.apply(Ipv4Config.builder().address("10.77.0.2/24"));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(e.getMessage().contains(name), e.getMessage());
  }

  @Test
  @Requirement("IP-021")
  void shouldUseTheDefaults_whenOnlyAnAddressIsGiven() {
    Ipv4Config config = Ipv4Config.of("10.77.0.2/24");
    assertEquals("10.77.0.2", config.primaryAddress().toString());
    assertEquals(64, config.timeToLive());
    assertEquals(Duration.ofMinutes(1), config.reassemblyTimeout());
    assertEquals(576, config.icmpErrorBytes());
    assertEquals(config, Ipv4Config.builder().address("10.77.0.2/24").build());
  }

  @Test
  void shouldKeepWhatWasSet() {
    Ipv4Config config =
        Ipv4Config.builder()
            .address("10.77.0.2/24")
            .address("192.0.2.1/32")
            .timeToLive(200)
            .reassemblyTimeout(Duration.ofMinutes(2))
            .reassemblyLimits(3, 4, 2_000_000)
            .icmpErrorRate(7, 8)
            .icmpErrorBytes(200)
            .build();
    assertEquals(2, config.subnets().size());
    assertEquals(200, config.timeToLive());
    assertEquals(Duration.ofMinutes(2), config.reassemblyTimeout());
    assertEquals(3, config.reassemblyDatagrams());
    assertEquals(4, config.reassemblyFragments());
    assertEquals(2_000_000, config.reassemblyBytes());
    assertEquals(7, config.icmpErrorsPerSecond());
    assertEquals(8, config.icmpErrorBurst());
    assertEquals(200, config.icmpErrorBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/24",
        "0.1.2.3/8",
        "127.0.0.1/8",
        "224.0.0.1/4",
        "240.0.0.1/4",
        "255.255.255.255/32",
        "10.77.0.0/24",
        "10.77.0.255/24"
      })
  @Requirement("IP-024")
  void shouldRefuse_whenNoHostCanHaveTheAddress(String subnet) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Ipv4Config.of(subnet));
    assertTrue(e.getMessage().contains(subnet), e.getMessage());
  }

  @Test
  void shouldTakeBothAddressesOfAPointToPointNetwork() {
    assertEquals("10.77.0.0", Ipv4Config.of("10.77.0.0/31").primaryAddress().toString());
    assertEquals("10.77.0.1", Ipv4Config.of("10.77.0.1/31").primaryAddress().toString());
  }

  @Test
  void shouldNameTheValue_whenItIsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> Ipv4Config.builder().build());
    assertRefused("timeToLive", b -> b.timeToLive(0));
    assertRefused("timeToLive", b -> b.timeToLive(256));
    assertRefused("reassemblyTimeout", b -> b.reassemblyTimeout(Duration.ZERO));
    assertRefused("reassemblyTimeout", b -> b.reassemblyTimeout(Duration.ofSeconds(-1)));
    assertRefused("reassemblyTimeout", b -> b.reassemblyTimeout(Duration.ofSeconds(256)));
    assertRefused("reassemblyDatagrams", b -> b.reassemblyLimits(0, 1, 1 << 20));
    assertRefused("reassemblyFragments", b -> b.reassemblyLimits(1, 0, 1 << 20));
    assertRefused("reassemblyFragments", b -> b.reassemblyLimits(1, 8193, 1 << 20));
    assertRefused("reassemblyBytes", b -> b.reassemblyLimits(1, 1, (1 << 20) - 1));
    assertRefused("icmpErrorsPerSecond", b -> b.icmpErrorRate(0, 1));
    assertRefused("icmpErrorBurst", b -> b.icmpErrorRate(1, 0));
    assertRefused("icmpErrorBytes", b -> b.icmpErrorBytes(127));
    assertRefused("icmpErrorBytes", b -> b.icmpErrorBytes(577));
  }
}
