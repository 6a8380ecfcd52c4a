package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.udp.UdpDatagram;
import io.tunstack.udp.UdpError;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** UDP between two simulated hosts. */
class UdpSocketTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.1", 7);

  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost server = simulation.host("10.0.0.1/24").start();
  private final SimulatedHost client = simulation.host("10.0.0.2/24").start();
  private final List<UdpDatagram> answers = new ArrayList<>();
  private final List<UdpError> errors = new ArrayList<>();

  /** Notes what comes. */
  private final class Recorder implements UdpHandler {
    @Override
    public void onReadable(UdpSocket socket) {
      for (Optional<UdpDatagram> next = socket.receive();
          next.isPresent();
          next = socket.receive()) {
        answers.add(next.get());
      }
    }

    @Override
    public void onError(UdpSocket socket, UdpError error) {
      errors.add(error);
    }
  }

  private UdpSocket echoServer() {
    return server
        .sockets()
        .bindUdp(
            7, socket -> socket.receive().ifPresent(got -> socket.send(got.text(), got.source())));
  }

  private UdpSocket bindClient() {
    return client.sockets().bindUdp(0, new Recorder());
  }

  @AfterEach
  void close() {
    simulation.close();
  }

  @Test
  void shouldCarryAQuestionAndAnAnswer() {
    UdpSocket echo = echoServer();
    UdpSocket socket = bindClient();
    assertEquals("0.0.0.0", socket.localAddress().getAddress().getHostAddress());
    assertTrue(socket.send(ByteBuffer.wrap(new byte[] {4, 2}), SERVER));
    simulation.settle();
    assertEquals(1, answers.size());
    assertEquals(ByteBuffer.wrap(new byte[] {4, 2}), answers.get(0).text());
    assertEquals(SERVER, answers.get(0).source());
    assertTrue(echo.isOpen());
  }

  @Test
  void shouldCarryTheLargestDatagramThereIs() {
    UdpSocket echo = echoServer();
    UdpSocket socket = bindClient();
    socket.connect(SERVER);
    assertEquals(Optional.of(SERVER), socket.remoteAddress());
    assertEquals(1472, socket.uncutLength(SERVER));
    socket.send(ByteBuffer.allocate(65_507));
    simulation.settle();
    assertEquals(65_507, answers.get(0).length());
    assertEquals(new InetSocketAddress("0.0.0.0", 7), echo.localAddress());
  }

  @Test
  @Requirement("UDP-005")
  void shouldHearThatNobodyListens() {
    UdpSocket socket = bindClient();
    socket.connect(SERVER);
    socket.send(ByteBuffer.allocate(1));
    simulation.settle();
    assertEquals(List.of(new UdpError(3, 3, SERVER)), errors);
    socket.disconnect();
    assertEquals(Optional.empty(), socket.remoteAddress());
  }

  @Test
  void shouldTalkToItself() {
    InetSocketAddress own = new InetSocketAddress("10.0.0.2", 9);
    UdpSocket socket = client.sockets().bindUdp(own, new Recorder());
    socket.send(ByteBuffer.allocate(3), own);
    simulation.settle();
    assertEquals(3, answers.get(0).length());
    assertEquals(own, answers.get(0).source());
  }

  @Test
  void shouldRefuseNames() {
    UdpSocket socket = bindClient();
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("host.example", 7);
    assertThrows(
        IllegalArgumentException.class, () -> socket.send(ByteBuffer.allocate(1), unresolved));
  }

  @Test
  void shouldPassItsOptionsOn() {
    UdpSocket socket = bindClient();
    socket.setDontFragment(true);
    assertThrows(
        IllegalArgumentException.class, () -> socket.send(ByteBuffer.allocate(1473), SERVER));
    assertThrows(IllegalArgumentException.class, () -> socket.setDscp(64));
    assertThrows(IllegalArgumentException.class, () -> socket.setTimeToLive(0));
    assertThrows(IllegalArgumentException.class, () -> socket.setReceiveBuffer(0));
  }

  @Test
  void shouldBeClosed_whenItsApplicationOrTheStackSaysSo() {
    UdpSocket socket = bindClient();
    UdpSocket other = bindClient();
    socket.close();
    assertFalse(socket.isOpen());
    assertTrue(other.isOpen());
    client.stack().close();
    assertFalse(other.isOpen());
  }
}
