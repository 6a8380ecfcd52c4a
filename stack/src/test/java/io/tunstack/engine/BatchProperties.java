package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.DropReason;
import io.tunstack.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * A link may put off what is sent in a batch, and point at its text until then: nothing that a
 * connection does changes text that waits.
 */
class BatchProperties {
  private static final int CONNECTIONS = 3;

  /** What is done next to one of the connections, or to the links. */
  private record Step(Act act, int connection, int amount) {}

  private enum Act {
    WRITE,
    LEND,
    READ,
    TURN,
    REFUSE,
    WAIT,
    SHUT_DOWN,
    ABORT
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Act> acts =
        Arbitraries.frequency(
            Tuple.of(10, Act.WRITE),
            Tuple.of(4, Act.LEND),
            Tuple.of(8, Act.READ),
            Tuple.of(16, Act.TURN),
            Tuple.of(3, Act.REFUSE),
            Tuple.of(4, Act.WAIT),
            Tuple.of(1, Act.SHUT_DOWN),
            Tuple.of(1, Act.ABORT));
    return Combinators.combine(
            acts,
            Arbitraries.integers().between(0, CONNECTIONS - 1),
            Arbitraries.integers().between(1, 60_000))
        .as(Step::new)
        .list()
        .ofMinSize(25)
        .ofMaxSize(80);
  }

  @Property(tries = 300)
  void shouldLeaveTextAsItIs_untilTheFlush(@ForAll("steps") List<Step> steps) {
    Rig rig = new Rig();
    for (Step step : steps) {
      rig.apply(step);
    }
    rig.settle();

    for (End end : rig.ends) {
      byte[] read = end.received.toByteArray();
      byte[] sent = end.sent.toByteArray();
      assertArrayEquals(Arrays.copyOf(sent, read.length), read);
      if (end.socket.lastError().isEmpty() && !end.aborted) {
        assertEquals(sent.length, read.length, "all of it has arrived");
      }
    }
    assertEquals(rig.left.refused, rig.server.counters().get(DropReason.LINK_REFUSED));
    Statistics.label("batches of several")
        .collect(rig.left.batchesOfSeveral > 2)
        .coverage(c -> c.check(true).percentage(p -> p > 40));
    Statistics.label("refused")
        .collect(rig.left.refused > 0)
        .coverage(c -> c.check(true).percentage(p -> p > 20));
    rig.close();
  }

  /** A connection: the server sends, the client reads. */
  private static final class End {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private TcpSocket socket;
    private TcpSocket peer;
    private boolean aborted;
  }

  private static final class Rig {
    private final VirtualClock clock = new VirtualClock();
    private final InMemoryLink.Pair pair = InMemoryLink.pair(1500);
    private final PuttingOffLink left = new PuttingOffLink(pair.left());
    private final PuttingOffLink right = new PuttingOffLink(pair.right());
    private final Stack server = stack(left, "10.0.0.1/24", 1);
    private final Stack client = stack(right, "10.0.0.2/24", 2);
    private final End[] ends = new End[CONNECTIONS];
    private int next;

    Rig() {
      for (int i = 0; i < CONNECTIONS; i++) {
        End end = new End();
        ends[i] = end;
        Sockets.on(server)
            .listen(
                80 + i,
                socket -> {
                  end.socket = socket;
                  return event -> {};
                });
        end.peer =
            Sockets.on(client).connect(new InetSocketAddress("10.0.0.1", 80 + i), event -> {});
      }
      turn();
      turn();
    }

    private Stack stack(PuttingOffLink link, String address, long seed) {
      return Stack.builder(link, clock)
          .address(address)
          .random(new SplittableRandom(seed)::nextLong)
          .build();
    }

    private void turn() {
      client.poll(clock.nanos());
      server.poll(clock.nanos());
    }

    void apply(Step step) {
      End end = ends[step.connection];
      switch (step.act) {
        case WRITE -> send(end, step.amount, false);
        case LEND -> send(end, step.amount, true);
        case READ -> read(end, step.amount);
        case TURN -> turn();
        case REFUSE -> left.toRefuse = 1 + step.amount % 5;
        case WAIT -> clock.advance(Duration.ofMillis(step.amount % 500));
        case SHUT_DOWN -> end.socket.shutdownOutput();
        default -> {
          end.aborted = true;
          end.socket.abort();
        }
      }
    }

    private void send(End end, int amount, boolean lend) {
      byte[] text = new byte[amount];
      for (int i = 0; i < amount; i++) {
        text[i] = (byte) (next++ * 7);
      }
      ByteBuffer direct = ByteBuffer.allocateDirect(amount).put(text).flip();
      int taken = 0;
      try {
        taken = lend ? end.socket.lend(direct) : end.socket.write(direct);
      } catch (IllegalStateException e) {
        // Shut down or aborted before.
      }
      end.sent.write(text, 0, Math.max(0, taken));
    }

    private void read(End end, int amount) {
      ByteBuffer target = ByteBuffer.allocate(amount);
      end.peer.read(target);
      end.received.write(target.array(), 0, target.position());
    }

    /** Lets everything arrive: time passes until every time-out has had its turn. */
    void settle() {
      left.toRefuse = 0;
      for (int i = 0; i < 400; i++) {
        turn();
        for (End end : ends) {
          read(end, 100_000);
        }
        if (i % 4 == 0) {
          clock.advance(Duration.ofMillis(300));
        }
      }
    }

    void close() {
      server.close();
      client.close();
      assertEquals(0, server.slabsInUse());
    }
  }
}
