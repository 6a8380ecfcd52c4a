package io.tunstack.tools;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.link.LinkException;
import io.tunstack.link.WaitableLink;
import io.tunstack.net.Alarm;
import io.tunstack.net.Sockets;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.SystemClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private final Stack stack;
  private final StackThread thread;
  private final Sockets sockets;
  private final Application application;

  private Daemon(Stack stack, StackThread thread, Sockets sockets, Application application) {
    this.application = application;
    this.stack = stack;
    this.thread = thread;
    this.sockets = sockets;
  }

  /** What runs on the stack; started on the engine thread. */
  @FunctionalInterface
  interface Application {
    void start(Sockets sockets);

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
    return start(link, ip, TcpConfig.DEFAULT, application);
  }

  /** The same with a TCP of one's own making. */
  static Daemon start(WaitableLink link, Ipv4Config ip, TcpConfig tcp, Application application) {
    Stack stack = Stack.builder(link, new SystemClock()).ip(ip).tcp(tcp).build();
    Sockets sockets = Sockets.on(stack);
    StackThread thread = StackThread.start(stack, "tunstack");
    try {
      thread
          .submit(
              () -> {
                application.start(sockets);
                return null;
              })
          .join();
    } catch (CompletionException e) {
      thread.close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return new Daemon(stack, thread, sockets, application);
  }

  /** Runs something on the stack's thread, soon; not at all if that has ended. */
  void execute(Runnable action) {
    thread.execute(action);
  }

  /** Tells whether the stack's thread has ended, for whatever reason. */
  boolean hasEnded() {
    return thread.terminated().isDone();
  }

  /**
   * Waits until the stack's thread has ended.
   *
   * @throws LinkException if the device went away
   */
  void awaitEnd() {
    try {
      thread.terminated().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Ends every connection with a FIN behind what was written, waits a little for the peers to do
   * the same, then closes the link. Returns when all that has happened.
   */
  void stop() {
    CompletableFuture<Void> quiet = new CompletableFuture<>();
    thread.execute(() -> closeConnections(quiet));
    try {
      CompletableFuture.anyOf(quiet, thread.terminated())
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("some peers keep their end open; they get a RST", e);
    } catch (ExecutionException e) {
      LOG.debug("the connections could not be closed in order", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.close();
  }

  private void closeConnections(CompletableFuture<Void> quiet) {
    application.drain();
    // Who has not finished half-way through our patience is cut off with a FIN all the same.
    sockets.alarm(() -> stack.tcp().closeGracefully()).arm(PATIENCE.dividedBy(2));
    new QuietWatch(quiet).look();
  }

  /** Looks again and again, on the engine thread, until no connection is left. */
  private final class QuietWatch {
    private final CompletableFuture<Void> quiet;
    private final Alarm alarm = sockets.alarm(this::look);

    QuietWatch(CompletableFuture<Void> quiet) {
      this.quiet = quiet;
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
