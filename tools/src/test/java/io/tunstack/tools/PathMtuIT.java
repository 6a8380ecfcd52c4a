package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client behind a link that is narrower than it knows: it offers an MSS of 1460, but the kernel
 * between us forwards no more than 1200 bytes, and says so.
 *
 * <pre>
 *   stack ---- tunstack0 | kernel | narrow0, MTU 1200 ---- narrow1, MTU 1500 | curl
 * </pre>
 */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class PathMtuIT {
  private static final int LENGTH = 5_000_011;

  @TempDir private Path directory;
  private DaemonProcess daemon;
  private Process far;

  @BeforeEach
  void connect() throws IOException {
    daemon = DaemonProcess.up();
    // A namespace lives as long as somebody is in it; cat waits for an end that we hold.
    far = new ProcessBuilder("unshare", "--net", "cat").start();
    Run.shell(
            "set -e; until [ $(readlink /proc/PID/ns/net) != $(readlink /proc/self/ns/net) ];"
                    .replace("PID", String.valueOf(far.pid()))
                + " do :; done")
        .ok();
    Run.shell(
            """
            set -e
            ip link add narrow0 type veth peer name narrow1
            ip link set narrow1 netns PID
            ip address add 10.78.0.1/24 dev narrow0
            ip link set narrow0 mtu 1200 up
            echo 1 > /proc/sys/net/ipv4/ip_forward
            nsenter -t PID -n ip address add 10.78.0.2/24 dev narrow1
            nsenter -t PID -n ip link set narrow1 up
            nsenter -t PID -n ip route add default via 10.78.0.1
            """
                .replace("PID", String.valueOf(far.pid())))
        .ok();
  }

  @AfterEach
  void disconnect() throws Exception {
    far.getOutputStream().close();
    far.waitFor();
    daemon.close();
  }

  private String inside(String command) {
    return Run.shell("nsenter -t " + far.pid() + " -n " + command).ok().out();
  }

  @Test
  @Tag("PMTU-001")
  void shouldSendWhatGetsThrough_whenTheKernelSaysThatItIsTooBig() throws IOException {
    Path file = directory.resolve("download");

    inside("curl -sS --max-time 60 -o " + file + " " + Curl.SITE + "/bytes?n=" + LENGTH);

    byte[] got = Files.readAllBytes(file);
    assertEquals(LENGTH, got.length);
    for (int i = 0; i < LENGTH; i++) {
      assertEquals((byte) (i % 251), got[i], "byte " + i);
    }
    String counters = Curl.get("SITE/nstat");
    assertTrue(counters.matches("(?s).*\nTunstackPathMtuReduced +1\n.*"), counters);
    assertTrue(counters.matches("(?s).*\nTunstackTCPBlackHole +0\n.*"), counters);
    assertEquals(0, daemon.terminate(), daemon::errors);
  }
}
