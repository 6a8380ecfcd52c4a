package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the daemon costs when nobody wants anything. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class IdleIT {
  private static final int CONNECTIONS = 400;
  private static final int SECONDS = 5;

  /** Of one processor; the kernel counts hundredths of a second. */
  private static final int PERCENT = 2;

  @Test
  @Tag("SYS-003")
  void shouldCostNextToNothing_whenConnectionsAreIdle() throws IOException {
    List<Socket> open = new ArrayList<>();
    try (DaemonProcess daemon = DaemonProcess.up()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        open.add(new Socket(DaemonProcess.ADDRESS, 80));
      }
      // The compiler has something left to do.
      Run.command("sleep", "3").ok();
      long before = ticks(daemon);
      Run.command("sleep", String.valueOf(SECONDS)).ok();
      long used = ticks(daemon) - before;

      assertTrue(used <= SECONDS * PERCENT, () -> used + " ticks in " + SECONDS + " s");
      assertEquals("hello\n", Curl.get("SITE/hello"));
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /** Time on a processor, its own and the kernel's for it (proc(5): utime, stime). */
  private static long ticks(DaemonProcess daemon) {
    String stat = Modules.text(Path.of("/proc/" + daemon.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
