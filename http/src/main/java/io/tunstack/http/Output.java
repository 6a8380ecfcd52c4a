package io.tunstack.http;

import io.tunstack.net.TcpSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The way out of a connection. Responses are put into a stage that all connections of a server
 * share, one after another, and go to the socket in one write; what the socket does not take stays
 * here, and until it has gone nothing more is staged.
 */
final class Output {
  /**
   * A producer is asked for this much more than the socket takes. A socket promises to call back
   * only when it has refused something, so something has to be refused; and no more than this has
   * to be kept.
   */
  private static final int EXCESS = 1_024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final TcpSocket socket;
  private final ByteBuffer stage;
  private ByteBuffer refused = NOTHING;
  private long accepted;

  /** The socket had no room for what should have been made in it, and is going to call back. */
  private boolean full;

  /** Works in {@code stage}, which is empty between turns. */
  Output(TcpSocket socket, ByteBuffer stage) {
    this.socket = socket;
    this.stage = stage;
  }

  ByteBuffer stage() {
    return stage;
  }

  /** How much body it makes sense to ask for. */
  int appetite() {
    return Math.max(0, socket.writable() - stage.position()) + EXCESS;
  }

  boolean isBlocked() {
    return full || refused.hasRemaining();
  }

  /** Bytes that the socket has taken since the beginning. */
  long accepted() {
    return accepted;
  }

  /**
   * Lets bytes be made in the socket's own buffer, behind everything that was staged.
   *
   * @param limit bytes at most
   * @return how many were made
   */
  int fill(int limit, Consumer<ByteBuffer> maker) {
    if (!flush()) {
      return 0;
    }
    int count = socket.fill(limit, maker);
    full = count < 0;
    accepted += Math.max(0, count);
    return Math.max(0, count);
  }

  /**
   * Sends bytes from where they are, behind everything that was staged.
   *
   * @return how many the socket took
   */
  int lend(ByteBuffer source) {
    if (!flush()) {
      return 0;
    }
    int count = socket.lend(source);
    full = source.hasRemaining();
    accepted += count;
    return count;
  }

  /** Something has happened: the socket may have room again. */
  void beginTurn() {
    full = false;
  }

  /** Writes what it can; answers whether that was everything. */
  boolean flush() {
    if (refused.hasRemaining()) {
      accepted += socket.write(refused);
      if (refused.hasRemaining()) {
        return false;
      }
      refused = NOTHING;
    }
    if (stage.position() > 0) {
      stage.flip();
      accepted += socket.write(stage);
      if (stage.hasRemaining()) {
        refused = ByteBuffer.allocate(stage.remaining()).put(stage).flip();
      }
      stage.clear();
    }
    return !isBlocked();
  }

  void discard() {
    stage.clear();
    refused = NOTHING;
    full = false;
  }
}
