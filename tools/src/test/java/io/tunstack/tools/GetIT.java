package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code get} against servers on the kernel's TCP: nginx, and some that follow a script. */
@RequiresRoot
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class GetIT {
  /** The kernel's end of the first device that {@code get} makes. */
  private static final String HOST = "10.77.1.1";

  private static final String SITE = "http://" + HOST + ":" + Nginx.PORT;
  private static final int LARGE = 100_000_000;

  @TempDir private static Path directory;
  private static Nginx nginx;
  private static String digest;

  @BeforeAll
  static void start() throws Exception {
    nginx = Nginx.start(Files.createDirectory(directory.resolve("nginx")));
    Files.writeString(nginx.root.resolve("small"), "hello\n");
    Files.createDirectory(nginx.root.resolve("chunked"));
    Files.writeString(
        nginx.root.resolve("chunked/page"), "<!--#echo var=\"request_method\" -->, in chunks\n");
    byte[] large = new byte[LARGE];
    new Random(9112).nextBytes(large);
    Files.write(nginx.root.resolve("large"), large);
    digest = sha256(large);
  }

  @AfterAll
  static void stop() {
    nginx.close();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    assertFalse(Run.command("ip", "link").ok().out().contains(OwnDevice.NAME));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static Run.Result get(String... words) {
    List<String> command = new ArrayList<>(DaemonProcess.command("get"));
    command.addAll(List.of(words));
    return Run.command(command).run();
  }

  @Test
  void shouldWriteTheBodyAndNothingElse() {
    Run.Result result = get(SITE + "/small").ok();

    assertEquals("hello\n", result.out());
    assertEquals("", result.err());
  }

  @Test
  void shouldDoWhatTheReadmeSays() {
    String readme = Modules.text(Modules.ROOT.resolve("README.md"));
    String line =
        readme
            .substring(readme.indexOf("<!-- the get command -->"))
            .lines()
            .filter(text -> text.startsWith("sudo tools/bin/tunstack get"))
            .findFirst()
            .orElseThrow();

    Run.Result result =
        Run.shell(
                line.replace("sudo tools/bin/tunstack", String.join(" ", DaemonProcess.command())))
            .ok();

    assertTrue(result.err().contains("\n< HTTP/1.1 "), result::toString);
  }

  @Test
  void shouldWriteALargeFile_withEveryByteAsItWas() throws Exception {
    Path file = directory.resolve("received");

    get(SITE + "/large", "-o", file.toString()).ok();

    assertEquals(digest, sha256(Files.readAllBytes(file)));
  }

  @Test
  void shouldWait_whenTheReaderOfItsOutputIsSlow() {
    String line =
        String.join(" ", DaemonProcess.command("get", SITE + "/large")) + " | (sleep 2; sha256sum)";

    assertEquals(digest + "  -\n", Run.shell(line).ok().out());
  }

  @Test
  void shouldTellWhatHappens_whenAskedTo() {
    Run.Result result = get("-v", SITE + "/small").ok();

    assertEquals("hello\n", result.out());
    List<String> lines = result.err().lines().toList();
    assertTrue(lines.get(0).startsWith("*   Trying 10.77.1.1:8080 "), result::toString);
    assertEquals("* Connected to 10.77.1.1 (10.77.1.1) port 8080", lines.get(1));
    assertEquals("> GET /small HTTP/1.1", lines.get(2));
    assertEquals("> Host: 10.77.1.1:8080", lines.get(3));
    assertTrue(lines.contains("> "), result::toString);
    assertTrue(lines.contains("< HTTP/1.1 200 OK"), result::toString);
    assertTrue(lines.contains("< Content-Length: 6"), result::toString);
    assertTrue(lines.contains("< "), result::toString);
  }

  @Test
  void shouldReadChunks() {
    Run.Result result = get("-v", SITE + "/chunked/page").ok();

    assertEquals("GET, in chunks\n", result.out());
    assertTrue(result.err().contains("< Transfer-Encoding: chunked"), result::toString);
  }

  @Test
  void shouldWriteTheHead_whenOnlyThatIsAskedFor() {
    String head = get("--head", SITE + "/large").ok().out();

    assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
    assertTrue(head.contains("\r\nContent-Length: " + LARGE + "\r\n"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
  }

  @Test
  void shouldWriteHeadAndBody_whenBothAreAskedFor() {
    String both = get("-i", SITE + "/small").ok().out();

    assertTrue(both.startsWith("HTTP/1.1 200 OK\r\n"), both);
    assertTrue(both.endsWith("\r\n\r\nhello\n"), both);
  }

  @Test
  void shouldWriteNothing_whenThereIsNothing() throws Exception {
    Path file = directory.resolve("empty");

    get(SITE + "/empty", "-o", file.toString()).ok();

    assertEquals(0, Files.size(file));
  }

  @Test
  void shouldCareForTheStatusOnly_whenAskedToFail() {
    assertTrue(get(SITE + "/nowhere").ok().out().contains("404 Not Found"));

    Run.Result failed = get("--fail", SITE + "/nowhere").exits(22);

    assertEquals("", failed.out());
    assertTrue(failed.err().contains("(22) the server answered 404"), failed::toString);
    get("--fail", SITE + "/moved").ok();
  }

  @Test
  void shouldSendWhatItIsGiven() throws Exception {
    Path file = Files.writeString(directory.resolve("data"), "x=1\ny\n");
    try (KernelServer server =
        KernelServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      get(
              "http://" + HOST + ":" + server.port() + "/a/../b?c",
              "-d",
              "@" + file,
              "-d",
              "z",
              "-H",
              "Accept:",
              "-H",
              "X: y")
          .ok();

      String request = server.request();
      assertTrue(request.startsWith("POST /b?c HTTP/1.1\r\n"), request);
      assertTrue(request.contains("\r\nContent-Length: 6\r\n"), request);
      assertTrue(request.contains("\r\nX: y\r\n"), request);
      assertFalse(request.contains("Accept"), request);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "18, 'HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nhello', hello",
    "18, 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n', hello",
    "52, '', ''",
    "1, 'SSH-2.0-OpenSSH_9.2\\r\\n', ''",
    "8, 'HTTP/1.1 200 OK\\r\\nContent-Length: x5\\r\\n\\r\\nhello', ''",
    "56, 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nx\\r\\n', ''",
  })
  void shouldEndAsCurlDoes_whenTheResponseIsNotWhole(int code, String response, String body)
      throws Exception {
    String bytes = response.replace("\\r\\n", "\r\n");
    try (KernelServer one = KernelServer.answering(bytes);
        KernelServer other = KernelServer.answering(bytes)) {
      Run.Result result = get("http://" + HOST + ":" + one.port() + "/").exits(code);

      assertTrue(result.err().startsWith("tunstack: (" + code + ") "), result::toString);
      assertEquals(body, result.out());
      Run.shell("curl --silent http://127.0.0.1:" + other.port() + "/").run().exits(code);
    }
  }

  @Test
  void shouldEndWith56_whenTheServerResets() throws Exception {
    try (KernelServer server = KernelServer.start(socket -> socket.setSoLinger(true, 0))) {
      Run.Result result = get("http://" + HOST + ":" + server.port() + "/").exits(56);

      assertTrue(result.err().contains("reset the connection"), result::toString);
    }
  }

  @Test
  void shouldEndWith7_whenNobodyListens() {
    Run.Result result = get("http://" + HOST + ":9/").exits(7);

    assertEquals("tunstack: (7) 10.77.1.1:9 refused the connection\n", result.err());
  }

  @Test
  void shouldEndWith28_whenNobodyAnswers() {
    Run.Result beside = get("--connect-timeout", "0.5", "http://10.77.1.9/").exits(28);
    assertTrue(beside.err().contains("only this stack and the kernel"), beside::toString);

    Run.Result beyond = get("--max-time", "0.5", "http://192.0.2.1/").exits(28);
    assertTrue(beyond.err().startsWith("tunstack: (28) "), beyond::toString);

    Run.Result hint = get("--connect-timeout", "0.5", "http://192.0.2.1/").exits(28);
    assertTrue(hint.err().contains("sysctl -w net.ipv4.ip_forward=1"), hint::toString);
  }

  @Test
  void shouldEndWith28_whenTheServerFallsSilent() throws Exception {
    try (KernelServer server =
        KernelServer.start(
            socket -> {
              socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nhel".getBytes(US_ASCII));
              // The client goes away at last.
              assertEquals(-1, socket.getInputStream().read());
            })) {
      Run.Result result =
          get("--max-time", "1", "http://" + HOST + ":" + server.port() + "/").exits(28);

      assertEquals("hel", result.out());
    }
  }

  @Test
  void shouldEndWith23_whenItCannotWrite() {
    get(SITE + "/small", "-o", "/dev/full").exits(23);
    get(SITE + "/small", "-o", directory + "/no/such/folder").exits(23);
  }

  @Test
  void shouldWorkBesideADaemon() {
    try (DaemonProcess daemon = DaemonProcess.up()) {
      String its = "http://" + DaemonProcess.HOST_ADDRESS + ":" + Nginx.PORT + "/small";
      assertEquals("hello\n", get(its).ok().out());
      assertEquals("hello\n", get(SITE + "/small").ok().out());

      // And the daemon itself, once the kernel passes packets on from one device to the other.
      Run.shell("echo 1 > /proc/sys/net/ipv4/ip_forward").ok();
      assertEquals("hello\n", get("http://" + DaemonProcess.ADDRESS + "/hello").ok().out());
      assertEquals(0, daemon.terminate(), daemon::errors);
    } finally {
      Run.shell("echo 0 > /proc/sys/net/ipv4/ip_forward").ok();
    }
  }

  @Test
  void shouldTakeAnotherDeviceAndNetwork_whenTheFirstAreTaken() {
    try (DaemonProcess daemon =
        DaemonProcess.up("--tun", OwnDevice.NAME + "1", "--address", "10.77.2.2/24")) {
      Run.Result result = get("-v", "http://10.77.3.1:" + Nginx.PORT + "/small").ok();

      assertTrue(result.err().contains("through " + OwnDevice.NAME + "3,"), result::toString);
      assertEquals(0, daemon.terminate(), daemon::errors);
    }
  }

  @Test
  void shouldUseTheDeviceAndTheAddressThatItIsGiven() {
    Run.Result result =
        get(
                "-v",
                "--tun",
                "mine",
                "--address",
                "172.30.9.6/29",
                "http://172.30.9.1:" + Nginx.PORT + "/small")
            .ok();

    assertTrue(result.err().contains(" through mine, where this stack is 172.30.9.6"));
  }

  @Test
  void shouldUseADeviceThatWasMadeForIt_whenThePrivilegeIsMissing() {
    Run.command("ip", "tuntap", "add", "dev", "mine", "mode", "tun", "user", "root").ok();
    try {
      Run.command("ip", "address", "add", "10.80.0.9/28", "dev", "mine").ok();
      Run.shell("ip link set dev mine txqueuelen 10000 up").ok();
      List<String> command = withoutPrivilege("--tun", "mine");
      command.add("http://10.80.0.9:" + Nginx.PORT + "/small");

      assertEquals("hello\n", Run.command(command).ok().out());
    } finally {
      Run.command("ip", "tuntap", "del", "dev", "mine", "mode", "tun").ok();
    }
  }

  /** {@code get} as it runs for a user who may not configure the network. */
  private static List<String> withoutPrivilege(String... words) {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"));
    command.addAll(DaemonProcess.command("get"));
    command.addAll(List.of(words));
    return command;
  }

  @Test
  void shouldEndWith126AndSayWhatToType_whenThePrivilegeIsMissing() {
    Run.Result result = Run.command(withoutPrivilege(SITE + "/small")).run().exits(126);

    assertTrue(result.err().contains("sudo ip tuntap add dev tunstack-get1 mode tun"));
  }

  @Test
  void shouldEndWith125_whenThereCanBeNoDevice() {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare", "--mount", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\""));
    command.add("sh");
    command.addAll(DaemonProcess.command("get", SITE + "/small"));

    Run.Result result = Run.command(command).run().exits(125);

    assertTrue(result.err().contains("here is no /dev/net/tun"), result::toString);
  }

  @Test
  void shouldRunSideBySide_whenManyStartAtOnce() {
    String one = String.join(" ", DaemonProcess.command("get", "http://10.99.0.1:8080/small"));
    Run.command("ip", "address", "add", "10.99.0.1/32", "dev", "lo").ok();
    try {
      Run.Result result = Run.shell("for i in 1 2 3 4; do " + one + " & done; wait").ok();

      assertEquals("hello\n".repeat(4), result.out(), result::toString);
    } finally {
      Run.command("ip", "address", "del", "10.99.0.1/32", "dev", "lo").ok();
    }
  }
}
