package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a third party says of our packets: tshark, over a capture of pings and of curl's calls. */
@RequiresRoot
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class CaptureIT {
  /** Handshake, data and both FINs were seen: 1 + 2 + 4 + 8 + 16. */
  private static final String COMPLETE = "31";

  private static final int CONNECTIONS = 20;
  private static final String OURS = "ip.src == " + DaemonProcess.ADDRESS;

  @TempDir private static Path directory;
  private static DaemonProcess daemon;
  private static Capture capture;

  @BeforeAll
  static void record() throws IOException {
    Path body = Files.write(directory.resolve("body"), new byte[500_001]);
    // With offload the kernel would show checksums that are not computed yet.
    daemon = DaemonProcess.up("--no-offload");
    capture = Capture.start(directory.resolve("capture.pcapng"));
    for (int i = 0; i < CONNECTIONS - 4; i++) {
      Curl.get("SITE/bytes?n=" + i * 3001);
    }
    Curl.get("--http1.0 SITE/hello");
    Curl.get("SITE/hello SITE/status SITE/bytes?n=500001 -o /dev/null -o /dev/null -o /dev/null");
    Curl.get("--data-binary @" + body + " SITE/digest");
    Curl.get("-H 'Transfer-Encoding: chunked' --data-binary @" + body + " SITE/echo -o /dev/null");
    Run.command("ping", "-c", "2", "-i", "0.2", "-s", "65507", DaemonProcess.ADDRESS).ok();
  }

  @AfterAll
  static void stop() {
    capture.close();
    daemon.close();
  }

  private static void assertNone(String filter) {
    assertEquals(List.of(), capture.list("_ws.col.Info", filter), filter);
  }

  @Test
  void shouldHaveSeenEveryConnectionFromItsHandshakeToBothFins() {
    Set<String> streams = new HashSet<>(capture.list("tcp.stream", "tcp"));
    Set<String> completeness = new HashSet<>(capture.list("tcp.completeness", "tcp"));

    assertEquals(CONNECTIONS, streams.size());
    assertEquals(Set.of(COMPLETE), completeness);
  }

  @Test
  @Tag("IP-011")
  void shouldHaveChecksumsThatAreRight() {
    // 1 is "good": so the checks were made.
    assertEquals(
        Set.of("1"), new HashSet<>(capture.list("tcp.checksum.status", "tcp and " + OURS)));
    assertEquals(Set.of("1"), new HashSet<>(capture.list("ip.checksum.status", OURS)));
    assertNone("icmp.checksum.status == 0");
    assertNone("ip.src != " + DaemonProcess.ADDRESS + " and ip.src != 10.77.0.1");
  }

  @Test
  void shouldBeWellFormed() {
    assertNone("_ws.malformed or ip.bogus_header_length or tcp.option.len.invalid");
    assertNone("_ws.expert.severity == error");
  }

  @Test
  void shouldNeitherResetNorRepeat() {
    assertNone("tcp.flags.reset == 1");
    assertNone("(tcp.analysis.retransmission or tcp.analysis.out_of_order) and " + OURS);
    // A machine that stood still makes curl's side repeat itself; to be told so is its right.
    String told = "tcp.analysis.duplicate_ack and tcp.options.sack.dsack and " + OURS;
    String repeated = "tcp.analysis.retransmission and ip.dst == " + DaemonProcess.ADDRESS;
    assertNone("tcp.analysis.duplicate_ack and not tcp.options.sack.dsack and " + OURS);
    assertTrue(
        capture.list("frame.number", told).size() <= capture.list("frame.number", repeated).size());
  }

  @Test
  void shouldOfferWhatTheRfcsAskOfAHandshake() {
    List<String> options =
        capture.list("tcp.options", "tcp.flags.syn == 1 and tcp.flags.ack == 1 and " + OURS);

    assertEquals(CONNECTIONS, options.size());
    List<String> scales =
        capture.list("tcp.options.wscale.shift", "tcp.flags.syn == 1 and " + OURS);
    List<String> sizes = capture.list("tcp.options.mss_val", "tcp.flags.syn == 1 and " + OURS);
    assertTrue(scales.stream().allMatch(shift -> shift.matches("[0-9]+")), scales::toString);
    assertEquals(Set.of("1460"), new HashSet<>(sizes));
    assertEquals(
        CONNECTIONS,
        capture
            .list("tcp.stream", "tcp.flags.syn == 1 and tcp.options.sack_perm and " + OURS)
            .size());
    assertEquals(
        CONNECTIONS,
        capture
            .list("tcp.stream", "tcp.flags.syn == 1 and tcp.options.timestamp and " + OURS)
            .size());
  }
}
