package io.tunstack.net;

import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Sockets that block, on a stack that a {@link StackThread} drives: for code that is written one
 * statement after another, on platform or virtual threads.
 *
 * <p>Any thread but the engine's may call this.
 */
public final class BlockingSockets {
  private final StackThread thread;
  private final Sockets sockets;

  private BlockingSockets(StackThread thread, Sockets sockets) {
    this.thread = thread;
    this.sockets = sockets;
  }

  /**
   * Gives access to a running stack.
   *
   * @param stack the stack
   * @param thread what drives it
   * @return its blocking sockets
   */
  public static BlockingSockets on(Stack stack, StackThread thread) {
    return new BlockingSockets(thread, Sockets.on(stack));
  }

  /**
   * Opens a connection and waits until it stands.
   *
   * @param remote an IPv4 address, resolved, and a port
   * @param timeout how long to wait at most
   * @return the connected socket
   * @throws java.net.ConnectException if the peer refuses
   * @throws java.net.SocketTimeoutException if the time is over
   * @throws IOException if it fails in another way
   * @throws IllegalArgumentException if nobody can be connected to there
   */
  public BlockingSocket connect(InetSocketAddress remote, Duration timeout) throws IOException {
    requireOtherThread();
    BlockingSocket socket = new BlockingSocket(this);
    onEngine(
        () -> {
          socket.attach(sockets.connect(remote, socket.handler()));
          return null;
        });
    socket.awaitConnected(timeout);
    return socket;
  }

  /**
   * Listens on a port.
   *
   * @param port 1 to 65,535
   * @param backlog connections that may wait to be accepted, at least 1; more are reset
   * @return what accepts them
   * @throws IOException if the stack has ended
   * @throws IllegalArgumentException if the port is out of range or taken
   */
  public BlockingListener listen(int port, int backlog) throws IOException {
    requireOtherThread();
    BlockingListener listener = new BlockingListener(this, backlog);
    onEngine(
        () -> {
          listener.attach(sockets.listen(port, listener::accepted));
          return null;
        });
    return listener;
  }

  /**
   * Binds a UDP socket on every address of the stack.
   *
   * @param port 1 to 65,535, or 0 for one that nobody can guess
   * @return the socket, not connected
   * @throws IOException if the stack has ended or every ephemeral port is taken
   * @throws IllegalArgumentException if the port is out of range or taken
   */
  public BlockingUdpSocket bindUdp(int port) throws IOException {
    requireOtherThread();
    BlockingUdpSocket socket = new BlockingUdpSocket(this);
    onEngine(
        () -> {
          socket.attach(sockets.bindUdp(port, socket.handler()));
          return null;
        });
    return socket;
  }

  <T> T onEngine(Callable<T> command) throws IOException {
    Future<T> future = thread.submit(command);
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted while waiting for the stack").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      throw new IOException("the stack refused: " + e.getCause().getMessage(), e.getCause());
    }
  }

  void execute(Runnable command) {
    thread.execute(command);
  }

  void requireOtherThread() {
    if (thread.isEngineThread()) {
      throw new IllegalStateException(
          "a blocking call on the stack's own thread would wait for itself; use Sockets there, or"
              + " another thread");
    }
  }
}
