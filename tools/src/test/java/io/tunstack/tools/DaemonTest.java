package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.link.LinkException;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.time.SystemClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class DaemonTest {
  private static final int PORT = 80;
  private static final Ipv4Config ADDRESS = Ipv4Config.of("10.77.0.2/24");

  private final Cable.Ends cable = Cable.lay();
  private final Stack peer =
      Stack.builder(cable.right(), new SystemClock()).address("10.77.0.1/24").build();
  private final StackThread peerThread = StackThread.start(peer, "peer");

  @AfterEach
  void tearDown() {
    peerThread.close();
  }

  /** A client that keeps what it reads and closes its end when told that the other one did. */
  private static final class Client implements TcpHandler {
    final CompletableFuture<String> greeting = new CompletableFuture<>();
    final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    final boolean closesToo;

    Client(boolean closesToo) {
      this.closesToo = closesToo;
    }

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer target = ByteBuffer.allocate(100);
      int length = socket.read(target);
      if (length > 0) {
        greeting.complete(UTF_8.decode(target.flip()).toString());
        length = socket.read(target.clear());
      }
      if (length < 0 && closesToo) {
        socket.close();
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      closed.complete(reason);
    }
  }

  /**
   * Greets, then neither writes nor reads any more; closes when asked to drain, if it is polite.
   */
  private static final class Greeter implements Daemon.Application, TcpHandler {
    private final boolean polite;
    private TcpSocket guest;

    Greeter(boolean polite) {
      this.polite = polite;
    }

    @Override
    public void start(Sockets sockets) {
      sockets.listen(PORT, socket -> this);
    }

    @Override
    public void onConnected(TcpSocket socket) {
      guest = socket;
      socket.write(UTF_8.encode("welcome"));
    }

    @Override
    public void onReadable(TcpSocket socket) {}

    @Override
    public void drain() {
      if (polite) {
        guest.close();
      }
    }
  }

  private Daemon start(boolean polite) {
    return Daemon.start(cable.left(), ADDRESS, new Greeter(polite));
  }

  private void connect(Client client) throws Exception {
    InetAddress address = InetAddress.getByAddress(new byte[] {10, 77, 0, 2});
    peerThread
        .submit(() -> Sockets.on(peer).connect(new InetSocketAddress(address, PORT), client))
        .get();
    assertEquals("welcome", client.greeting.get());
  }

  @Test
  void shouldLetTheApplicationClose_whenStopped() throws Exception {
    Daemon daemon = start(true);
    Client client = new Client(true);
    connect(client);
    assertFalse(daemon.hasEnded());

    daemon.stop();

    assertEquals(CloseReason.FINISHED, client.closed.get());
    assertTrue(daemon.hasEnded());
    assertTrue(cable.left().isClosed());
    daemon.awaitEnd();
  }

  @Test
  void shouldCloseConnectionsInOrder_whenTheApplicationDoesNot() throws Exception {
    Daemon daemon = start(false);
    Client client = new Client(true);
    connect(client);

    daemon.stop();

    assertEquals(CloseReason.FINISHED, client.closed.get());
  }

  @Test
  void shouldStopAllTheSame_whenAPeerKeepsItsEndOpen() throws Exception {
    Daemon daemon = start(true);
    Client client = new Client(false);
    connect(client);

    daemon.stop();

    assertEquals(CloseReason.RESET, client.closed.get());
    assertTrue(daemon.hasEnded());
  }

  @Test
  void shouldReportIt_whenTheLinkGoesAway() {
    Daemon daemon = start(true);

    cable.left().cut();

    assertThrows(LinkException.class, daemon::awaitEnd);
    assertTrue(daemon.hasEnded());
    assertTrue(cable.left().isClosed());
  }

  @Test
  void shouldStopAtOnce_whenItHasEndedAlready() {
    Daemon daemon = start(true);
    cable.left().cut();
    assertThrows(LinkException.class, daemon::awaitEnd);

    daemon.stop();

    assertTrue(daemon.hasEnded());
  }

  @Test
  void shouldCloseTheLinkAndPassTheReasonOn_whenTheApplicationCannotStart() {
    IllegalArgumentException reason = new IllegalArgumentException("port taken");

    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Daemon.start(
                    cable.left(),
                    ADDRESS,
                    sockets -> {
                      throw reason;
                    }));

    assertSame(reason, thrown);
    assertTrue(cable.left().isClosed());
  }
}
