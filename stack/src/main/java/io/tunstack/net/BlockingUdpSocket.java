package io.tunstack.net;

import io.tunstack.udp.UdpDatagram;
import io.tunstack.udp.UdpError;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UDP socket whose calls wait, for any thread but the engine's.
 *
 * <p>Once connected, it reports what ICMP says about its datagrams from the next {@link #receive}
 * or {@link #send(ByteBuffer)}, as {@link java.net.DatagramSocket} does; before, it does not.
 */
public final class BlockingUdpSocket implements Closeable {
  /** Datagrams handed over ahead of their reader; the others stay where their bytes are limited. */
  private static final int MAX_WAITING = 64;

  private final BlockingSockets owner;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock. */
  private final ArrayDeque<UdpDatagram> waiting = new ArrayDeque<>();

  /** More is left at the engine's side; guarded by the lock. */
  private boolean more;

  /** What the next call is going to throw, if anything; guarded by the lock. */
  private UdpError error;

  /** Guarded by the lock. */
  private boolean closed;

  private volatile UdpSocket socket;

  BlockingUdpSocket(BlockingSockets owner) {
    this.owner = owner;
  }

  /** Called once on the engine thread, before any callback. */
  void attach(UdpSocket attached) {
    socket = attached;
  }

  UdpHandler handler() {
    return new Handler();
  }

  /**
   * Returns our end.
   *
   * @return address and port
   * @throws IOException if the stack has ended
   */
  public InetSocketAddress localAddress() throws IOException {
    return owner.onEngine(socket::localAddress);
  }

  /**
   * Chooses a peer: datagrams of others are refused from now on. Sends nothing.
   *
   * @param peer an IPv4 address, resolved, and a port
   * @throws IOException if the stack has ended
   * @throws IllegalArgumentException if nobody can be there
   */
  public void connect(InetSocketAddress peer) throws IOException {
    owner.onEngine(
        () -> {
          socket.connect(peer);
          return null;
        });
  }

  /**
   * Waits for a datagram.
   *
   * @param timeout how long at most
   * @return the oldest
   * @throws SocketTimeoutException if the time is over
   * @throws java.net.PortUnreachableException if the peer says that nobody is there
   * @throws SocketException if the socket is closed
   * @throws IOException if ICMP says something else, or the thread is interrupted
   */
  public UdpDatagram receive(Duration timeout) throws IOException {
    owner.requireOtherThread();
    UdpDatagram datagram;
    boolean refill;
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (waiting.isEmpty() && error == null && !closed) {
        if (left <= 0) {
          throw new SocketTimeoutException("Receive timed out");
        }
        left = changed.awaitNanos(left);
      }
      throwPending();
      datagram = waiting.remove();
      refill = more && waiting.size() <= MAX_WAITING / 2;
      more &= !refill;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted while waiting for a datagram").initCause(e);
    } finally {
      lock.unlock();
    }
    if (refill) {
      owner.execute(this::fill);
    }
    return datagram;
  }

  /**
   * Sends a datagram to the peer; returns when the link has it.
   *
   * @param text all that remains is sent, 0 to 65,507 bytes, and consumed
   * @throws java.net.PortUnreachableException if the peer said to an earlier one that nobody is
   *     there
   * @throws IOException if ICMP said something else, if the socket is closed or not connected, or
   *     if the stack has ended
   * @throws IllegalArgumentException if it is too long
   */
  public void send(ByteBuffer text) throws IOException {
    requireNothingPending();
    owner.onEngine(() -> socket.send(text));
  }

  /**
   * Sends a datagram; returns when the link has it.
   *
   * @param text all that remains is sent, 0 to 65,507 bytes, and consumed
   * @param to a host's IPv4 address, resolved, and a port
   * @throws IOException as {@link #send(ByteBuffer)} does
   * @throws IllegalArgumentException if it is too long, or nobody can be there
   */
  public void send(ByteBuffer text, InetSocketAddress to) throws IOException {
    requireNothingPending();
    owner.onEngine(() -> socket.send(text, to));
  }

  /**
   * Limits the memory of what waits to be received.
   *
   * @param bytes text and some overhead for each datagram, 1 or more
   * @throws IOException if the stack has ended
   * @throws IllegalArgumentException if it is less than 1
   */
  public void setReceiveBuffer(int bytes) throws IOException {
    owner.onEngine(
        () -> {
          socket.setReceiveBuffer(bytes);
          return null;
        });
  }

  /**
   * Forbids that datagrams are cut on their way, or allows it again.
   *
   * @param on whether a datagram that is too long for the path is refused instead
   * @throws IOException if the stack has ended
   */
  public void setDontFragment(boolean on) throws IOException {
    owner.onEngine(
        () -> {
          socket.setDontFragment(on);
          return null;
        });
  }

  private void requireNothingPending() throws IOException {
    owner.requireOtherThread();
    lock.lock();
    try {
      throwPending();
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  private void throwPending() throws IOException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
    if (error != null) {
      UdpError pending = error;
      error = null;
      throw pending.toException();
    }
  }

  /** Gives the port back; who waits is told that the socket is closed. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    UdpSocket attached = socket;
    owner.execute(attached::close);
  }

  // ---- the engine thread -------------------------------------------------------------------

  private void fill() {
    lock.lock();
    try {
      while (waiting.size() < MAX_WAITING) {
        Optional<UdpDatagram> next = socket.receive();
        if (next.isEmpty()) {
          more = false;
          break;
        }
        waiting.add(next.get());
        more = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private final class Handler implements UdpHandler {
    @Override
    public void onReadable(UdpSocket ignored) {
      fill();
    }

    @Override
    public void onError(UdpSocket from, UdpError news) {
      if (from.remoteAddress().isPresent()) {
        lock.lock();
        try {
          error = news;
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }
}
