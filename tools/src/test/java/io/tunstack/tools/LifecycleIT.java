package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From {@code up} to its end. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LifecycleIT {
  private static boolean deviceExists() {
    return Run.command("ip", "link", "show", "dev", DaemonProcess.DEVICE).run().exitCode() == 0;
  }

  @Test
  void shouldMakeTheDeviceAndSayWhatToTypeNext() {
    try (DaemonProcess daemon = DaemonProcess.up()) {
      String said = String.join("\n", daemon.said());
      String link = Run.command("ip", "address", "show", "dev", DaemonProcess.DEVICE).ok().out();

      assertAll(
          () -> assertTrue(said.contains("ping " + DaemonProcess.ADDRESS), said),
          () -> assertTrue(said.contains("curl http://" + DaemonProcess.ADDRESS + "/hello"), said),
          () -> assertTrue(said.endsWith("\nready"), said),
          () -> assertTrue(link.contains("inet " + DaemonProcess.HOST_ADDRESS + "/24"), link),
          () -> assertTrue(link.contains("mtu 1500"), link),
          () -> assertTrue(link.contains("qlen 10000"), link),
          () -> assertEquals("", daemon.errors()));
    }
    assertFalse(deviceExists());
  }

  @Test
  void shouldDoAsItsFlagsSay() {
    try (DaemonProcess daemon =
        DaemonProcess.up(
            "--tun",
            "web7",
            "--address",
            "192.168.99.20/28",
            "--host-address",
            "192.168.99.30",
            "--mtu",
            "9000",
            "--http",
            "8080")) {
      String link = Run.command("ip", "address", "show", "dev", "web7").ok().out();

      assertTrue(link.contains("inet 192.168.99.30/28"), link);
      assertTrue(link.contains("mtu 9000"), link);
      Run.command("ping", "-c", "1", "-s", "8900", "-M", "do", "192.168.99.20").ok();
      assertEquals(
          "hello\n", Run.command("curl", "-sS", "http://192.168.99.20:8080/hello").ok().out());
      assertEquals(0, daemon.terminate(), daemon::errors);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  @Tag("SYS-005")
  void shouldSayGoodbyeWithFinAndEndWithZero_whenAskedToStop(String signal) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.up();
        Socket open = new Socket(DaemonProcess.ADDRESS, 80)) {
      Thread peer = new Thread(() -> closeAfterFin(open), "peer");
      peer.start();

      assertEquals(0, daemon.signal(signal), daemon::errors);

      peer.join();
      assertTrue(open.isClosed(), "the peer did not see a FIN");
      assertFalse(deviceExists());
      assertEquals("stopped", daemon.said().get(daemon.said().size() - 1));
      assertEquals("", daemon.errors());
    }
  }

  /** A RST would make the read throw, and leave the socket open. */
  private static void closeAfterFin(Socket socket) {
    try {
      if (socket.getInputStream().read() < 0) {
        socket.close();
      }
    } catch (IOException e) {
      throw new AssertionError("no FIN", e);
    }
  }

  @Test
  void shouldEndWithZeroAllTheSame_whenAPeerKeepsItsEndOpen() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.up();
        Socket open = new Socket(DaemonProcess.ADDRESS, 80)) {
      assertEquals(0, daemon.terminate(), daemon::errors);
      assertTrue(open.isConnected());
      assertFalse(deviceExists());
    }
  }

  @Test
  @Tag("SYS-001")
  void shouldEndWithAMessage_whenTheDeviceIsDeleted() {
    try (DaemonProcess daemon = DaemonProcess.up()) {
      Run.command("ip", "link", "delete", "dev", DaemonProcess.DEVICE).ok();

      assertEquals(1, daemon.awaitExit());
      assertTrue(daemon.errors().startsWith("tunstack: The device tunstack0 is gone"));
    }
  }

  @Test
  @Tag("SYS-001")
  void shouldGoOn_whenTheInterfaceWasDownAndItsMtuChanged_duringATransfer(@TempDir Path directory)
      throws Exception {
    int length = 40_000_000;
    Path file = directory.resolve("download");
    try (DaemonProcess daemon = DaemonProcess.up()) {
      CompletableFuture<Run.Result> transfer =
          CompletableFuture.supplyAsync(
              () -> Curl.run("--limit-rate 20M -o " + file + " SITE/bytes?n=" + length),
              task -> new Thread(task, "transfer").start());
      for (int i = 0; i < 3; i++) {
        awaitLength(file, length / 10 * (2L * i + 1));
        Run.command("ip", "link", "set", "dev", DaemonProcess.DEVICE, "down").ok();
        Run.command("ip", "link", "set", "dev", DaemonProcess.DEVICE, "up").ok();
        Run.command("ip", "link", "set", "dev", DaemonProcess.DEVICE, "mtu", "1400").ok();
        Run.command("ip", "link", "set", "dev", DaemonProcess.DEVICE, "mtu", "1500").ok();
        assertFalse(transfer.isDone(), "the transfer was too short for this test");
      }
      transfer.get().ok();
      assertEquals(length, Files.size(file));
      assertEquals(0, daemon.terminate(), daemon::errors);
    }
  }

  private static void awaitLength(Path file, long length) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (file.toFile().length() < length) {
      assertFalse(never.await(10, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  @Tag("SYS-001")
  void shouldGoOn_whenTheInterfaceWasDown() {
    try (DaemonProcess daemon = DaemonProcess.up()) {
      Run.command("ip", "link", "set", "dev", DaemonProcess.DEVICE, "down").ok();
      Run.command("ip", "link", "set", "dev", DaemonProcess.DEVICE, "up").ok();

      Run.command("ping", "-c", "2", "-i", "0.2", DaemonProcess.ADDRESS).ok();
      assertEquals(0, daemon.terminate(), daemon::errors);
    }
  }

  @Test
  void shouldLeaveAPersistentDeviceAsItWas() {
    Run.shell("ip tuntap add dev mine mode tun && ip address add 10.80.0.1/24 dev mine").ok();
    try (DaemonProcess daemon = DaemonProcess.up("--tun", "mine", "--address", "10.80.0.2/24")) {
      Run.command("ping", "-c", "1", "10.80.0.2").ok();
      assertEquals(0, daemon.terminate(), daemon::errors);

      String link = Run.command("ip", "address", "show", "dev", "mine").ok().out();
      assertTrue(link.contains("10.80.0.1/24"), link);
    } finally {
      Run.command("ip", "tuntap", "del", "dev", "mine", "mode", "tun").ok();
    }
  }

  @Test
  void shouldHoldNoSocketOfTheKernel() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.up()) {
      Run.command("curl", "-sS", "http://" + DaemonProcess.ADDRESS + "/hello").ok();

      List<String> files = openFiles(daemon.pid());

      // A JVM that reads files has half of a socketpair to itself. What the kernel does not list
      // among the sockets of this kind is one of the network.
      String local = Files.readString(Path.of("/proc/" + daemon.pid() + "/net/unix"));
      List<String> sockets =
          files.stream()
              .filter(file -> file.startsWith("socket:["))
              .filter(file -> !local.contains(" " + file.replaceAll("[^0-9]", "") + "\n"))
              .toList();
      assertTrue(files.stream().anyMatch(file -> file.contains("/net/tun")), files::toString);
      assertEquals(List.of(), sockets);
    }
  }

  private static List<String> openFiles(long pid) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return descriptors.map(LifecycleIT::target).toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed since";
    }
  }
}
