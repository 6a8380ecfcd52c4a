package io.tunstack.tools;

import io.tunstack.link.LineStatistics;
import io.tunstack.net.Alarm;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.SimulatedPath;
import io.tunstack.sim.Simulation;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpConfig;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Plays a scenario on virtual time.
 *
 * <pre>
 *   Source --&gt; 10.0.0.1 --[ bottleneck, loss, delay ]--&gt; 10.0.0.2 --&gt; Sink
 *                       &lt;--------------[ delay ]-------
 * </pre>
 */
final class ScenarioRun implements AutoCloseable {
  private static final int PORT = 5001;
  private static final int CHUNK = 64 << 10;

  /** Buffers hold the path twice and then some: they are not what is examined. */
  private static final int BUFFER_PATHS = 4;

  private static final int MIN_BUFFER = 1 << 20;
  private static final int MAX_BUFFER = 1 << 29;

  /** Flows begin within this time, at random: at one instant they would move in lockstep. */
  private static final long STAGGER_NANOS = 100_000_000;

  private static final double NANOS_PER_SECOND = 1e9;

  private final Scenario scenario;
  private final Simulation simulation;
  private final SimulatedHost sender;
  private final SimulatedHost receiver;
  private final SimulatedPath there;
  private final List<Source> sources = new ArrayList<>();
  private final List<Sink> sinks = new ArrayList<>();

  ScenarioRun(Scenario scenario) {
    this.scenario = scenario;
    simulation = new Simulation(scenario.seed());
    TcpConfig config = config();
    sender = simulation.host("10.0.0.1/24").mtu(Scenario.MTU).tcp(config).start();
    receiver = simulation.host("10.0.0.2/24").mtu(Scenario.MTU).tcp(config).start();
    there = simulation.path(sender, receiver);
    there.setProfile(scenario.there());
    simulation.path(receiver, sender).setProfile(scenario.back());
    receiver.sockets().listen(PORT, this::accept);
    SplittableRandom random = new SplittableRandom(scenario.seed());
    for (int i = 0; i < scenario.flows(); i++) {
      Source source = new Source();
      sources.add(source);
      long start = scenario.flows() == 1 ? 0 : random.nextLong(STAGGER_NANOS);
      Alarm alarm = sender.sockets().alarm(source::start);
      alarm.arm(Duration.ofNanos(start));
    }
  }

  private TcpConfig config() {
    long path = scenario.product() + scenario.queueBytes();
    long buffer = Math.min(MAX_BUFFER, Math.max(MIN_BUFFER, BUFFER_PATHS * path));
    long all = Math.max(TcpConfig.DEFAULT.maxBufferBytes(), 4 * buffer * scenario.flows());
    return TcpConfig.DEFAULT.toBuilder()
        .congestionControl(scenario.cc())
        .sendBufferBytes((int) buffer)
        .receiveBufferBytes((int) buffer)
        .maxBufferBytes(all)
        .build();
  }

  private TcpHandler accept(TcpSocket socket) {
    Sink sink = new Sink();
    sinks.add(sink);
    return sink;
  }

  /** Sends zeros, so many or as many as it can. */
  private final class Source implements TcpHandler {
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private long left = scenario.bytes() == 0 ? Long.MAX_VALUE : scenario.bytes();
    private TcpSocket socket;

    void start() {
      socket =
          sender
              .sockets()
              .connect(new InetSocketAddress(receiver.address().toInetAddress(), PORT), this);
    }

    @Override
    public void onConnected(TcpSocket connection) {
      onWritable(connection);
    }

    @Override
    public void onWritable(TcpSocket connection) {
      while (left > 0) {
        chunk.clear().limit((int) Math.min(CHUNK, left));
        int taken = connection.write(chunk);
        left -= taken;
        if (taken == 0) {
          return;
        }
      }
      connection.shutdownOutput();
    }

    @Override
    public void onReadable(TcpSocket connection) {
      chunk.clear();
      connection.read(chunk);
    }
  }

  /** Reads everything, and notes when the end came. */
  private final class Sink implements TcpHandler {
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private long received;
    private long begun = simulation.clock().nanos();
    private long ended = -1;

    @Override
    public void onReadable(TcpSocket connection) {
      int taken = connection.read(chunk.clear());
      while (taken > 0) {
        received += taken;
        taken = connection.read(chunk.clear());
      }
      if (taken < 0 && ended < 0) {
        ended = simulation.clock().nanos();
        connection.close();
      }
    }

    double goodput(long now) {
      double time = (ended < 0 ? now : ended) - begun;
      return time <= 0 ? 0 : received * Byte.SIZE * NANOS_PER_SECOND / time;
    }
  }

  /** Plays it to its end. */
  Outcome play() {
    simulation.runUntil(this::isOver, scenario.time());
    return outcome();
  }

  /** Plays it to its end and notes what can be drawn. */
  Outcome play(Series series) {
    sender.stack().tcp().observe(series);
    Duration step = scenario.time().dividedBy(Series.SAMPLES);
    while (!isOver() && simulation.clock().nanos() < scenario.time().toNanos()) {
      simulation.runUntil(this::isOver, step);
      long now = simulation.clock().nanos();
      for (int i = 0; i < sources.size(); i++) {
        TcpSocket socket = sources.get(i).socket;
        if (socket != null && socket.isOpen()) {
          long received = i < sinks.size() ? sinks.get(i).received : 0;
          series.sample(now, i, socket.info(), received);
        }
      }
    }
    return outcome();
  }

  private boolean isOver() {
    return scenario.bytes() > 0
        && sinks.size() == scenario.flows()
        && sinks.stream().allMatch(sink -> sink.ended >= 0);
  }

  private Outcome outcome() {
    long now = simulation.clock().nanos();
    LineStatistics line = there.line().statistics();
    boolean over = isOver();
    return new Outcome(
        sinks.stream().map(sink -> sink.goodput(now)).toList(),
        over ? sinks.stream().mapToLong(sink -> sink.ended).max().orElse(-1) : -1,
        sender.stack().counters().get(Counter.TCP_OUT_SEGS),
        sender.stack().counters().get(Counter.TCP_RETRANS_SEGS),
        sender.stack().counters().get(Counter.TCP_TIMEOUTS),
        line.meanSojournNanos(),
        line.maxSojournNanos());
  }

  @Override
  public void close() {
    simulation.close();
  }
}
