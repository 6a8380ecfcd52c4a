package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.CloseReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that fails in each of its callbacks, in each of the ways to fail. */
class CallbackFailureTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.1", 80);

  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost server = simulation.host("10.0.0.1/24").start();
  private final SimulatedHost client = simulation.host("10.0.0.2/24").start();
  private final List<CloseReason> atClient = new ArrayList<>();

  enum Where {
    ACCEPTOR,
    CONNECTED,
    READABLE,
    WRITABLE,
    FLUSHED,
    CLOSED
  }

  enum What {
    EXCEPTION {
      @Override
      void happen() {
        throw new IllegalStateException("as planned");
      }
    },
    CHECKED_EXCEPTION {
      @Override
      void happen() {
        CallbackFailureTest.<RuntimeException>sneak(new Exception("as planned"));
      }
    },
    ASSERTION {
      @Override
      void happen() {
        throw new AssertionError("as planned");
      }
    },
    MISSING_CLASS {
      @Override
      void happen() {
        throw new NoClassDefFoundError("as planned");
      }
    },
    DEEP_RECURSION {
      @Override
      void happen() {
        throw new StackOverflowError("as planned");
      }
    };

    abstract void happen();
  }

  /** Throws a checked exception where none is declared, as other languages do. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> void sneak(Exception e) throws E {
    throw (E) e;
  }

  /** Fails where it is told to, and otherwise brings every callback about. */
  private static final class Failing implements TcpHandler {
    private final Where where;
    private final What what;

    Failing(Where where, What what) {
      this.where = where;
      this.what = what;
    }

    private void at(Where here) {
      if (where == here) {
        what.happen();
      }
    }

    @Override
    public void onConnected(TcpSocket socket) {
      at(Where.CONNECTED);
      ByteBuffer more = ByteBuffer.allocate(socket.writable() + 1);
      assertTrue(socket.write(more) > 0);
    }

    @Override
    public void onReadable(TcpSocket socket) {
      at(Where.READABLE);
      socket.read(ByteBuffer.allocate(100));
    }

    @Override
    public void onWritable(TcpSocket socket) {
      at(Where.WRITABLE);
      socket.shutdownOutput();
    }

    @Override
    public void onFlushed(TcpSocket socket) {
      at(Where.FLUSHED);
      socket.abort();
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      at(Where.CLOSED);
    }
  }

  private final class Client implements TcpHandler {
    @Override
    public void onConnected(TcpSocket socket) {
      socket.write(ByteBuffer.allocate(10));
    }

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer text = ByteBuffer.allocate(65_536);
      while (socket.read(text) > 0) {
        text.clear();
      }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
      atClient.add(reason);
    }
  }

  @AfterEach
  void close() {
    simulation.close();
    assertEquals(0, server.stack().slabsInUse());
    assertEquals(0, client.stack().slabsInUse());
  }

  private void fail(Where where, What what) {
    server
        .sockets()
        .listen(
            80,
            socket -> {
              if (where == Where.ACCEPTOR) {
                what.happen();
              }
              return new Failing(where, what);
            });
    List<TcpSocket> others = new ArrayList<>();
    server.sockets().listen(81, socket -> ignored -> others.add(socket));
    client.sockets().connect(SERVER, new Client());
    TcpSocket bystander =
        client.sockets().connect(new InetSocketAddress("10.0.0.1", 81), ignored -> {});
    simulation.runUntil(() -> !atClient.isEmpty(), Duration.ofSeconds(5));
    assertEquals(1, server.stack().counters().get(Counter.TCP_ABORT_ON_CALLBACK));
    assertEquals(List.of(CloseReason.RESET), atClient);
    bystander.write(ByteBuffer.allocate(1));
    simulation.settle();
    assertEquals(1, others.size(), "everybody else goes on");
    assertTrue(bystander.isOpen());
    boolean reset = where != Where.CLOSED;
    assertEquals(reset ? 1 : 0, server.stack().counters().get(SendReason.RST_CALLBACK));
    assertFalse(server.stack().tcp().connectionCount() > 1);
  }

  @ParameterizedTest
  @EnumSource
  void shouldCostTheConnection_whereverAnExceptionEscapes(Where where) {
    fail(where, What.EXCEPTION);
  }

  @ParameterizedTest
  @EnumSource
  void shouldCostTheConnection_whateverEscapes(What what) {
    fail(Where.READABLE, what);
  }
}
