package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel's ping. */
@RequiresRoot
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class PingIT {
  private static DaemonProcess daemon;

  @BeforeAll
  static void start() {
    daemon = DaemonProcess.up();
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static void ping(String count, String... options) {
    String line =
        "ping -c " + count + " " + String.join(" ", options) + " " + DaemonProcess.ADDRESS;
    String out = Run.shell(line).ok().out();
    assertTrue(out.contains(count + " packets transmitted, " + count + " received"), out);
    assertTrue(out.contains(" 0% packet loss"), out);
  }

  @Test
  void shouldAnswer() {
    ping("5", "-i 0.2");
  }

  @Test
  @Tag("ICMP-004")
  void shouldAnswerTheLargest_whichComesInFragments() {
    ping("3", "-i 0.2", "-s 65507");
  }

  @Test
  void shouldAnswerEverySize_upToTwoFragments() {
    // Every length of payload from none to a second fragment, in a handful of steps.
    for (int size : new int[] {0, 1, 7, 8, 1471, 1472, 1473, 1480, 2952, 2953}) {
      ping("1", "-s " + size);
    }
  }

  @Test
  void shouldLoseNothing_whenFlooded() {
    ping("20000", "-f");
  }

  @Test
  void shouldSayThatThePortIsUnreachable_whenADatagramComes() throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(10_000);
      socket.connect(new InetSocketAddress(DaemonProcess.ADDRESS, 9));
      socket.send(new DatagramPacket(new byte[10], 10));

      assertThrows(
          PortUnreachableException.class,
          () -> socket.receive(new DatagramPacket(new byte[10], 10)));
    }
  }

  @Test
  void shouldRefuseConnections_whereNobodyListens() {
    assertThrows(ConnectException.class, () -> new Socket(DaemonProcess.ADDRESS, 9).close());
  }
}
