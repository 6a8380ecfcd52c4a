package io.tunstack.engine;

import io.tunstack.link.Link;
import io.tunstack.link.LinkException;
import io.tunstack.link.WaitableLink;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that drives a stack: reads, polls, sleeps until the next packet, deadline or command.
 *
 * <p>From its start on the stack belongs to this thread. Others hand it commands with {@link
 * #execute} and {@link #submit}; those wake it only if it has said that it sleeps.
 */
public final class StackThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StackThread.class);

  /** Turns that may fail one after another before the thread gives up. */
  private static final int MAX_FAILURES_IN_A_ROW = 16;

  private final Stack stack;
  private final WaitableLink link;
  private final Thread thread;
  private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();

  /** How long the thread looks on after the last packet before it sleeps; zero for not at all. */
  private final long busyPollNanos;

  /** What {@link Stack#packetsReceived} said last, and when it changed. */
  private long packetsSeen;

  private long lastPacketAt;

  /** The thread sleeps or is about to: who adds a command must wake it. */
  private volatile boolean sleeping;

  private volatile boolean stopping;

  /** Turns that failed, one after another, up to now; this thread's own. */
  private int failures;

  private StackThread(Stack stack, WaitableLink link, String name, long busyPollNanos) {
    this.busyPollNanos = busyPollNanos;
    this.stack = stack;
    this.link = link;
    this.thread = new Thread(this::run, name);
  }

  /**
   * Starts a thread for a stack.
   *
   * @param stack whose link can be waited on; closed when the thread ends
   * @param name the thread's
   * @return the running thread
   * @throws IllegalArgumentException if the stack's link cannot be waited on
   */
  public static StackThread start(Stack stack, String name) {
    return start(stack, name, Duration.ZERO);
  }

  /**
   * Starts a thread for a stack that does not sleep at once when there is nothing to do. Waking up
   * takes tens of microseconds, which it saves; a core is busy for nothing else meanwhile.
   *
   * @param stack whose link can be waited on; closed when the thread ends
   * @param name the thread's
   * @param busyPoll how long it goes on looking after the last packet; zero for not at all
   * @return the running thread
   * @throws IllegalArgumentException if the stack's link cannot be waited on
   */
  public static StackThread start(Stack stack, String name, Duration busyPoll) {
    if (!(stack.link() instanceof WaitableLink link)) {
      throw new IllegalArgumentException(
          "the stack's link cannot be waited on; drive the stack with receive and poll instead");
    }
    StackThread started = new StackThread(stack, link, name, busyPoll.toNanos());
    stack.onHandOver(started::wakeIfAsleep);
    started.thread.start();
    return started;
  }

  /**
   * Runs a command on the stack's thread, soon. Any thread may call this. What the command throws
   * is logged; after the thread's end commands are not run.
   *
   * @param command must not block
   */
  public void execute(Runnable command) {
    enqueue(new Command(command, new CompletableFuture<Void>()));
  }

  /**
   * Runs a command on the stack's thread and hands back its result. Any thread may call this.
   *
   * @param command must not block
   * @param <T> the result's type
   * @return completes with the result, or with what the command threw, or exceptionally with an
   *     {@link IllegalStateException} when the thread ends first
   */
  public <T> CompletableFuture<T> submit(Callable<T> command) {
    CompletableFuture<T> result = new CompletableFuture<>();
    enqueue(
        new Command(
            () -> {
              try {
                result.complete(command.call());
              } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
                LOG.debug("a command for the stack's thread failed", e);
                result.completeExceptionally(e);
              }
            },
            result));
    return result;
  }

  private void enqueue(Command command) {
    commands.add(command);
    if (terminated.isDone()) {
      // Nobody reads the queue any more; if this thread sees that, it clears up itself.
      failCommands();
    } else {
      wakeIfAsleep();
    }
  }

  private void wakeIfAsleep() {
    if (sleeping) {
      link.wakeup();
    }
  }

  /**
   * Tells when the thread has ended, and how.
   *
   * @return completes normally after {@link #close}, with a {@link LinkException} if the link went
   *     away
   */
  public CompletableFuture<Void> terminated() {
    return terminated;
  }

  /**
   * Tells whether the calling thread is this one.
   *
   * @return true on the engine thread
   */
  public boolean isEngineThread() {
    return Thread.currentThread() == thread;
  }

  private void run() {
    try {
      while (!stopping) {
        runCommands();
        turn();
      }
      runCommands();
      stack.close();
      terminated.complete(null);
    } catch (LinkException e) {
      closeQuietly();
      terminated.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      LOG.error("the stack's thread ends because of a defect in the stack", e);
      closeQuietly();
      terminated.completeExceptionally(e);
    } finally {
      failCommands();
    }
  }

  private void turn() {
    long now = stack.clock().nanos();
    try {
      long next = stack.poll(now);
      failures = 0;
      if (next > now && !isBusyPolling()) {
        sleep(next);
      }
    } catch (LinkException e) {
      throw e;
    } catch (RuntimeException e) {
      // A defect of ours met by one packet must not cost everybody else their connections; one that
      // comes back every time must not spin.
      failures++;
      LOG.error("a turn of the stack failed; going on", e);
      if (failures >= MAX_FAILURES_IN_A_ROW) {
        throw e;
      }
    }
  }

  private boolean isBusyPolling() {
    if (busyPollNanos == 0) {
      return false;
    }
    // Not the turn's beginning: the packet may have come since.
    long now = stack.clock().nanos();
    long packets = stack.packetsReceived();
    if (packets != packetsSeen) {
      packetsSeen = packets;
      lastPacketAt = now;
    }
    return packets > 0 && now - lastPacketAt < busyPollNanos;
  }

  private void closeQuietly() {
    try {
      stack.close();
    } catch (RuntimeException e) {
      LOG.debug("closing the stack after a failure failed too", e);
    }
  }

  private void sleep(long next) {
    sleeping = true;
    try {
      // Whoever added a command before the flag was up did not wake us: look once more.
      if (commands.isEmpty() && !stack.hasHandedOver() && !stopping) {
        long timeout = next == Link.NEVER ? Long.MAX_VALUE : next - stack.clock().nanos();
        if (timeout > 0) {
          link.await(timeout);
        }
      }
    } finally {
      sleeping = false;
    }
  }

  private void runCommands() {
    for (Command command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
  }

  private void failCommands() {
    for (Command command = commands.poll(); command != null; command = commands.poll()) {
      command.outcome.completeExceptionally(
          new IllegalStateException("the stack's thread has ended"));
    }
  }

  private record Command(Runnable action, CompletableFuture<?> outcome) {
    void run() {
      try {
        action.run();
      } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
        LOG.error("a command for the stack's thread failed", e);
      }
    }
  }

  /** Ends the thread and closes the stack; waits until that has happened. */
  @Override
  public void close() {
    stopping = true;
    link.wakeup();
    if (isEngineThread()) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
