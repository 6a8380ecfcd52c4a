package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionSocketTest {
  private final SocketRig rig = new SocketRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void shouldTellBothSides_whenTheConnectionStands() {
    TcpSocket socket = rig.connect();
    assertEquals(List.of("connected"), rig.atClient.events);
    assertEquals(List.of("connected"), rig.atServer.events);
    assertEquals(SocketRig.SERVER, socket.remoteAddress());
    assertEquals(socket.localAddress(), rig.accepted.get(0).remoteAddress());
    assertEquals(SocketRig.SERVER, rig.accepted.get(0).localAddress());
    assertEquals("10.0.0.2", socket.localAddress().getAddress().getHostAddress());
    assertTrue(socket.isOpen());
    assertEquals(TcpState.ESTABLISHED, socket.info().state());
  }

  @Test
  void shouldMoveBytesAndTheEnd() {
    TcpSocket socket = rig.connect();
    assertEquals(3, socket.write(ByteBuffer.wrap(new byte[] {1, 2, 3})));
    socket.shutdownOutput();
    socket.shutdownOutput();
    assertThrows(IllegalStateException.class, () -> socket.write(ByteBuffer.allocate(1)));
    assertEquals(0, socket.writable());
    rig.simulation.settle();
    TcpSocket peer = rig.accepted.get(0);
    assertEquals(3, peer.available());
    ByteBuffer target = ByteBuffer.allocate(2);
    assertEquals(2, peer.read(target));
    assertEquals(0, peer.read(target), "no room is not the end");
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), target.flip());
    assertEquals(1, peer.read(target.clear()));
    assertEquals(-1, peer.read(target.clear()));
    peer.close();
    rig.simulation.settle();
    assertEquals(-1, socket.read(target));
    assertEquals(List.of("connected", "readable", "FINISHED"), rig.atServer.events);
    rig.simulation.settle();
    assertEquals(List.of("connected", "readable", "FINISHED"), rig.atClient.events);
    assertFalse(socket.isOpen());
    assertEquals(1, rig.client.stack().tcp().timeWaitCount());
  }

  @Test
  void shouldComeBack_whenARefusedWriteHasRoomAgain() {
    TcpSocket socket = rig.connect();
    int room = socket.writable();
    ByteBuffer tooMuch = ByteBuffer.allocate(room + 1);
    assertEquals(room, socket.write(tooMuch));
    assertEquals(1, tooMuch.remaining());
    assertEquals(0, socket.writable());
    rig.atServer.whenReadable =
        peer -> {
          while (peer.read(ByteBuffer.allocate(65_536)) > 0) {
            // The application takes all.
          }
        };
    assertTrue(
        rig.simulation.runUntil(
            () -> rig.atClient.events.contains("writable"), Duration.ofSeconds(5)));
    assertTrue(socket.writable() >= room / 2);
  }

  @Test
  void shouldTellThePeer_whenAborted() {
    TcpSocket socket = rig.connect();
    socket.abort();
    rig.simulation.settle();
    assertEquals(List.of("connected", "ABORTED"), rig.atClient.events);
    assertEquals(List.of("connected", "RESET"), rig.atServer.events);
    assertEquals(-1, socket.read(ByteBuffer.allocate(1)));
    assertThrows(IllegalStateException.class, () -> socket.write(ByteBuffer.allocate(1)));
  }

  @Test
  void shouldResetThePeer_whenClosedWithBytesUnread() {
    TcpSocket socket = rig.connect();
    socket.write(ByteBuffer.allocate(10));
    rig.simulation.settle();
    rig.accepted.get(0).close();
    rig.simulation.settle();
    assertEquals(List.of("connected", "readable", "ABORTED"), rig.atServer.events);
    assertEquals(List.of("connected", "RESET"), rig.atClient.events);
  }

  @Test
  void shouldSendTheSmallPieceAtOnce_whenNagleIsOff() {
    TcpSocket socket = rig.connect();
    rig.simulation.path(rig.server, rig.client).setUp(false);
    socket.write(ByteBuffer.allocate(1));
    rig.simulation.settle();
    socket.write(ByteBuffer.allocate(1));
    rig.simulation.settle();
    assertEquals(1, rig.accepted.get(0).available(), "Nagle waits for the acknowledgment");
    socket.setNoDelay(true);
    rig.simulation.settle();
    assertEquals(2, rig.accepted.get(0).available());
  }

  @Test
  void shouldHarmNobodyElse_whenAHandlerThrows() {
    TcpSocket other = rig.connect();
    rig.atServer.whenReadable =
        socket -> {
          throw new IllegalStateException("as planned");
        };
    TcpSocket unlucky = rig.connect();
    unlucky.write(ByteBuffer.allocate(1));
    rig.simulation.settle();
    assertFalse(unlucky.isOpen());
    assertTrue(other.isOpen());
    assertEquals(1, rig.server.stack().counters().get(Counter.TCP_ABORT_ON_CALLBACK));
  }

  @Test
  void shouldLeaveInPlace_whatIsOnlyPeekedAt() {
    TcpSocket socket = rig.connect();
    socket.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    socket.shutdownOutput();
    rig.simulation.settle();
    TcpSocket peer = rig.accepted.get(0);
    ByteBuffer peeked = ByteBuffer.allocate(2);
    assertEquals(2, peer.peek(peeked));
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), peeked.flip());
    assertEquals(3, peer.available());
    assertEquals(3, peer.read(ByteBuffer.allocate(10)));
    assertEquals(-1, peer.peek(ByteBuffer.allocate(1)));
    assertTrue(peer.isOpen());
    assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
  }

  @Test
  void shouldTellWhatItIsReadyFor() {
    TcpSocket socket = rig.connect();
    TcpSocket peer = rig.accepted.get(0);
    assertEquals(Readiness.WRITABLE, socket.readiness());
    socket.write(ByteBuffer.allocate(1));
    rig.simulation.settle();
    assertEquals(Readiness.WRITABLE | Readiness.READABLE, peer.readiness());
    socket.shutdownOutput();
    rig.simulation.settle();
    assertEquals(0, socket.readiness());
    assertEquals(Readiness.WRITABLE | Readiness.READABLE | Readiness.INPUT_ENDED, peer.readiness());
    peer.read(ByteBuffer.allocate(1));
    peer.shutdownOutput();
    assertEquals(Readiness.READABLE | Readiness.INPUT_ENDED | Readiness.HANGUP, peer.readiness());
    peer.close();
    socket.abort();
    assertEquals(
        Readiness.READABLE | Readiness.INPUT_ENDED | Readiness.HANGUP | Readiness.ERROR,
        socket.readiness());
  }

  @Test
  void shouldTellWhatWentWrong() {
    TcpSocket socket = rig.connect();
    assertEquals(Optional.empty(), socket.lastError());
    socket.abort();
    rig.simulation.settle();
    assertEquals(Optional.of(new TcpError.Aborted()), socket.lastError());
    assertEquals(Optional.of(new TcpError.Reset()), rig.accepted.get(0).lastError());
    rig.listener.close();
    assertEquals(Optional.of(new TcpError.Refused()), rig.connect().lastError());
  }

  @Test
  void shouldTell_whenEverythingHasArrived() {
    TcpSocket socket = rig.connect();
    socket.write(ByteBuffer.allocate(10));
    socket.shutdownOutput();
    assertFalse(rig.atClient.flushed);
    rig.simulation.run(Duration.ofMillis(100));
    assertTrue(rig.atClient.flushed);
  }
}
