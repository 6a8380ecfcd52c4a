package io.tunstack.tcp;

import io.tunstack.link.Impairment;
import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.TcpView;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection whose handshake has taken 40 ms and whose peer has gone silent: what it acknowledges
 * is for the test to say.
 */
final class Unanswered implements AutoCloseable {
  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost reader = simulation.host("10.0.0.1/24").start();
  private final SimulatedHost writer = simulation.host("10.0.0.2/24").start();
  private final Segment segment = new Segment();
  final TcpConnection c;

  Unanswered() {
    Impairment slow = Impairment.NONE.withDelay(Duration.ofMillis(20), Duration.ZERO);
    simulation.path(writer, reader).setImpairment(slow);
    simulation.path(reader, writer).setImpairment(slow);
    reader.stack().tcp().listen(IpAddress.UNSPECIFIED, 80, 1, c -> new SilentHandler());
    Tcp tcp = writer.stack().tcp();
    IpAddress peer = IpAddress.parse("10.0.0.1");
    c = tcp.connect(IpAddress.UNSPECIFIED, 0, peer, 80, tcp.defaultOptions(), new SilentHandler());
    simulation.run(Duration.ofSeconds(1));
    simulation.path(writer, reader).setUp(false);
  }

  Sender sender() {
    return c.snd;
  }

  long now() {
    return simulation.clock().nanos();
  }

  void pass(Duration time) {
    simulation.run(time);
  }

  /** Writes so many full segments, and sends what may leave. */
  void write(int segments) {
    c.write(ByteBuffer.allocate(segments * c.snd.smss));
    simulation.settle();
  }

  /** A segment of the peer's without text, that acknowledges so many bytes behind SND.UNA. */
  Segment ack(int bytes, int window) {
    segment.options.clear();
    segment.seq = c.rcv.rcvNxt();
    segment.ack = c.snd.sndUna + bytes;
    segment.flags = TcpView.ACK;
    segment.window = window;
    segment.windowScaled = true;
    segment.textLength = 0;
    return segment;
  }

  /** Takes a segment; answers whether it acknowledged anything. */
  boolean take(Segment arrived) {
    return c.snd.acks().take(arrived, now());
  }

  @Override
  public void close() {
    simulation.close();
  }
}
