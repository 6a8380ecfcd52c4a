package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of the kernel's connections, one after another and at once, and what the daemon holds
 * when they have gone: as many objects, slabs and table entries as before.
 */
@RequiresRoot
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class ManyConnectionsIT {
  private static final int ONE_AFTER_ANOTHER = 10_000;
  private static final int AT_ONCE = 1_000;

  private static final String KEEP = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String CLOSE =
      "GET /bytes?n=20000 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

  /** One connection that stayed would be more than this a hundred times over. */
  private static final long SLACK_BYTES = 500_000;

  /** TIME-WAIT lasts a minute. */
  private static final int MAX_WAIT_SECONDS = 75;

  private static DaemonProcess daemon;

  @BeforeAll
  static void start() {
    daemon = DaemonProcess.up();
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static JsonNode gauges() {
    try {
      return new JsonMapper().readTree(Curl.get("SITE/status")).get("gauges");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of live objects, after a full collection. */
  private static long liveBytes() {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String histogram =
        Run.command(jcmd, String.valueOf(daemon.pid()), "GC.class_histogram").ok().out();
    String total =
        histogram.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
    return Long.parseLong(total.split("\\s+", -1)[2]);
  }

  private static Socket open() throws IOException {
    Socket socket = new Socket(DaemonProcess.ADDRESS, 80);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void ask(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(US_ASCII));
  }

  /** Reads the end of a response that ends so. */
  private static void readHello(Socket socket) throws IOException {
    StringBuilder response = new StringBuilder();
    byte[] bytes = new byte[1000];
    while (!response.toString().endsWith("\r\n\r\nhello\n")) {
      int count = socket.getInputStream().read(bytes);
      assertTrue(count > 0, response::toString);
      response.append(new String(bytes, 0, count, US_ASCII));
    }
  }

  private static void oneAfterAnother(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      try (Socket socket = open()) {
        ask(socket, KEEP);
        readHello(socket);
      }
    }
  }

  private static void atOnce(int count) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(open());
      }
      for (Socket socket : sockets) {
        ask(socket, KEEP);
      }
      for (Socket socket : sockets) {
        readHello(socket);
      }
      // The one that asks is among them.
      assertEquals(count + 1, gauges().get("HttpConnections").asInt());
      for (Socket socket : sockets) {
        ask(socket, CLOSE);
      }
      for (Socket socket : sockets) {
        assertTrue(socket.getInputStream().readAllBytes().length > 20_000);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Waits until only the connection that asks is there. */
  private static void awaitQuiet() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    JsonNode gauges = gauges();
    for (int i = 0; i < MAX_WAIT_SECONDS && !isQuiet(gauges); i++) {
      assertFalse(never.await(1, TimeUnit.SECONDS));
      gauges = gauges();
    }
    assertTrue(isQuiet(gauges), gauges::toString);
    assertEquals(0, gauges.get("SlabsInUse").asInt(), gauges::toString);
  }

  private static boolean isQuiet(JsonNode gauges) {
    return gauges.get("Connections").asInt() == 1
        && gauges.get("HttpConnections").asInt() == 1
        && gauges.get("TimeWait").asInt() == 0;
  }

  @Test
  void shouldHoldNoMoreThanBefore_whenAllAreGone() throws Exception {
    // What is made once and kept: pools, tables at their size, classes.
    atOnce(AT_ONCE);
    oneAfterAnother(AT_ONCE);
    long before = liveBytes();

    atOnce(AT_ONCE);
    assertTrue(gauges().get("TimeWait").asInt() >= AT_ONCE, "the server closes first here");
    oneAfterAnother(ONE_AFTER_ANOTHER);
    awaitQuiet();

    long after = liveBytes();
    assertTrue(after - before < SLACK_BYTES, before + " bytes before, " + after + " after");
    assertEquals("", daemon.errors());
    assertEquals(0, daemon.terminate());
  }
}
