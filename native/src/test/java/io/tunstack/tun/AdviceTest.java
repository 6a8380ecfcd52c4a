package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.wire.IpAddress;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdviceTest {
  private static final TunConfig CONFIG = TunConfig.builder().name("tunstack1").mtu(1280).build();

  static Stream<String> messages() {
    IpAddress free = IpAddress.parse("10.78.0.0");
    return Stream.of(
        Advice.notLinux("Plan 9").getMessage(),
        Advice.nativeLibrary(new UnsatisfiedLinkError("why")).getMessage(),
        Advice.noTunNode().getMessage(),
        Advice.noTunDriver(Errno.ENODEV).getMessage(),
        Advice.openDenied(Errno.EACCES).getMessage(),
        Advice.attachDenied(CONFIG, false).getMessage(),
        Advice.attachDenied(CONFIG, true).getMessage(),
        Advice.nameBusy(CONFIG).getMessage(),
        Advice.notATun(CONFIG).getMessage(),
        Advice.addressInUse(CONFIG, "10.77.0.1/16", "eth0", free).getMessage(),
        Advice.configuredOtherwise(CONFIG, "10.9.0.1/24").getMessage(),
        Advice.setUpDenied(CONFIG, "the MTU").getMessage(),
        Advice.failure("do it", Errno.ENOMEM),
        Advice.gone("tunstack1", Errno.EBADFD));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void shouldSayWhatAndWhatNext_whenAnythingFails(String message) {
    assertTrue(message.lines().count() >= 2, message);
    assertFalse(message.endsWith("\n"), message);
    assertFalse(message.contains("%"), message);
    assertFalse(message.contains("null"), message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void shouldNeverAdviseFileCapabilities_becauseTheyBreakTheJvm(String message) {
    assertFalse(message.toLowerCase(Locale.ROOT).contains("setcap"), message);
  }

  @Test
  void shouldSuggestAnotherName_thanTheOneThatIsTaken() {
    assertTrue(Advice.nameBusy(CONFIG).getMessage().contains("--tun tunstack2"));
  }

  @Test
  void shouldGiveTheLinesInFull_whenADeviceIsToBeSetUp() {
    String message = Advice.setUpDenied(CONFIG, "the MTU").getMessage();

    assertTrue(message.contains("  sudo ip address add 10.77.0.1/24 dev tunstack1\n"), message);
    assertTrue(
        message.endsWith("  sudo ip link set dev tunstack1 mtu 1280 txqueuelen 10000 up"), message);
  }
}
