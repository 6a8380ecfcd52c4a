package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the daemon does when nobody wants anything. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class IdleIT {
  private static final int CONNECTIONS = 400;
  private static final int PINGS = 20;

  /**
   * A request takes a handful of turns, a ping one. Whoever looked every ten milliseconds would
   * take two hundred while the pings last, and a busy loop tens of thousands.
   */
  private static final int TURNS = 100;

  @Test
  @Tag("SYS-003")
  void shouldDoNothing_whenConnectionsAreIdle() throws IOException {
    List<Socket> open = new ArrayList<>();
    try (DaemonProcess daemon = DaemonProcess.up()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        open.add(new Socket(DaemonProcess.ADDRESS, 80));
      }
      long before = turns();
      Run.command("ping", "-c", String.valueOf(PINGS), "-i", "0.1", DaemonProcess.ADDRESS).ok();
      long taken = turns() - before;

      assertTrue(taken >= PINGS && taken <= TURNS, () -> taken + " turns");
      assertEquals("", daemon.errors());
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private static long turns() throws IOException {
    JsonNode counters = new JsonMapper().readTree(Curl.get("SITE/status")).get("counters");
    return counters.get("TunstackTurns").asLong();
  }
}
