package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tools.UpSettings.InvalidFlagException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UpSettingsTest {
  @Test
  void shouldTakeEveryFlag_whenAllAreValid() {
    UpSettings settings = UpSettings.of("web0", "192.168.5.20/28", "192.168.5.30", 9000, 8080);

    assertAll(
        () -> assertEquals("web0", settings.tun().name()),
        () -> assertEquals("192.168.5.20", settings.address().toString()),
        () -> assertEquals("192.168.5.30", settings.tun().hostAddress().toString()),
        () -> assertEquals(28, settings.tun().prefixLength()),
        () -> assertEquals(9000, settings.tun().mtu()),
        () -> assertEquals(8080, settings.httpPort()));
  }

  @ParameterizedTest
  @CsvSource({
    "10.77.0.2/24, 10.77.0.1",
    "10.77.0.1/24, 10.77.0.2",
    "192.168.5.20/28, 192.168.5.17",
    "10.0.0.0/31, 10.0.0.1",
    "10.0.0.1/31, 10.0.0.0",
  })
  void shouldGiveTheKernelTheFirstOtherAddress_whenNoneIsAskedFor(String address, String host) {
    assertEquals(
        host, UpSettings.of("tunstack0", address, "", 1500, 80).tun().hostAddress().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tun          | ''               | 10.77.0.2/24 | 10.77.0.1 | 1500  | 80    | 1 to 15",
        "--tun          | sixteen-letters-x| 10.77.0.2/24 | 10.77.0.1 | 1500  | 80    | 1 to 15",
        "--tun          | a b              | 10.77.0.2/24 | 10.77.0.1 | 1500  | 80    | as in tun0",
        "--tun          | /dev/net/tun     | 10.77.0.2/24 | 10.77.0.1 | 1500  | 80    | not a path",
        "--address      | tunstack0        | 10.77.0.2    | 10.77.0.1 | 1500  | 80    | 10.77.0.2/24",
        "--address      | tunstack0        | 10.77.0.2/33 | 10.77.0.1 | 1500  | 80    | 10.77.0.2/24",
        "--address      | tunstack0        | 10.77.0.2/32 | 10.77.0.1 | 1500  | 80    | 8 to 31",
        "--address      | tunstack0        | 10.77.0.0/24 | 10.77.0.1 | 1500  | 80    | 10.77.0.2/24",
        "--address      | tunstack0        | 127.0.0.2/24 | 127.0.0.1 | 1500  | 80    | loopback",
        "--address      | tunstack0        | ten/24       | 10.77.0.1 | 1500  | 80    | 10.77.0.2",
        "--host-address | tunstack0        | 10.77.0.2/24 | 10.77.0.2 | 1500  | 80    | 10.77.0.1",
        "--host-address | tunstack0        | 10.77.0.2/24 | 10.78.0.1 | 1500  | 80    | 10.77.0.1",
        "--host-address | tunstack0        | 10.77.0.2/24 | 10.77.0.255 | 1500 | 80   | 10.77.0.1",
        "--host-address | tunstack0        | 10.77.0.2/24 | here      | 1500  | 80    | 10.77.0.2",
        "--mtu          | tunstack0        | 10.77.0.2/24 | 10.77.0.1 | 67    | 80    | 68 to 65535",
        "--mtu          | tunstack0        | 10.77.0.2/24 | 10.77.0.1 | 65536 | 80    | 68 to 65535",
        "--http         | tunstack0        | 10.77.0.2/24 | 10.77.0.1 | 1500  | 0     | 1 to 65535",
        "--http         | tunstack0        | 10.77.0.2/24 | 10.77.0.1 | 1500  | 65536 | 1 to 65535",
      })
  void shouldNameTheFlagAndSayWhatWouldDo_whenAValueWillNot(
      String flag, String tun, String address, String host, int mtu, int port, String hint) {
    InvalidFlagException refused =
        assertThrows(
            InvalidFlagException.class, () -> UpSettings.of(tun, address, host, mtu, port));

    assertTrue(refused.getMessage().startsWith(flag + ": "), refused::getMessage);
    assertTrue(refused.getMessage().contains(hint), refused::getMessage);
  }

  @ParameterizedTest
  @CsvSource({"68, 1", "65535, 65535"})
  void shouldAcceptTheEndsOfTheRanges(int mtu, int port) {
    UpSettings settings = UpSettings.of("t", "10.77.0.2/24", "10.77.0.1", mtu, port);

    assertEquals(mtu, settings.tun().mtu());
    assertEquals(port, settings.httpPort());
  }
}
