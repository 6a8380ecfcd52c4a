package io.tunstack.http;

import io.tunstack.engine.Stack;
import io.tunstack.http.routes.TunstackRoutes;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Two hosts on a wire in memory, in virtual time: a server with the daemon's routes, a client. */
final class TwoStacks implements AutoCloseable {
  private static final int MTU = 1_500;
  private static final int PORT = 80;

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(MTU);
  private final Stack serverStack;
  private final Stack clientStack;
  private final Sockets clientSockets;
  final HttpServer server;

  TwoStacks() {
    serverStack = stack(wire.left(), "10.77.0.2/24", 1);
    clientStack = stack(wire.right(), "10.77.0.1/24", 2);
    clientSockets = Sockets.on(clientStack);
    Sockets serverSockets = Sockets.on(serverStack);
    server =
        HttpServer.of(
            TunstackRoutes.router(
                new TunstackRoutes.Status(
                    serverSockets::counters,
                    serverSockets::gauges,
                    serverSockets::connections,
                    clock::nanos)),
            HttpLimits.DEFAULT,
            () -> ServerHarness.WALL_MILLIS + clock.nanos() / 1_000_000);
    server.listen(serverSockets, PORT);
  }

  private Stack stack(Link link, String address, int seed) {
    return Stack.builder(link, clock).address(address).random(new Random(seed)::nextLong).build();
  }

  /** Opens a connection to the server. */
  Client connect() {
    Client client = new Client();
    try {
      InetAddress address = InetAddress.getByAddress(new byte[] {10, 77, 0, 2});
      client.socket = clientSockets.connect(new InetSocketAddress(address, PORT), client);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
    return client;
  }

  /** Lets both stacks work, and time pass when neither has anything to do, until it is so. */
  boolean until(BooleanSupplier condition, Duration atMost) {
    long end = clock.nanos() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      long now = clock.nanos();
      long next = Math.min(serverStack.poll(now), clientStack.poll(now));
      if (wire.left().waiting() + wire.right().waiting() == 0 && next > now) {
        if (condition.getAsBoolean()) {
          return true;
        }
        if (now >= end) {
          return false;
        }
        clock.advanceTo(Math.min(end, next));
      }
    }
    return true;
  }

  void pass(Duration time) {
    until(() -> false, time);
  }

  int serverConnections() {
    return serverStack.tcp().connections().size();
  }

  int slabsInUse() {
    return serverStack.slabsInUse() + clientStack.slabsInUse();
  }

  @Override
  public void close() {
    serverStack.close();
    clientStack.close();
  }

  /** A client that sends what it is given, and reads what comes unless it is told not to. */
  static final class Client implements TcpHandler {
    private final ArrayDeque<ByteBuffer> outgoing = new ArrayDeque<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteBuffer scratch = ByteBuffer.allocate(1 << 16);
    private TcpSocket socket;
    private boolean connected;
    boolean reading = true;
    boolean finSeen;
    CloseReason closed;

    void send(byte[] bytes) {
      outgoing.add(ByteBuffer.wrap(bytes));
      if (connected) {
        push();
      }
    }

    void finish() {
      socket.shutdownOutput();
    }

    void reset() {
      socket.abort();
    }

    byte[] received() {
      return received.toByteArray();
    }

    private void push() {
      while (!outgoing.isEmpty()) {
        socket.write(outgoing.peek());
        if (outgoing.peek().hasRemaining()) {
          return;
        }
        outgoing.poll();
      }
    }

    void pull() {
      int count;
      while ((count = socket.read(scratch.clear())) > 0) {
        received.write(scratch.array(), 0, count);
      }
      finSeen |= count < 0;
    }

    @Override
    public void onConnected(TcpSocket ignored) {
      connected = true;
      push();
    }

    @Override
    public void onReadable(TcpSocket ignored) {
      if (reading) {
        pull();
      }
    }

    @Override
    public void onWritable(TcpSocket ignored) {
      push();
    }

    @Override
    public void onClosed(TcpSocket ignored, CloseReason reason) {
      closed = reason;
    }
  }
}
