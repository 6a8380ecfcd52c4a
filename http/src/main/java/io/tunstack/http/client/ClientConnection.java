package io.tunstack.http.client;

import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import java.nio.ByteBuffer;

/** One connection to the server, which carries one exchange after another. */
final class ClientConnection implements TcpHandler {
  /** A read of this size is worth its call; what a handler leaves stays in it. */
  private static final int INPUT_BYTES = 65_536;

  private final HttpClient client;

  /** Bytes read and not used. */
  private final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES).limit(0);

  private TcpSocket socket;
  private boolean connected;

  /** The exchange that it carries; null between two. */
  private Exchange exchange;

  ClientConnection(HttpClient client) {
    this.client = client;
  }

  void attach(TcpSocket attached) {
    socket = attached;
  }

  void carry(Exchange next) {
    exchange = next;
  }

  TcpSocket socket() {
    return socket;
  }

  boolean isConnected() {
    return connected;
  }

  ByteBuffer input() {
    return input;
  }

  /** Reads if the input is used up; answers as the socket does, 0 if there is input already. */
  int fill() {
    if (input.hasRemaining()) {
      return 0;
    }
    input.clear();
    int count = socket.read(input);
    input.flip();
    return count;
  }

  /** Whether nothing has come that nobody asked for, a FIN included. */
  boolean isSilent() {
    return !input.hasRemaining() && fill() == 0;
  }

  /** The exchange is over, and both sides are in step. */
  void release() {
    exchange = null;
  }

  /** Ends it with a FIN. */
  void close() {
    exchange = null;
    client.forget(this);
    socket.close();
  }

  /** Ends it with a RST. */
  void abort() {
    exchange = null;
    client.forget(this);
    socket.abort();
  }

  @Override
  public void onConnected(TcpSocket ignored) {
    connected = true;
    // A request leaves as whole as it is written; Nagle would hold back its last segment.
    socket.setNoDelay(true);
    if (exchange != null) {
      exchange.connected();
    }
  }

  @Override
  public void onReadable(TcpSocket ignored) {
    if (exchange != null) {
      exchange.turn();
    } else {
      // A FIN, or bytes that nobody asked for: in neither case is it fit for another request.
      close();
    }
  }

  @Override
  public void onWritable(TcpSocket ignored) {
    if (exchange != null) {
      exchange.turn();
    }
  }

  @Override
  public void onClosed(TcpSocket ignored, CloseReason reason) {
    Exchange carried = exchange;
    exchange = null;
    client.forget(this);
    if (carried != null) {
      carried.connectionEnded(reason, connected);
    }
  }
}
