package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients over the kernel's TCP: curl, wrk, and a bare socket. */
@RequiresRoot
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class HttpIT {
  private static final int PERIOD = 251;

  /** Odd, so that the last segment is not a full one, and larger than every buffer on the way. */
  private static final int LARGE = 30_000_001;

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void start() {
    daemon = DaemonProcess.up();
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @AfterEach
  void nothingWasComplainedOf() {
    assertEquals("", daemon.errors());
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % PERIOD);
    }
    return bytes;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static Path patternFile(int length) throws IOException {
    return Files.write(directory.resolve("pattern-" + length), pattern(length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--http1.0", "--no-keepalive", "-H 'Connection: close'"})
  void shouldSayHello(String options) {
    assertEquals("hello\n", Curl.get(options + " SITE/hello"));
  }

  @Test
  void shouldServeEveryRequestOfAConnection() {
    // Behind each answer curl says how many connections it opened for it.
    assertEquals(
        "hello\n1hello\n0hello\n0",
        Curl.get("-w '%{num_connects}' SITE/hello SITE/hello SITE/hello"));
  }

  @Test
  void shouldShowTheVisitorTheirOwnConnection() {
    String page = Curl.get("SITE/");

    assertTrue(page.contains(DaemonProcess.HOST_ADDRESS), page);
    assertTrue(page.contains("ESTABLISHED"), page);
  }

  @Test
  void shouldTellItsCounters() {
    String status = Curl.get("SITE/status");

    assertTrue(status.startsWith("{") && status.contains("\"connections\""), status);
  }

  @Test
  void shouldCountUnderTheKernelsNames() {
    List<String> kernels = names(Run.command("nstat", "-asz").ok().out());
    List<String> ours =
        names(Curl.get("SITE/nstat")).stream()
            .filter(name -> !name.matches("(Tun|Http|Drop\\.|Send\\.).*"))
            .toList();

    assertTrue(ours.containsAll(List.of("IpInReceives", "TcpPassiveOpens", "TcpExtTCPTimeouts")));
    assertEquals(List.of(), ours.stream().filter(name -> !kernels.contains(name)).toList());
  }

  private static List<String> names(String table) {
    return table.lines().skip(1).map(line -> line.split(" ", 2)[0]).toList();
  }

  @Test
  void shouldAnswerHeadWithoutABody() {
    String head = Curl.get("--head SITE/bytes?n=1000003");

    assertTrue(head.startsWith("HTTP/1.1 200"), head);
    assertTrue(head.contains("Content-Length: 1000003\r\n"), head);
  }

  @ParameterizedTest
  @CsvSource({"404, SITE/nowhere", "405, -X DELETE SITE/hello", "400, SITE/bytes?n=many"})
  void shouldNameTheError(int status, String options) {
    assertEquals(String.valueOf(status), Curl.get("-o /dev/null -w '%{http_code}' " + options));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1459, 1460, 1461, 65_536, 1_000_003, LARGE})
  void shouldDeliverEveryByte_whenDownloading(int length) throws Exception {
    Path file = directory.resolve("download");

    Curl.get("-o " + file + " SITE/bytes?n=" + length);

    assertArrayEquals(pattern(length), Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 1025, 1_000_003, LARGE})
  void shouldReceiveEveryByte_whenUploading(int length) throws Exception {
    Path file = patternFile(length);
    String expected = "\"bytes\":" + length + ",\"sha256\":\"" + sha256(pattern(length)) + "\"";

    String digest = Curl.get("--data-binary @" + file + " SITE/digest");
    String chunked =
        Curl.get("-H 'Transfer-Encoding: chunked' --data-binary @" + file + " SITE/digest");
    String put = Curl.get("--upload-file " + file + " SITE/digest");

    assertTrue(digest.replace(" ", "").contains(expected), digest);
    assertEquals(digest, chunked);
    assertEquals(digest, put);
  }

  @Test
  @Tag("SYS-002")
  void shouldCarry300MegabytesEachWay() throws Exception {
    int length = 300_000_007;
    Path file = directory.resolve("huge");
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] period = pattern(PERIOD);
    for (int i = 0; i < length / PERIOD; i++) {
      sha.update(period);
    }
    sha.update(period, 0, length % PERIOD);
    String expected = HexFormat.of().formatHex(sha.digest());

    Curl.get("-o " + file + " SITE/bytes?n=" + length);
    String down = Run.command("sha256sum", file.toString()).ok().out();
    String up = Curl.get("--upload-file " + file + " SITE/digest");
    String chunked = Curl.get("--upload-file - SITE/digest < " + file);
    Files.delete(file);

    assertTrue(down.startsWith(expected), down);
    assertTrue(up.contains(expected), up);
    assertTrue(chunked.contains(expected), chunked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-H 'Transfer-Encoding: chunked'", "-H 'Expect:'"})
  void shouldGiveBackEveryByte_whenEchoing(String options) throws Exception {
    Path file = patternFile(5_000_011);
    Path back = directory.resolve("back");

    Curl.get(options + " -o " + back + " --upload-file " + file + " SITE/echo");

    assertEquals(-1, Files.mismatch(file, back));
  }

  @Test
  void shouldServe64DownloadsAtOnce() throws Exception {
    int length = 1_000_003;
    String expected = sha256(pattern(length));

    String sums =
        Run.shell(
                "seq 64 | xargs -P 64 -I{} sh -c 'curl --silent --show-error --max-time 100 "
                    + Curl.SITE
                    + "/bytes?n="
                    + length
                    + " | sha256sum'")
            .ok()
            .out();

    assertEquals((expected + "  -\n").repeat(64), sums);
  }

  @Test
  void shouldAnswerPipelinedRequestsInOrder() throws Exception {
    String request = "GET /bytes?n=3 HTTP/1.1\r\nHost: x\r\n\r\n";
    String last = "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    try (Socket socket = new Socket(DaemonProcess.ADDRESS, 80)) {
      OutputStream out = socket.getOutputStream();
      out.write((request.repeat(50) + last).getBytes(US_ASCII));

      String answers = new String(socket.getInputStream().readAllBytes(), US_ASCII);

      assertEquals(51, answers.split("HTTP/1.1 200", -1).length - 1);
      assertTrue(answers.endsWith("\r\n\r\nhello\n"), answers);
    }
  }

  @Test
  void shouldAnswer_whenTheClientHasClosedItsHalf() throws Exception {
    try (Socket socket = new Socket(DaemonProcess.ADDRESS, 80)) {
      socket.getOutputStream().write("GET /bytes?n=100000 HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      socket.shutdownOutput();

      InputStream in = socket.getInputStream();
      assertTrue(in.readAllBytes().length > 100_000);
    }
  }

  @Test
  void shouldBearLoadWithoutASocketError() {
    String report = Run.shell("wrk -t1 -c64 -d10s " + Curl.SITE + "/hello").ok().out();

    assertTrue(report.contains("Requests/sec:"), report);
    assertEquals(-1, report.indexOf("Socket errors"), report);
    assertEquals(-1, report.indexOf("Non-2xx"), report);
  }
}
