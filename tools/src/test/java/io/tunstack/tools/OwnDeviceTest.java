package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.tools.UpSettings.InvalidFlagException;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunException;
import io.tunstack.tun.TunException.Kind;
import io.tunstack.tun.TunLink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OwnDeviceTest {
  private final List<String> tried = new ArrayList<>();

  /** Refuses each try with the next of these kinds, and the rest with the last. */
  private Function<TunConfig, TunLink> refusing(Kind... kinds) {
    return config -> {
      tried.add(config.name() + " " + config.hostAddress() + "/" + config.prefixLength());
      throw new TunException(kinds[Math.min(tried.size(), kinds.length) - 1], "no");
    };
  }

  private Kind refusal(String name, String address, Kind... kinds) {
    return assertThrows(TunException.class, () -> OwnDevice.open(name, address, refusing(kinds)))
        .kind();
  }

  @Test
  void shouldTryTheNext_whenNameOrNetworkIsTaken() {
    assertEquals(
        Kind.PERMISSION,
        refusal(
            "",
            "",
            Kind.NAME_IN_USE,
            Kind.ADDRESS_IN_USE,
            Kind.CONFIGURED_OTHERWISE,
            Kind.PERMISSION));
    assertEquals(
        List.of(
            "tunstack-get1 10.77.1.1/24",
            "tunstack-get2 10.77.2.1/24",
            "tunstack-get3 10.77.3.1/24",
            "tunstack-get4 10.77.4.1/24"),
        tried);
  }

  @Test
  void shouldGiveUp_whenEverythingIsTaken() {
    assertEquals(Kind.ADDRESS_IN_USE, refusal("", "", Kind.ADDRESS_IN_USE));
    assertEquals(16 * 255, tried.size());
    assertEquals("tunstack-get255 10.92.255.1/24", tried.get(tried.size() - 1));
  }

  @Test
  void shouldOnlyTryOtherNetworks_whenTheNameIsGiven() {
    assertEquals(
        Kind.NAME_IN_USE, refusal("no-such-tun", "", Kind.ADDRESS_IN_USE, Kind.NAME_IN_USE));
    assertEquals(List.of("no-such-tun 10.77.1.1/24", "no-such-tun 10.77.2.1/24"), tried);
  }

  @Test
  void shouldOnlyTryOtherNames_whenTheAddressIsGiven() {
    assertEquals(
        Kind.ADDRESS_IN_USE, refusal("", "172.30.0.1/28", Kind.NAME_IN_USE, Kind.ADDRESS_IN_USE));
    assertEquals(List.of("tunstack-get1 172.30.0.2/28", "tunstack-get2 172.30.0.2/28"), tried);
  }

  @Test
  void shouldTryOnce_whenBothAreGiven() {
    refusal("no-such-tun", "172.30.0.1/28", Kind.ADDRESS_IN_USE);

    assertEquals(1, tried.size());
  }

  @Test
  void shouldSayWhichFlagIsWrong() {
    assertThrows(
        InvalidFlagException.class, () -> OwnDevice.open("", "10.77.1.2", refusing(Kind.FAILED)));
    assertThrows(
        InvalidFlagException.class, () -> OwnDevice.open("a/b", "", refusing(Kind.FAILED)));
    assertEquals(List.of(), tried);
  }

  @ParameterizedTest
  @CsvSource({
    "10.80.0.1, 24, 10.80.0.2",
    "10.80.0.9, 24, 10.80.0.1",
    "10.80.0.14, 28, 10.80.0.1",
    "10.80.0.4, 31, 10.80.0.5",
    "10.80.0.5, 31, 10.80.0.4",
  })
  void shouldTakeAnotherAddressOfTheNetwork_whenTheDeviceHasOne(
      String host, int prefix, String ours) {
    UpSettings settings = OwnDevice.beside("mine", host, prefix, 1400);

    assertEquals(ours, settings.address().toString());
    assertEquals(host, settings.tun().hostAddress().toString());
    assertEquals(prefix, settings.tun().prefixLength());
    assertEquals(1400, settings.tun().mtu());
  }
}
