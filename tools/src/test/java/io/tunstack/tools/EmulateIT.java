package io.tunstack.tools;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tunstack.link.DelayLine;
import io.tunstack.link.Impairment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The emulator between two kernels. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class EmulateIT {
  private static final int LEFT = 0x0a4d0101;
  private static final int RIGHT = 0x0a4d0102;
  private static final String LEFT_ADDRESS = "10.77.1.1/24";
  private static final String RIGHT_ADDRESS = "10.77.1.2/24";
  private static final String RIGHT_HOST = "10.77.1.2";
  private static final int PINGS = 300;

  private static DaemonProcess emulate(String flags) {
    return DaemonProcess.start(
        "emulate", ("--left ta --right tb " + flags).strip().split(" +", -1));
  }

  @Test
  void shouldTakeTwiceTheDelay_whenTheDevicesAreInOtherNamespaces() {
    try (Namespace left = Namespace.make();
        Namespace right = Namespace.make();
        DaemonProcess emulator = emulate("--delay 25ms")) {
      left.adopt("ta", LEFT_ADDRESS);
      right.adopt("tb", RIGHT_ADDRESS);

      String out = left.run("ping", "-c", "20", "-i", "0.05", RIGHT_HOST).ok().out();

      assertTrue(out.contains(" 0% packet loss"), out);
      Matcher times = Pattern.compile("rtt min/avg/max/mdev = ([0-9.]+)/").matcher(out);
      assertTrue(times.find(), out);
      assertTrue(Double.parseDouble(times.group(1)) >= 50, out);
      assertEquals(0, emulator.terminate(), emulator::errors);
      assertTrue(emulator.said().contains("stopped"), emulator.said()::toString);
      assertTrue(emulator.said().contains("ta to tb: delay 25 ms"), emulator.said()::toString);
    }
  }

  @Test
  void shouldLoseThePacketsThatTheSeedSays() {
    try (Namespace left = Namespace.make();
        Namespace right = Namespace.make();
        DaemonProcess emulator = emulate("--loss 10% --seed 7")) {
      left.adopt("ta", LEFT_ADDRESS);
      right.adopt("tb", RIGHT_ADDRESS);

      // Its exit code tells only whether any answer came.
      String out =
          left.run("ping", "-c", String.valueOf(PINGS), "-i", "0.002", "-W", "1", RIGHT_HOST).out();

      Set<Integer> answered =
          Pattern.compile("icmp_seq=([0-9]+) ")
              .matcher(out)
              .results()
              .map(found -> Integer.valueOf(found.group(1)))
              .collect(toCollection(TreeSet::new));
      assertEquals(expectedAnswers(), answered, emulator::errors);
    }
  }

  private static Set<Integer> expectedAnswers() {
    Impairment loss = Impairment.NONE.withLoss(0.1);
    DelayLine there = new DelayLine(loss, 14);
    DelayLine back = new DelayLine(loss, 15);
    Set<Integer> expected = new TreeSet<>();
    for (int number = 1; number <= PINGS; number++) {
      if (there.offer(icmp(LEFT, RIGHT), 0) && back.offer(icmp(RIGHT, LEFT), 0)) {
        expected.add(number);
      }
    }
    return expected;
  }

  private static byte[] icmp(int from, int to) {
    ByteBuffer packet = ByteBuffer.allocate(84).put(0, (byte) 0x45).put(9, (byte) 1);
    return packet.putInt(12, from).putInt(16, to).array();
  }

  @Test
  void shouldCarryTcp_howeverBadThePathIs(@TempDir Path folder) throws IOException {
    byte[] content = new byte[1 << 20];
    new Random(1).nextBytes(content);
    HttpServer server = HttpServer.create();
    String flags =
        "--rate 100mbit --delay 2ms --jitter 1ms --loss 1% --gemodel 0.2%,30% --duplicate 1%"
            + " --reorder 1% --corrupt 0.5% --queue 50kB --aqm codel --ecn";
    try (Namespace right = Namespace.make();
        DaemonProcess emulator = emulate(flags)) {
      Run.command("ip", "address", "add", LEFT_ADDRESS, "dev", "ta").ok();
      right.adopt("tb", RIGHT_ADDRESS);
      server.bind(new InetSocketAddress("10.77.1.1", 0), 1);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
          });
      server.start();
      Path file = folder.resolve("content");

      String url = "http://10.77.1.1:" + server.getAddress().getPort() + "/";
      right.run("curl", "-sS", "--max-time", "90", "-o", file.toString(), url).ok();

      assertArrayEquals(content, Files.readAllBytes(file));
      assertEquals(0, emulator.signal("INT"), emulator::errors);
      assertTrue(
          emulator.said().stream().anyMatch(line -> line.matches("  lost [1-9].*")),
          emulator.said()::toString);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldEndWithAMessage_whenADeviceIsDeleted() {
    try (DaemonProcess emulator = emulate("")) {
      Run.command("ip", "link", "del", "tb").ok();

      assertEquals(1, emulator.awaitExit());
      assertTrue(emulator.errors().contains("tb is gone"), emulator.errors());
      assertFalse(Run.command("ip", "link", "show", "dev", "ta").run().exitCode() == 0);
    }
  }
}
