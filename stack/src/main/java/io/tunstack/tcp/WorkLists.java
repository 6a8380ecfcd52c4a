package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose turn it is at the end of a batch: connections with news, and those that owe output. */
final class WorkLists {
  private static final Logger LOG = LoggerFactory.getLogger(WorkLists.class);

  /**
   * Callbacks that may run before output gets its turn: an application that answers itself over and
   * over must not keep the stack from sending.
   */
  private static final int MAX_CALLBACK_ROUNDS = 10_000;

  private final Tcp tcp;
  private final ArrayDeque<TcpConnection> ready = new ArrayDeque<>();
  private final ArrayDeque<TcpConnection> owing = new ArrayDeque<>();

  WorkLists(Tcp tcp) {
    this.tcp = tcp;
  }

  void addReady(TcpConnection c) {
    if (!c.onReadyList) {
      c.onReadyList = true;
      ready.add(c);
    }
  }

  void addOwing(TcpConnection c) {
    if (!c.onOwingList) {
      c.onOwingList = true;
      owing.add(c);
    }
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  /** Calls the handlers of every connection on the ready list; answers whether any was called. */
  boolean runCallbacks() {
    int rounds = 0;
    while (!ready.isEmpty() && rounds < MAX_CALLBACK_ROUNDS) {
      TcpConnection c = ready.remove();
      c.onReadyList = false;
      callBack(c);
      rounds++;
    }
    return rounds > 0;
  }

  /** Calls a connection's handler out of turn, if there is something to tell it. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  void callBack(TcpConnection c) {
    try {
      c.runCallbacks();
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      // The application's mistake costs it this connection, and nobody else anything.
      tcp.count(Counter.TCP_ABORT_ON_CALLBACK);
      LOG.error("a handler of {} threw; the connection is reset", c.tuple(), e);
      c.abort(CloseReason.ABORTED, SendReason.RST_CALLBACK, tcp.now());
    }
  }

  /**
   * Lets connections that owe output send it, in turns.
   *
   * @param maxSegments when to stop, roughly; those who have not had their turn keep their place
   * @return whether nobody owes anything any more
   */
  boolean flush(long now, int maxSegments) {
    int sent = 0;
    while (!owing.isEmpty() && sent < maxSegments) {
      TcpConnection c = owing.remove();
      c.onOwingList = false;
      sent += c.flush(now);
    }
    return owing.isEmpty();
  }
}
