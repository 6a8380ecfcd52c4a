package io.tunstack.tools;

import io.tunstack.engine.EngineGroup;
import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.link.LinkException;
import io.tunstack.link.WaitableLink;
import io.tunstack.net.Alarm;
import io.tunstack.net.Sockets;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.Clock;
import io.tunstack.time.SystemClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stack with its thread and its application, from start to stop.
 *
 * <p>Any thread may call any method but the engine thread itself.
 */
final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  /**
   * How long a stop waits for peers to acknowledge our FIN and send theirs. Enough for two
   * retransmissions over a slow path; a peer that keeps its end open longer gets a RST.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How often a stop looks whether the last connection has gone. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final List<Engine> engines;

  private Daemon(List<Engine> engines) {
    this.engines = engines;
  }

  /** What runs on the stack; started on the engine thread. */
  @FunctionalInterface
  interface Application {
    void start(Sockets sockets);

    /**
     * The same, for one of several parts that want to ask each other.
     *
     * @param engine runs commands on the engine thread; any thread may call it
     */
    default void start(Sockets sockets, Executor engine) {
      start(sockets);
    }

    /** Told on the engine thread that the end is near: finish what is begun, begin nothing. */
    default void drain() {}
  }

  /**
   * Starts a stack on a link.
   *
   * @param link closed when the daemon ends, and when it cannot start
   * @param application started on the engine thread before this returns
   */
  static Daemon start(WaitableLink link, Ipv4Config ip, Application application) {
    return start(List.of(link), ip, TcpConfig.DEFAULT, Duration.ZERO, engine -> application);
  }

  /**
   * Starts a stack of as many engines as there are links.
   *
   * @param links the queues of one device; closed when the daemon ends, and when it cannot start
   * @param tcp the knobs of each
   * @param busyPoll how long an engine goes on looking for packets before it sleeps
   * @param applications what runs on which engine; started on its thread before this returns
   */
  static Daemon start(
      List<? extends WaitableLink> links,
      Ipv4Config ip,
      TcpConfig tcp,
      Duration busyPoll,
      IntFunction<Application> applications) {
    Clock clock = new SystemClock();
    EngineGroup group = EngineGroup.of(links.size());
    List<Engine> engines = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      Stack stack = Stack.builder(links.get(i), clock).ip(ip).tcp(tcp).member(group, i).build();
      String name = links.size() == 1 ? "tunstack" : "tunstack-" + i;
      StackThread thread = StackThread.start(stack, name, busyPoll);
      engines.add(new Engine(stack, thread, Sockets.on(stack), applications.apply(i)));
    }
    try {
      engines.forEach(Engine::startApplication);
    } catch (CompletionException e) {
      engines.forEach(engine -> engine.thread.close());
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return new Daemon(engines);
  }

  /** Runs something on the stack's first thread, soon; not at all if that has ended. */
  void execute(Runnable action) {
    engines.get(0).thread.execute(action);
  }

  /** Tells whether one of the stack's threads has ended, for whatever reason. */
  boolean hasEnded() {
    return engines.stream().anyMatch(engine -> engine.thread.terminated().isDone());
  }

  /**
   * Waits until one of the stack's threads has ended.
   *
   * @throws LinkException if the device went away
   */
  void awaitEnd() {
    try {
      CompletableFuture.anyOf(
              engines.stream()
                  .map(engine -> engine.thread.terminated())
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Ends every connection with a FIN behind what was written, waits a little for the peers to do
   * the same, then closes the link. Returns when all that has happened.
   */
  void stop() {
    CompletableFuture<?>[] quiet =
        engines.stream().map(Engine::closeConnections).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(quiet).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("some peers keep their end open; they get a RST", e);
    } catch (ExecutionException e) {
      LOG.debug("the connections could not be closed in order", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engines.forEach(engine -> engine.thread.close());
  }

  /** One of the stack's engines, with what runs on it. */
  private record Engine(Stack stack, StackThread thread, Sockets sockets, Application application) {
    void startApplication() {
      thread
          .submit(
              () -> {
                application.start(sockets, thread::execute);
                return null;
              })
          .join();
    }

    /** Completes when no connection is left, or the thread has ended before. */
    CompletableFuture<?> closeConnections() {
      CompletableFuture<Void> quiet = new CompletableFuture<>();
      thread.execute(
          () -> {
            application.drain();
            // Who has not finished half-way through our patience is cut off with a FIN all the
            // same.
            sockets.alarm(() -> stack.tcp().closeGracefully()).arm(PATIENCE.dividedBy(2));
            new QuietWatch(stack, sockets, quiet).look();
          });
      return CompletableFuture.anyOf(quiet, thread.terminated());
    }
  }

  /** Looks again and again, on the engine thread, until no connection is left. */
  private static final class QuietWatch {
    private final Stack stack;
    private final CompletableFuture<Void> quiet;
    private final Alarm alarm;

    QuietWatch(Stack stack, Sockets sockets, CompletableFuture<Void> quiet) {
      this.stack = stack;
      this.quiet = quiet;
      this.alarm = sockets.alarm(this::look);
    }

    void look() {
      if (stack.tcp().connectionCount() == 0) {
        quiet.complete(null);
      } else {
        alarm.arm(LOOK_AGAIN);
      }
    }
  }
}
