package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.tcp.CloseReason;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Two hosts on a perfect network; one listens on port 80. */
final class SocketRig implements AutoCloseable {
  static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.1", 80);

  final Simulation simulation = new Simulation(1);
  final SimulatedHost server = simulation.host("10.0.0.1/24").start();
  final SimulatedHost client = simulation.host("10.0.0.2/24").start();
  final List<TcpSocket> accepted = new ArrayList<>();
  final Recorder atServer = new Recorder();
  final Recorder atClient = new Recorder();
  final TcpListener listener =
      server
          .sockets()
          .listen(
              80,
              socket -> {
                accepted.add(socket);
                return atServer;
              });

  /** Notes what happens and does what it is told when readable. */
  static final class Recorder implements TcpHandler {
    final List<String> events = new ArrayList<>();
    boolean flushed;
    TcpHandler whenReadable = socket -> {};

    @Override
    public void onConnected(TcpSocket socket) {
      events.add("connected");
    }

    @Override
    public void onReadable(TcpSocket socket) {
      events.add("readable");
      whenReadable.onReadable(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
      events.add("writable");
    }

    @Override
    public void onFlushed(TcpSocket socket) {
      flushed = true;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      events.add(reason.name());
    }
  }

  TcpSocket connect() {
    TcpSocket socket = client.sockets().connect(SERVER, atClient);
    simulation.settle();
    return socket;
  }

  @Override
  public void close() {
    simulation.close();
    assertEquals(0, server.stack().slabsInUse());
    assertEquals(0, client.stack().slabsInUse());
  }
}
