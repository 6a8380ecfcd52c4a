package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IpAddress;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a connection holds that has nothing to do, and what is left of one that is over: by how much
 * the live heap grows with thousands of them, everything included.
 */
final class FootprintTest {
  private static final int CONNECTIONS = 20_000;

  /** First of all: the stacks' pools fill, whose size does not depend on the connections. */
  private static final int WARM_UP = 4_000;

  private static final int AT_ONCE = 500;

  private static final int FIRST_PORT = 80;

  /** Connections with the same server port: a client has some tens of thousands of its own. */
  private static final int PER_PORT = 25_000;

  private static final int HALF_A_MILLION = 500_000;

  /** Per end of a connection, the application's socket and its place in every table included. */
  private static final long MAX_IDLE_BYTES = 1_000;

  private static final long MAX_TIME_WAIT_BYTES = 100;

  private static final long TWO_GIGABYTES = 2L << 30;

  /** The end of a class histogram: instances, then bytes. */
  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(1500);
  private final Stack server = stack(wire.left(), "10.77.0.2/24");
  private final Stack client = stack(wire.right(), "10.77.0.1/24");
  private final TcpHandler reading = new Reading();
  private final List<TcpSocket> sockets = new ArrayList<>(CONNECTIONS);

  private Stack stack(Link link, String address) {
    return Stack.builder(link, clock)
        .address(address)
        .random(new SplittableRandom(address.hashCode())::nextLong)
        .build();
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void shouldTakeLittle_whenIdleAndWhenOver() {
    listen(1);
    open(WARM_UP);
    exchange();
    closeAll();
    pass(Duration.ofMinutes(2));

    final long before = usedBytes();
    open(CONNECTIONS);
    exchange();
    assertEquals(CONNECTIONS, server.tcp().connectionCount());
    assertEquals(0, server.slabsInUse() + client.slabsInUse());
    long idle = (usedBytes() - before) / (2 * CONNECTIONS);
    assertTrue(idle <= MAX_IDLE_BYTES, idle + " bytes an idle end");

    closeAll();
    pass(Duration.ofSeconds(5));
    assertEquals(0, server.tcp().connectionCount() + client.tcp().connectionCount());
    assertEquals(CONNECTIONS, client.tcp().timeWaitCount());
    long over = (usedBytes() - before) / CONNECTIONS;
    assertTrue(over <= MAX_TIME_WAIT_BYTES, over + " bytes an entry in TIME-WAIT");
  }

  /** All of them nightly; in every build a fiftieth, which has to fit as much less. */
  @Test
  void shouldFitAMillionEnds_inTwoGigabytes() {
    int part = Boolean.getBoolean("tunstack.nightly") ? 1 : 50;
    int connections = HALF_A_MILLION / part;
    final long before = usedBytes();
    listen((connections + PER_PORT - 1) / PER_PORT);
    open(connections);
    exchange();
    assertEquals(connections, server.tcp().connectionCount());
    assertEquals(connections, client.tcp().connectionCount());
    long used = usedBytes() - before;
    assertTrue(used <= TWO_GIGABYTES / part, used + " bytes");
  }

  private void listen(int ports) {
    for (int i = 0; i < ports; i++) {
      Sockets.on(server).listen(FIRST_PORT + i, socket -> new Echoing());
    }
  }

  private void open(int count) {
    for (int i = 0; i < count; i++) {
      int port = FIRST_PORT + i / PER_PORT;
      InetSocketAddress address =
          new InetSocketAddress(IpAddress.parse("10.77.0.2").toInetAddress(), port);
      sockets.add(Sockets.on(client).connect(address, reading));
      if (i % AT_ONCE == 0) {
        pass(Duration.ofMillis(1));
      }
    }
    pass(Duration.ofSeconds(1));
  }

  /** Each has sent something, and has had an answer. */
  private void exchange() {
    for (int i = 0; i < sockets.size(); i++) {
      sockets.get(i).write(ByteBuffer.wrap(new byte[100]));
      if (i % AT_ONCE == 0) {
        pass(Duration.ofMillis(1));
      }
    }
    pass(Duration.ofSeconds(5));
  }

  private void closeAll() {
    sockets.forEach(TcpSocket::close);
    sockets.clear();
  }

  private void pass(Duration time) {
    long end = clock.nanos() + time.toNanos();
    while (clock.nanos() < end) {
      long now = clock.nanos();
      long next = Math.min(client.poll(now), server.poll(now));
      if (wire.left().waiting() + wire.right().waiting() == 0 && next > now) {
        clock.advanceTo(Math.min(end, next));
      }
    }
  }

  /**
   * What the objects on the heap take that something refers to: their own sizes, because the
   * difference of total and free memory counts regions half full.
   */
  private static long usedBytes() {
    try {
      Object histogram =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      Matcher total = TOTAL.matcher((String) histogram);
      assertTrue(total.find(), "a line with the total");
      return Long.parseLong(total.group(1));
    } catch (JMException e) {
      throw new AssertionError("HotSpot has this command", e);
    }
  }

  /** Keeps nothing of its own, so that what is measured is the stack's. */
  private static final class Reading implements TcpHandler {
    private static final ByteBuffer SCRATCH = ByteBuffer.allocate(1_000);

    @Override
    public void onReadable(TcpSocket socket) {
      if (socket.read(SCRATCH.clear()) < 0) {
        socket.close();
      }
    }
  }

  /** An application with an object of its own for each connection, as most have. */
  private static final class Echoing implements TcpHandler {
    private static final ByteBuffer SCRATCH = ByteBuffer.allocate(1_000);

    @Override
    public void onReadable(TcpSocket socket) {
      if (socket.read(SCRATCH.clear()) < 0) {
        socket.close();
      } else {
        socket.write(SCRATCH.flip());
      }
    }
  }
}
