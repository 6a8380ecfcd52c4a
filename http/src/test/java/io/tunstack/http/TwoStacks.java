package io.tunstack.http;

import io.tunstack.http.routes.TunstackRoutes;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.tcp.CloseReason;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/** Two hosts of a simulation: a server with the daemon's routes, and a client. */
final class TwoStacks implements AutoCloseable {
  private static final int PORT = 80;
  private static final InetSocketAddress SERVER =
      new InetSocketAddress(IpAddress.parse("10.77.0.2").toInetAddress(), PORT);

  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost serverHost = simulation.host("10.77.0.2/24").start();
  private final SimulatedHost clientHost = simulation.host("10.77.0.1/24").start();
  final HttpServer server;

  TwoStacks() {
    Sockets sockets = serverHost.sockets();
    VirtualClock clock = simulation.clock();
    server =
        HttpServer.of(
            TunstackRoutes.router(
                new TunstackRoutes.Status(
                    sockets::counters,
                    sockets::gauges,
                    asking -> asking.accept(sockets.connections()),
                    clock::nanos),
                ServerHarness.AT_ONCE),
            HttpLimits.DEFAULT,
            () -> ServerHarness.WALL_MILLIS + clock.nanos() / 1_000_000);
    server.listen(sockets, PORT);
  }

  /** Opens a connection to the server. */
  Client connect() {
    Client client = new Client();
    client.socket = clientHost.sockets().connect(SERVER, client);
    return client;
  }

  /** Lets things happen, and time pass when nothing does, until it is so. */
  boolean until(BooleanSupplier condition, Duration atMost) {
    return simulation.runUntil(condition, atMost);
  }

  void pass(Duration time) {
    simulation.run(time);
  }

  int serverConnections() {
    return serverHost.stack().tcp().connections().size();
  }

  int slabsInUse() {
    return serverHost.stack().slabsInUse() + clientHost.stack().slabsInUse();
  }

  @Override
  public void close() {
    simulation.close();
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
