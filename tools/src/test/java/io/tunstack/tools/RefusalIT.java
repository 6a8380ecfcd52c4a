package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way of {@code up}: each has a message of its own, and an exit code. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RefusalIT {
  /** Runs {@code up} behind a shell line that ends with {@code exec "$@"}. */
  private static Run.Result upBehind(String line, String... flags) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", line, "sh"));
    command.addAll(DaemonProcess.command("up"));
    command.addAll(List.of(flags));
    return Run.command(command).run();
  }

  private static void assertRefused(Run.Result result, int exitCode, String... words) {
    result.exits(exitCode);
    assertTrue(result.err().startsWith("tunstack: "), result::toString);
    for (String word : words) {
      assertTrue(result.err().contains(word), result::toString);
    }
    assertEquals("", result.out());
    assertEquals(-1, result.err().indexOf("\tat "), "a stack trace is not a message");
  }

  @Test
  void shouldEndWith77AndSayWhatHelps_whenThePrivilegeIsMissing() {
    Run.Result result =
        upBehind("exec setpriv --bounding-set=-net_admin --inh-caps=-net_admin \"$@\"");

    assertRefused(
        result, 77, "EPERM", "CAP_NET_ADMIN", "sudo", "ip tuntap add dev tunstack0 mode tun user");
  }

  @Test
  void shouldSayHowToGetOne_whenThereIsNoDevNetTun() {
    Run.Result result = upBehind("mount -t tmpfs none /dev/net && exec \"$@\"");

    assertRefused(result, 1, "here is no /dev/net/tun", "modprobe tun", "--device /dev/net/tun");
  }

  @Test
  void shouldSayWhichNodeIsDead_whenNoDriverIsBehindIt() {
    // Character devices 10:254 are not assigned to anything.
    Run.Result result =
        upBehind("mount -t tmpfs none /dev/net && mknod /dev/net/tun c 10 254 && exec \"$@\"");

    assertRefused(result, 1, "no driver behind it", "modprobe tun");
  }

  @Test
  void shouldSuggestAnotherName_whenTheDeviceIsInUse() {
    try (DaemonProcess first = DaemonProcess.up()) {
      Run.Result second = upBehind("exec \"$@\"", "--address", "10.78.0.2/24");

      assertRefused(second, 1, "EBUSY", "in use by another process", "--tun tunstack1");
      Run.command("ping", "-c", "1", DaemonProcess.ADDRESS).ok();
      assertEquals(0, first.terminate(), first::errors);
    }
  }

  @Test
  void shouldSuggestAnotherNetwork_whenTheAddressesOverlap() {
    try (DaemonProcess first = DaemonProcess.up()) {
      Run.Result second = upBehind("exec \"$@\"", "--tun", "tunstack1");

      assertRefused(second, 1, "10.77.0.1/24", "interface tunstack0", "--address 10.78.0.2/24");
      Run.command("ip", "link", "show", "dev", "tunstack1").run().exits(1);
      assertEquals(0, first.terminate(), first::errors);
    }
  }

  @Test
  void shouldSayHowToMoveJnasFolder_whenItIsMountedNoexec(@TempDir Path folder) {
    List<String> command =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o noexec none \"$1\" && exec \"$2\" -Djna.tmpdir=\"$1\" -jar \"$3\" up",
            "sh",
            folder.toString(),
            DaemonProcess.java(),
            DaemonProcess.jar());

    assertRefused(Run.command(command).run(), 1, "JNA could not load", "noexec", "-Djna.tmpdir");
  }

  @Test
  void shouldEndWithTwo_whenAFlagMakesNoSense() {
    assertRefused(
        upBehind("exec \"$@\"", "--address", "10.77.0.2"), 2, "--address: ", "10.77.0.2/24");
  }
}
