package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.net.BlockingSockets;
import io.tunstack.net.BlockingUdpSocket;
import io.tunstack.net.Sockets;
import io.tunstack.net.UdpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.time.SystemClock;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunLink;
import io.tunstack.udp.UdpDatagram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our UDP and the kernel's, over a real device. */
@RequiresRoot
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class UdpIT {
  private static final int PORT = 7;
  private static final int CLOSED = 9;
  private static final int LARGEST = 65_507;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final InetSocketAddress OURS = new InetSocketAddress("10.77.0.2", PORT);
  private static final String KERNEL = "10.77.0.1";

  private Stack stack;
  private StackThread thread;
  private BlockingSockets sockets;
  private DatagramSocket kernel;

  @BeforeEach
  void start() throws Exception {
    stack =
        Stack.builder(TunLink.open(TunConfig.builder().build()), new SystemClock())
            .address("10.77.0.2/24")
            .build();
    thread = StackThread.start(stack, "tunstack");
    sockets = BlockingSockets.on(stack, thread);
    thread.submit(() -> Sockets.on(stack).bindUdp(PORT, UdpIT::echo)).join();
    kernel = new DatagramSocket();
    kernel.setSoTimeout((int) LONG.toMillis());
  }

  @AfterEach
  void stop() {
    kernel.close();
    thread.close();
  }

  private static void echo(UdpSocket socket) {
    for (Optional<UdpDatagram> next = socket.receive(); next.isPresent(); next = socket.receive()) {
      socket.send(next.get().text(), next.get().source());
    }
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (i % 251);
    }
    return text;
  }

  @Test
  @Tag("UDP-004")
  @Tag("IP-017")
  void shouldGiveTheKernelBackWhatItSends_whateverItsLength() throws IOException {
    for (int length : new int[] {0, 1, 2, 1471, 1472, 1473, 9000, LARGEST}) {
      kernel.send(new DatagramPacket(text(length), length, OURS));
      DatagramPacket answer = new DatagramPacket(new byte[LARGEST], LARGEST);
      kernel.receive(answer);
      assertEquals(length, answer.getLength());
      assertEquals(OURS, answer.getSocketAddress());
      byte[] got = new byte[length];
      System.arraycopy(answer.getData(), 0, got, 0, length);
      assertArrayEquals(text(length), got);
    }
    assertEquals(0, counter(Counter.UDP_IN_ERRORS));
  }

  @Test
  @Tag("UDP-005")
  void shouldHearFromTheKernelThatNobodyListens() throws IOException {
    try (BlockingUdpSocket socket = sockets.bindUdp(0)) {
      socket.connect(new InetSocketAddress(KERNEL, CLOSED));
      socket.send(ByteBuffer.wrap(text(5)));
      assertThrows(PortUnreachableException.class, () -> socket.receive(LONG));
    }
  }

  @Test
  @Tag("UDP-006")
  void shouldNotTakeWhatAnotherPortSends_whenConnected() throws IOException {
    try (BlockingUdpSocket socket = sockets.bindUdp(0);
        DatagramSocket other = new DatagramSocket()) {
      InetSocketAddress ours =
          new InetSocketAddress(OURS.getAddress(), socket.localAddress().getPort());
      socket.connect(new InetSocketAddress(KERNEL, kernel.getLocalPort()));
      other.connect(ours);
      other.setSoTimeout((int) LONG.toMillis());
      other.send(new DatagramPacket(text(3), 3));
      assertThrows(
          PortUnreachableException.class,
          () -> other.receive(new DatagramPacket(new byte[10], 10)));
      assertThrows(SocketTimeoutException.class, () -> socket.receive(Duration.ZERO));
      kernel.send(new DatagramPacket(text(4), 4, ours));
      assertEquals(4, socket.receive(LONG).length());
    }
  }

  @Test
  void shouldCountWhatDoesNotFit_whenNobodyReads() throws Exception {
    thread
        .submit(
            () -> {
              Sockets.on(stack).bindUdp(8, socket -> {}).setReceiveBuffer(10_000);
              return null;
            })
        .join();
    for (int i = 0; i < 100; i++) {
      kernel.send(new DatagramPacket(text(1000), 1000, OURS.getAddress(), 8));
    }
    // The echo of one more says that all of them have been looked at.
    kernel.send(new DatagramPacket(text(1), 1, OURS));
    kernel.receive(new DatagramPacket(new byte[10], 10));
    assertEquals(92, counter(Counter.UDP_RCVBUF_ERRORS));
  }

  private long counter(Counter counter) {
    return thread.submit(() -> stack.counters().get(counter)).join();
  }
}
