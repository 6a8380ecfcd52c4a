package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.SystemClock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class WebSiteTest {
  private static final int PORT = 80;

  /** Asks for a page and keeps the beginning of the answer. */
  private static final class Client implements TcpHandler {
    private final String page;
    final CompletableFuture<String> answer = new CompletableFuture<>();

    Client(String page) {
      this.page = page;
    }

    @Override
    public void onConnected(TcpSocket socket) {
      socket.write(US_ASCII.encode("GET " + page + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    }

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer target = ByteBuffer.allocate(100);
      if (socket.read(target) > 0) {
        answer.complete(US_ASCII.decode(target.flip()).toString());
      }
    }
  }

  @Test
  void shouldGoOnServing_whileAWorkerMakesAPage() throws Exception {
    BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    Cable.Ends cable = Cable.lay();
    Stack peer = Stack.builder(cable.right(), new SystemClock()).address("10.77.0.1/24").build();
    Daemon daemon =
        Daemon.start(
            List.of(cable.left()),
            Ipv4Config.of("10.77.0.2/24"),
            TcpConfig.DEFAULT,
            Duration.ZERO,
            WebSite.perEngine(PORT, false, work::add));
    try (StackThread thread = StackThread.start(peer, "peer")) {
      Client status = connect(thread, peer, "/status");
      Runnable page = work.take();

      // Nothing runs the page, and the engine has time for others.
      assertTrue(connect(thread, peer, "/hello").answer.get().startsWith("HTTP/1.1 200 "));
      assertFalse(status.answer.isDone());

      page.run();
      assertTrue(status.answer.get().startsWith("HTTP/1.1 200 "));
    } finally {
      daemon.stop();
    }
  }

  private static Client connect(StackThread thread, Stack peer, String page) throws Exception {
    Client client = new Client(page);
    thread
        .submit(() -> Sockets.on(peer).connect(new InetSocketAddress("10.77.0.2", PORT), client))
        .get();
    return client;
  }
}
