package io.tunstack.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpRouter;
import io.tunstack.http.HttpServer;
import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.time.VirtualClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the benchmark sends is what was given to it, again from the start when it is through. */
final class UserBytesTest {
  private static final byte[] REQUEST =
      "GET /bytes HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int PERIOD = 100_003;
  private static final int ENOUGH = 3 * PERIOD;

  private final byte[] content = new byte[PERIOD];
  private final ByteBuffer received = ByteBuffer.allocate(ENOUGH + 1_000);

  private void fetch(HttpHandler handler) {
    VirtualClock clock = new VirtualClock();
    InMemoryLink.Pair pair = InMemoryLink.offloadingPair(1500);
    try (Stack client = Stack.builder(pair.left(), clock).address("10.77.0.1/24").build();
        Stack server = Stack.builder(pair.right(), clock).address("10.77.0.2/24").build()) {
      HttpServer.of(HttpRouter.builder().get("/bytes", handler).build())
          .listen(Sockets.on(server), 80);
      Sockets.on(client)
          .connect(
              new InetSocketAddress("10.77.0.2", 80),
              new TcpHandler() {
                @Override
                public void onConnected(TcpSocket socket) {
                  socket.write(ByteBuffer.wrap(REQUEST));
                }

                @Override
                public void onReadable(TcpSocket socket) {
                  socket.read(received);
                }
              });
      for (int i = 0; i < 100_000 && received.hasRemaining(); i++) {
        client.poll(clock.nanos());
        server.poll(clock.nanos());
        clock.advanceTo(clock.nanos() + 10_000);
      }
    }
  }

  private void expectContentOverAndOver() {
    String head = new String(received.array(), 0, 1_000, StandardCharsets.ISO_8859_1);
    int begin = head.indexOf("\r\n\r\n") + 4;
    assertTrue(head.startsWith("HTTP/1.1 200 ") && begin > 4, head);
    for (int i = 0; i < ENOUGH; i++) {
      assertEquals(content[i % PERIOD], received.get(begin + i), "byte " + i);
    }
  }

  private void fill() {
    for (int i = 0; i < PERIOD; i++) {
      content[i] = (byte) (i * 31 + i / 251);
    }
  }

  @Test
  void shouldSendWhatIsInMemory() {
    fill();

    fetch(UserBytes.fromMemory(content));

    expectContentOverAndOver();
  }

  @Test
  void shouldSendWhatIsInAFile(@TempDir Path folder) throws IOException {
    fill();
    Path path = Files.write(folder.resolve("content"), content);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      fetch(UserBytes.fromFile(file));
    }

    expectContentOverAndOver();
  }

  @Test
  void shouldSendWhatIsInAMappedFile(@TempDir Path folder) throws IOException {
    fill();
    Path path = Files.write(folder.resolve("content"), content);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      fetch(UserBytes.fromMapping(file));
    }

    expectContentOverAndOver();
  }
}
