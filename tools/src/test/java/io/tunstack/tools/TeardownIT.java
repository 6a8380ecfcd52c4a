package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import io.tunstack.http.HttpRouter;
import io.tunstack.http.HttpServer;
import io.tunstack.http.client.ClientLimits;
import io.tunstack.http.client.ClientRequest;
import io.tunstack.http.client.HttpUrl;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.net.Alarm;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tools.Fetch.Event;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunLink;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a connection ends, on a real device, as tshark prints it: a request of 79 bytes, a response
 * of 649, so the client's FIN has the relative number 80 and the server's 650. If the other side
 * closes at once its ACK and its FIN are one segment, and the teardown has three; if it closes
 * later, four.
 */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class TeardownIT {
  private static final List<String> THREE =
      List.of("FIN, ACK 80/650 ->", "FIN, ACK 650/81 <-", "ACK 81/651 ->");

  private static final List<String> FOUR =
      List.of("FIN, ACK 80/650 ->", "ACK 650/81 <-", "FIN, ACK 650/81 <-", "ACK 81/651 ->");

  private static final int PORT = 80;
  private static final int TRIES = 5;

  /** What the server sends in front of these bytes has 103: status line, Date and two fields. */
  private static final int BODY_BYTES = 546;

  /** More than every delayed acknowledgment, ours of 40 ms and the kernel's of 200 at most. */
  private static final Duration LATER = Duration.ofMillis(500);

  private static final Pattern SEGMENT =
      Pattern.compile("(\\d+) → (\\d+) \\[(.*?)] Seq=(\\d+) Ack=(\\d+) ");

  @TempDir private Path directory;

  /** Runs something on a device between the beginning and the end of a capture. */
  private Seen capture(Daemon.Application application, Scene scene) throws Exception {
    TunLink link = TunLink.open(TunConfig.builder().build());
    Ipv4Config ip = Ipv4Config.of(DaemonProcess.ADDRESS + "/24");
    Daemon daemon = Daemon.start(link, ip, application);
    try (Capture capture = Capture.start(directory.resolve("teardown.pcapng"))) {
      scene.play(daemon);
      return new Seen(
          capture.list("_ws.col.Info", "tcp"),
          bytes(capture, "ip.src == " + DaemonProcess.ADDRESS),
          bytes(capture, "ip.dst == " + DaemonProcess.ADDRESS));
    } finally {
      daemon.stop();
    }
  }

  @FunctionalInterface
  private interface Scene {
    void play(Daemon daemon) throws Exception;
  }

  /**
   * What tshark saw.
   *
   * @param info its last column
   * @param fromUs bytes of text that this stack sent
   * @param toUs bytes of text that it was sent
   */
  private record Seen(List<String> info, int fromUs, int toUs) {
    /** The segments from the first FIN on, each with its relative numbers and its direction. */
    List<String> teardown(int serverPort) {
      List<String> all =
          info.stream()
              .map(SEGMENT::matcher)
              .filter(Matcher::find)
              .map(segment -> shown(segment, serverPort))
              .toList();
      int first = 0;
      while (first < all.size() && !all.get(first).startsWith("FIN")) {
        first++;
      }
      return all.subList(first, all.size());
    }

    private static String shown(Matcher segment, int serverPort) {
      boolean toServer = Integer.parseInt(segment.group(2)) == serverPort;
      return segment.group(3)
          + " "
          + segment.group(4)
          + "/"
          + segment.group(5)
          + (toServer ? " ->" : " <-");
    }
  }

  private static int bytes(Capture capture, String filter) {
    return capture.list("tcp.len", "tcp and " + filter).stream().mapToInt(Integer::parseInt).sum();
  }

  // ---- our server, the kernel's client -----------------------------------------------------

  /** Asks, reads everything that is announced, closes its direction, and waits for the other's. */
  private static void askFromTheKernel() throws Exception {
    try (Socket socket = new Socket(DaemonProcess.ADDRESS, PORT)) {
      assertEquals(79, Demo.REQUEST.length());
      socket.getOutputStream().write(Demo.REQUEST.getBytes(US_ASCII));
      byte[] response = socket.getInputStream().readNBytes(649);
      assertTrue(new String(response, US_ASCII).startsWith("HTTP/1.1 200 OK\r\n"));
      socket.shutdownOutput();
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  private static void assertOurServerEnds(List<String> expected, Seen seen) {
    assertEquals(expected, seen.teardown(PORT), seen::toString);
    assertEquals(79, seen.toUs(), seen::toString);
    assertEquals(649, seen.fromUs(), seen::toString);
  }

  @Test
  void shouldHaveThreeSegments_whenOurServerClosesAtOnce() throws Exception {
    HttpRouter router =
        HttpRouter.builder()
            .get(
                "/hello.txt",
                HttpHandler.of(
                    request ->
                        HttpResponse.status(200).body("text/plain", new byte[BODY_BYTES]).build()))
            .build();

    Seen seen =
        capture(
            sockets -> HttpServer.of(router).listen(sockets, PORT), daemon -> askFromTheKernel());

    assertOurServerEnds(THREE, seen);
  }

  /** Answers, and closes a while after the client has. */
  private static final class LateCloser implements TcpHandler {
    private final Sockets sockets;

    LateCloser(Sockets sockets) {
      this.sockets = sockets;
    }

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer target = ByteBuffer.allocate(1000);
      int count = socket.read(target);
      if (count == Demo.REQUEST.length()) {
        socket.write(ByteBuffer.wrap(Demo.RESPONSE.getBytes(US_ASCII)));
      } else if (count < 0) {
        Alarm alarm = sockets.alarm(socket::close);
        alarm.arm(LATER);
      }
    }
  }

  @Test
  void shouldHaveFourSegments_whenOurServerClosesLater() throws Exception {
    Seen seen =
        capture(
            sockets -> sockets.listen(PORT, socket -> new LateCloser(sockets)),
            daemon -> askFromTheKernel());

    assertOurServerEnds(FOUR, seen);
  }

  // ---- our client, the kernel's server -----------------------------------------------------

  private List<String> askTheKernel(boolean late) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    KernelServer.Script script =
        socket -> {
          socket.getOutputStream().write(Demo.RESPONSE.getBytes(US_ASCII));
          assertEquals(-1, socket.getInputStream().read());
          if (late) {
            assertEquals(false, never.await(LATER.toMillis(), TimeUnit.MILLISECONDS));
          }
        };
    try (KernelServer server = KernelServer.start(script)) {
      String authority = DaemonProcess.HOST_ADDRESS + ":" + server.port();
      HttpUrl url =
          HttpUrl.parse("http://" + authority + "/" + "x".repeat(18 - authority.length()));
      ClientRequest request =
          ClientRequest.builder("GET", url)
              .header("User-Agent", "tunstack")
              .header("Accept", "*/*")
              .build();
      CompletableFuture<Sockets> sockets = new CompletableFuture<>();
      Fetch fetch = new Fetch(url.literalAddress().orElseThrow(), request, ClientLimits.DEFAULT);
      Seen seen =
          capture(
              sockets::complete,
              daemon -> {
                daemon.execute(() -> fetch.start(sockets.join()));
                takeAll(fetch, daemon);
                server.awaitEnd();
              });

      assertEquals(79, seen.fromUs(), seen::toString);
      assertEquals(649, seen.toUs(), seen::toString);
      return seen.teardown(server.port());
    }
  }

  private static void takeAll(Fetch fetch, Daemon daemon) throws InterruptedException {
    int bytes = 0;
    Event event = fetch.next();
    while (!(event instanceof Event.End)) {
      if (event instanceof Event.Data data) {
        bytes += data.bytes().remaining();
        fetch.taken(data, daemon);
      }
      assertTrue(!(event instanceof Event.Failed), event::toString);
      event = fetch.next();
    }
    assertEquals(583, bytes);
    assertInstanceOf(Event.End.class, event);
  }

  @Test
  void shouldHaveThreeSegments_whenTheKernelsServerClosesAtOnce() throws Exception {
    List<String> seen = askTheKernel(false);
    // Its thread has 40 ms to close before the kernel acknowledges our FIN without its own.
    for (int i = 1; i < TRIES && seen.equals(FOUR); i++) {
      seen = askTheKernel(false);
    }

    assertEquals(THREE, seen);
  }

  @Test
  void shouldHaveFourSegments_whenTheKernelsServerClosesLater() throws Exception {
    assertEquals(FOUR, askTheKernel(true));
  }
}
