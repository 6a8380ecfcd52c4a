package io.tunstack.net;

import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.ConnectionOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP connection with streams that block, for threads other than the engine's, virtual ones among
 * them.
 *
 * <pre>
 *   application thread                          engine thread
 *   in().read()   &lt;----- ring, 64 KiB &lt;----- onReadable: socket.read
 *   out().write() -----&gt; ring, 64 KiB -----&gt; pump: socket.write
 * </pre>
 *
 * <p>Bytes cross in a ring for each direction; what crosses as a command is only that a ring which
 * was empty, or full, is so no more. One thread may read while another writes; two that read, or
 * two that write, must agree among themselves. Every wait has a deadline if one is set, and ends
 * when the thread is interrupted. A call on the engine thread throws {@link IllegalStateException}
 * at once, because it would wait for itself.
 */
public final class BlockingSocket implements Closeable {
  /** Enough that a thread that wakes up finds work for a while; both directions, per socket. */
  private static final int RING_BYTES = 64 * 1024;

  private final BlockingSockets owner;
  private final ByteRing incoming = new ByteRing(RING_BYTES);
  private final ByteRing outgoing = new ByteRing(RING_BYTES);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicBoolean pumpScheduled = new AtomicBoolean();
  private final InputStream in = new In();
  private final OutputStream out = new Out();

  private volatile TcpSocket socket;

  /** As last chosen; the socket has them soon after. */
  private volatile ConnectionOptions options;

  private volatile boolean connected;
  private volatile boolean endOfInput;
  private volatile CloseReason closed;

  /** All that was written, and the FIN, is acknowledged. */
  private volatile boolean flushed;

  /** The engine stopped reading because the ring was full. */
  private volatile boolean readPaused;

  private volatile boolean outputShut;
  private volatile boolean closing;
  private volatile long readTimeoutNanos = Long.MAX_VALUE;

  BlockingSocket(BlockingSockets owner) {
    this.owner = owner;
  }

  // ---- application threads -----------------------------------------------------------------

  /**
   * Returns the stream of received bytes. It ends (-1) at the peer's FIN and throws {@link
   * SocketException} "Connection reset" after a RST: the two are told apart (RFC 9293 MUST-12).
   *
   * @return always the same stream; closing it closes the socket
   */
  public InputStream in() {
    return in;
  }

  /**
   * Returns the stream of bytes to send. A write returns when the bytes are on their way to the
   * engine; {@code flush} does nothing.
   *
   * @return always the same stream; closing it closes the socket
   */
  public OutputStream out() {
    return out;
  }

  /**
   * Limits how long a read waits.
   *
   * @param timeout zero for no limit, as {@link java.net.Socket#setSoTimeout} has it
   */
  public void setReadTimeout(Duration timeout) {
    readTimeoutNanos = timeout.isZero() ? Long.MAX_VALUE : timeout.toNanos();
  }

  /**
   * Returns our end.
   *
   * @return address and port
   */
  public InetSocketAddress localAddress() {
    return socket.localAddress();
  }

  /**
   * Returns the peer's end.
   *
   * @return address and port
   */
  public InetSocketAddress remoteAddress() {
    return socket.remoteAddress();
  }

  /** Sends a FIN behind everything written; reading goes on. */
  public void shutdownOutput() {
    outputShut = true;
    schedulePump();
  }

  /**
   * Returns the options.
   *
   * @return as last chosen
   */
  public ConnectionOptions options() {
    return options;
  }

  /**
   * Changes the options, soon.
   *
   * @param wanted all of them
   */
  public void setOptions(ConnectionOptions wanted) {
    options = wanted;
    owner.execute(() -> socket.setOptions(wanted));
  }

  /**
   * Sends a FIN behind everything written and lets go of the connection. Does not wait, unless
   * {@link ConnectionOptions#linger} says so: then it returns when the peer has acknowledged
   * everything, or drops the connection with a RST when that time is over (zero: at once). A thread
   * that is interrupted waits no more; the connection goes on closing.
   *
   * @throws IllegalStateException if it would have to wait on the engine thread
   */
  @Override
  public void close() {
    Duration linger = options.linger().orElse(null);
    if (linger != null && linger.isZero()) {
      abort();
      return;
    }
    boolean wait = linger != null && !closing;
    if (wait) {
      owner.requireOtherThread();
    }
    closing = true;
    outputShut = true;
    schedulePump();
    signal();
    if (wait) {
      linger(linger);
    }
  }

  private void linger(Duration time) {
    try {
      if (!await(() -> flushed || closed != null, time.toNanos())) {
        abort();
      }
    } catch (InterruptedIOException e) {
      // The thread is marked as interrupted again, and the engine goes on with what is left.
      signal();
    }
  }

  /** Drops the connection with a RST. */
  public void abort() {
    closing = true;
    owner.execute(() -> socket.abort());
    signal();
  }

  /** Waits until the handshake is complete or has failed. */
  void awaitConnected(Duration timeout) throws IOException {
    boolean inTime = await(() -> connected || closed != null || closing, timeout.toNanos());
    if (!inTime) {
      abort();
      throw new SocketTimeoutException("connect timed out after " + timeout.toMillis() + " ms");
    }
    if (!connected) {
      throw failure();
    }
  }

  private IOException failure() {
    CloseReason reason = closed;
    if (closing || reason == null) {
      return new SocketException("Socket closed");
    }
    return TcpError.of(reason, connected)
        .map(TcpError::toException)
        .orElseGet(() -> new SocketException("Broken pipe"));
  }

  private int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    boolean ready =
        await(
            () -> incoming.readable() > 0 || endOfInput || closed != null || closing,
            readTimeoutNanos);
    if (!ready) {
      throw new SocketTimeoutException("Read timed out");
    }
    if (closing) {
      throw new SocketException("Socket closed");
    }
    int n = incoming.read(target, offset, length);
    if (n > 0) {
      // The engine sets the flag, then looks how much room there is; we make room, then look at the
      // flag. With a fence between the two on either side at least one sees what the other did.
      VarHandle.fullFence();
      if (readPaused && incoming.writable() >= incoming.capacity() / 2) {
        owner.execute(this::fill);
      }
      return n;
    }
    if (endOfInput) {
      return -1;
    }
    throw failure();
  }

  private void write(byte[] source, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (outputShut || closed != null) {
        throw outputShut && !closing ? new SocketException("Output is shut down") : failure();
      }
      int n = outgoing.write(source, offset + done, length - done);
      done += n;
      if (n > 0) {
        schedulePump();
      } else {
        boolean unused =
            await(() -> outgoing.writable() > 0 || closed != null || closing, Long.MAX_VALUE);
      }
    }
  }

  /** What a thread waits for: read without the lock held by those who change it. */
  @FunctionalInterface
  private interface Awaited {
    boolean holds();
  }

  private boolean await(Awaited awaited, long timeoutNanos) throws InterruptedIOException {
    owner.requireOtherThread();
    if (awaited.holds()) {
      return true;
    }
    lock.lock();
    try {
      long left = timeoutNanos;
      while (!awaited.holds()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted while waiting for the network").initCause(e);
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void schedulePump() {
    if (pumpScheduled.compareAndSet(false, true)) {
      owner.execute(this::pump);
    }
  }

  // ---- the engine thread -------------------------------------------------------------------

  /** Called once, before any callback. */
  void attach(TcpSocket attached) {
    options = attached.options();
    socket = attached;
  }

  TcpHandler handler() {
    return new Handler();
  }

  /** Moves received bytes to the ring until it is full or there are none. */
  private void fill() {
    readPaused = false;
    while (true) {
      ByteBuffer room = incoming.room();
      if (!room.hasRemaining()) {
        readPaused = true;
        // The reader may have made room before it could see the flag: then it does not ask.
        if (incoming.writable() == 0) {
          break;
        }
        readPaused = false;
        continue;
      }
      int n = socket.read(room);
      if (n <= 0) {
        endOfInput |= n < 0 && closed == null;
        break;
      }
      incoming.filled(n);
    }
    signal();
  }

  /** Moves bytes to send from the ring to the socket, then the FIN if one was asked for. */
  private void pump() {
    pumpScheduled.set(false);
    if (closed != null || socket == null) {
      return;
    }
    boolean freed = false;
    ByteBuffer content = outgoing.content();
    while (content.hasRemaining()) {
      int n = socket.write(content);
      if (n == 0) {
        break;
      }
      outgoing.used(n);
      freed = true;
      content = outgoing.content();
    }
    if (outgoing.readable() == 0 && outputShut) {
      if (closing) {
        socket.close();
      } else {
        socket.shutdownOutput();
      }
    }
    if (freed) {
      signal();
    }
  }

  private final class Handler implements TcpHandler {
    @Override
    public void onConnected(TcpSocket ignored) {
      connected = true;
      signal();
    }

    @Override
    public void onReadable(TcpSocket ignored) {
      if (!closing) {
        fill();
      }
    }

    @Override
    public void onWritable(TcpSocket ignored) {
      pump();
    }

    @Override
    public void onFlushed(TcpSocket ignored) {
      flushed = true;
      signal();
    }

    @Override
    public void onClosed(TcpSocket ignored, CloseReason reason) {
      closed = reason;
      signal();
    }
  }

  private final class In extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return BlockingSocket.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return BlockingSocket.this.read(target, offset, length);
    }

    @Override
    public int available() {
      return incoming.readable();
    }

    @Override
    public void close() {
      BlockingSocket.this.close();
    }
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      BlockingSocket.this.write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      BlockingSocket.this.write(source, offset, length);
    }

    @Override
    public void close() {
      BlockingSocket.this.close();
    }
  }
}
