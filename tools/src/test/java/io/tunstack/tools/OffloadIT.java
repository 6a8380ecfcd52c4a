package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left to the kernel, and what the kernel leaves to us. The kernel's own TCP believes us
 * whatever the checksums are; so a second stack asks, on a device without offload, and the kernel
 * has to finish between the two what the first has left to it.
 *
 * <pre>
 *   daemon ---- tunstack0, offload | kernel, forwarding | a plain TUN ---- tunstack get
 * </pre>
 */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class OffloadIT {
  /** Odd, so that the last segment is not a full one. */
  private static final int LENGTH = 5_000_011;

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void start() throws IOException {
    daemon = DaemonProcess.up();
    Run.shell("echo 1 > /proc/sys/net/ipv4/ip_forward").ok();
    assertEquals(0, status().get("counters").get("TunOffloadFallbacks").asInt());
  }

  @AfterAll
  static void stop() {
    assertEquals("", daemon.errors());
    daemon.close();
  }

  private static JsonNode status() throws IOException {
    return new JsonMapper().readTree(Curl.get("SITE/status"));
  }

  private static long counter(String name) throws IOException {
    return status().get("counters").get(name).asLong();
  }

  @Test
  @Tag("SYS-004")
  void shouldLeaveToTheKernel_whatItCanFinish() throws IOException {
    Path file = directory.resolve("got");

    Run.command(
            DaemonProcess.command("get", "-o", file.toString(), Curl.SITE + "/bytes?n=" + LENGTH))
        .ok();

    byte[] got = Files.readAllBytes(file);
    assertEquals(LENGTH, got.length);
    for (int i = 0; i < LENGTH; i++) {
      assertEquals((byte) (i % 251), got[i], "byte " + i);
    }
  }

  @Test
  @Tag("SYS-004")
  void shouldTakeFromTheKernel_whatItHasNotFinished() throws Exception {
    byte[] bytes = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      bytes[i] = (byte) ((i * 31) >> 3);
    }
    Path file = Files.write(directory.resolve("sent"), bytes);
    long packets = counter("IpInReceives");
    long segments = counter("TcpInSegs");

    String digest = Curl.get("--data-binary @" + file + " SITE/digest").strip();

    assertTrue(
        digest.contains(
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))),
        digest);
    packets = counter("IpInReceives") - packets;
    segments = counter("TcpInSegs") - segments;
    assertTrue(segments > LENGTH / 1460, segments + " segments");
    assertTrue(packets < segments / 2, packets + " packets, " + segments + " segments");
    assertEquals(0, counter("TcpInCsumErrors"));
  }
}
