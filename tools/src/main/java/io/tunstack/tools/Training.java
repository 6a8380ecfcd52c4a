package io.tunstack.tools;

import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.LinkException;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.time.SystemClock;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunInfo;
import io.tunstack.tun.TunLink;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Does in memory what {@code up} does on a device, so that the JVM has loaded the same classes when
 * it writes them into an archive at its exit. The launcher runs it once for each JVM and jar; then
 * {@code up} starts in half the time. Needs no privilege and prints nothing.
 */
final class Training {
  private static final int PORT = 80;
  private static final int MTU = 1500;

  /** More than it ever takes; what a JVM loads after that is not in the archive, and no more. */
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private Training() {}

  /**
   * Runs and ends.
   *
   * @param args none
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    Main.prepareBeside();
    Tunstack.commandLine(nowhere, nowhere).execute("up", "--help");
    for (String name :
        new String[] {
          "TunDevice",
          "TunDevice$Opened",
          "InterfaceControl",
          "InterfaceControl$Assigned",
          "InFlight",
          "NativeBlock",
          "Outbox",
          "Poll",
          "VnetHeader"
        }) {
      Class.forName("io.tunstack.tun." + name);
    }
    TunLink.bindNatives();
    Up up =
        PlainArguments.up(new String[] {"up", "--http", "80"})
            .orElseThrow(() -> new IllegalStateException("these arguments are plain"));
    nowhere.print(up.settings().tun());
    serve(up, nowhere);
    if (!fetch(new WebSite(PORT, false))) {
      throw new IllegalStateException("the request was not answered");
    }
  }

  /** Serves on a device that brings a ping and is gone when the daemon says that it is ready. */
  private static void serve(Up up, PrintWriter nowhere) {
    TunInfo device =
        new TunInfo(
            Up.TUN,
            up.settings().tun().hostAddress(),
            up.settings().tun().prefixLength(),
            MTU,
            TunConfig.TX_QUEUE_LENGTH,
            false,
            true);
    PingedLink link = new PingedLink();
    try {
      PrintWriter out =
          new PrintWriter(nowhere) {
            @Override
            public void println(String line) {
              if (line.equals("ready")) {
                link.goAway();
              }
            }
          };
      up.serve(List.of(link), device, out, nowhere);
    } catch (LinkException e) {
      if (!link.isAnswered()) {
        throw new IllegalStateException("the ping was not answered", e);
      }
    }
  }

  /** Lets one stack ask another for a page; answers whether it came. */
  private static boolean fetch(Daemon.Application site) {
    SystemClock clock = new SystemClock();
    InMemoryLink.Pair pair = InMemoryLink.offloadingPair(MTU);
    Answer answer = new Answer();
    try (Stack client = Stack.builder(pair.left(), clock).address("10.77.0.1/24").build();
        Stack server = Stack.builder(pair.right(), clock).address("10.77.0.2/24").build()) {
      site.start(Sockets.on(server));
      Sockets.on(client).connect(new InetSocketAddress("10.77.0.2", PORT), answer);
      long begun = clock.nanos();
      while (!answer.ended && clock.nanos() - begun < LIMIT_NANOS) {
        client.poll(clock.nanos());
        server.poll(clock.nanos());
      }
    }
    return answer.bytes > 0;
  }

  private static final class Answer implements TcpHandler {
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);
    private int bytes;
    private boolean ended;

    @Override
    public void onConnected(TcpSocket socket) {
      socket.write(ByteBuffer.wrap(REQUEST));
    }

    @Override
    public void onReadable(TcpSocket socket) {
      int count = socket.read(buffer.clear());
      while (count > 0) {
        bytes += count;
        count = socket.read(buffer.clear());
      }
      if (count < 0) {
        ended = true;
        socket.close();
      }
    }
  }
}
