package io.tunstack.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A port whose connections are accepted by a thread that waits for them. */
public final class BlockingListener implements Closeable {
  private final BlockingSockets owner;
  private final int backlog;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Connections that wait; guarded by the lock. */
  private final ArrayDeque<BlockingSocket> waiting = new ArrayDeque<>();

  /** How many wait; written under the lock, read by the engine without it. */
  private volatile int waitingCount;

  /** Guarded by the lock. */
  private boolean closed;

  private volatile TcpListener listener;

  BlockingListener(BlockingSockets owner, int backlog) {
    if (backlog < 1) {
      throw new IllegalArgumentException("the backlog is " + backlog + "; use at least 1");
    }
    this.owner = owner;
    this.backlog = backlog;
  }

  void attach(TcpListener attached) {
    listener = attached;
    attached.limit(backlog, () -> waitingCount);
  }

  /** Takes a connection on the engine thread. */
  TcpHandler accepted(TcpSocket socket) {
    BlockingSocket blocking = new BlockingSocket(owner);
    blocking.attach(socket);
    lock.lock();
    try {
      if (closed) {
        // Nobody is going to serve it: better that the peer knows now than that it waits.
        socket.abort();
      } else {
        waiting.add(blocking);
        waitingCount = waiting.size();
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    return blocking.handler();
  }

  /**
   * Waits for a connection.
   *
   * @param timeout how long at most
   * @return the next one, established
   * @throws SocketTimeoutException if the time is over
   * @throws SocketException if this listener is closed
   * @throws IOException if the thread is interrupted
   */
  public BlockingSocket accept(Duration timeout) throws IOException {
    owner.requireOtherThread();
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (waiting.isEmpty()) {
        if (closed) {
          throw new SocketException("Socket closed");
        }
        if (left <= 0) {
          throw new SocketTimeoutException("Accept timed out");
        }
        left = changed.awaitNanos(left);
      }
      BlockingSocket first = waiting.remove();
      waitingCount = waiting.size();
      return first;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted while waiting for a connection").initCause(e);
    } finally {
      lock.unlock();
    }
  }

  /** Stops listening; connections that nobody accepted are reset. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      waiting.forEach(BlockingSocket::abort);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    TcpListener attached = listener;
    owner.execute(attached::close);
  }
}
