package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several engines on a device of several queues: to the kernel's TCP, one host like any other. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class QueuesIT {
  private static final int CONNECTIONS = 2_000;

  @Test
  void shouldServeEveryConnection_whicheverQueueItsPacketsCome() throws IOException {
    try (DaemonProcess daemon = DaemonProcess.up("--queues", "4", "--busy-poll", "50")) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        sockets.add(new Socket(DaemonProcess.ADDRESS, 80));
      }
      byte[] request =
          "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
      for (Socket socket : sockets) {
        socket.getOutputStream().write(request);
      }
      // Whichever engine is asked tells of those of all four.
      String status = Curl.get("SITE/status");
      assertTrue(
          status.contains("\"connectionCount\":" + (CONNECTIONS + 1) + ","),
          () -> status.substring(0, 200));
      for (Socket socket : sockets) {
        String response = new String(socket.getInputStream().readAllBytes(), US_ASCII);
        assertTrue(response.endsWith("\r\n\r\nhello\n"), response);
        socket.close();
      }
      String counters = Curl.get("SITE/nstat");
      // One each for /status and /nstat.
      assertEquals(CONNECTIONS + 2, count(counters, "TcpPassiveOpens"));
      assertEquals(0, count(counters, "TcpOutRsts"));
      assertEquals("", daemon.errors());
      assertEquals(0, daemon.terminate());
    }
  }

  private static long count(String counters, String name) {
    return counters
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
        .findFirst()
        .orElseThrow();
  }
}
