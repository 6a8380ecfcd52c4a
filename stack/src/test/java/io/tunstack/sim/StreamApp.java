package io.tunstack.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.net.Readiness;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import java.nio.ByteBuffer;

/** Sends a stream that can be told by position, and checks that what it reads is the peer's. */
final class StreamApp implements TcpHandler {
  private static final int CHUNK = 4096;

  private final Side side;
  private final ByteBuffer scratch = ByteBuffer.allocate(CHUNK);
  private TcpSocket socket;
  private boolean reading = true;

  /** Bytes that the application still wants to send. */
  private long pending;

  /** Bytes that the stack took. */
  long accepted;

  /** Of these, bytes that the peer has acknowledged. */
  long acknowledged;

  /** Bytes read and found right. */
  long received;

  /** It was told that there is something to read, and has not read since. */
  private boolean readable;

  boolean connected;
  boolean endSeen;
  boolean outputClosed;

  /** It called close or abort: what the peer sends is not read to its end. */
  boolean gaveUp;

  CloseReason closed;

  StreamApp(Side side) {
    this.side = side;
  }

  void attach(TcpSocket newSocket) {
    socket = newSocket;
  }

  boolean isAttached() {
    return socket != null;
  }

  /** Whether a read now would find something new. */
  boolean canRead() {
    return readable && !gaveUp;
  }

  /** Whether the stack has not taken yet all that it wants to send. */
  boolean hasPending() {
    return pending > 0;
  }

  /** Adds what it remembers. */
  void addTo(StateDigest digest) {
    digest.add(accepted).add(received).add(pending);
    digest.add(closed == null ? 0 : 1 + closed.name().hashCode());
    boolean[] flags = {connected, endSeen, outputClosed, gaveUp, readable, isAttached()};
    for (boolean flag : flags) {
      digest.add(flag ? 1 : 2);
    }
  }

  private boolean ended() {
    return socket == null || closed != null;
  }

  // ---- operations --------------------------------------------------------------------------

  void write(int bytes) {
    if (!ended() && !outputClosed) {
      pending += bytes;
      push();
    }
  }

  private void push() {
    while (pending > 0 && socket.writable() > 0) {
      scratch.clear().limit((int) Math.min(CHUNK, pending));
      for (int i = 0; i < scratch.limit(); i++) {
        scratch.put(i, side.byteAt(accepted + i));
      }
      int n = socket.write(scratch);
      accepted += n;
      pending -= n;
      if (n == 0) {
        return;
      }
    }
    if (pending > 0 && socket.isOpen() && !outputClosed) {
      // A refused write is what earns onWritable.
      scratch.clear().limit(1).put(0, side.byteAt(accepted));
      assertEquals(0, socket.write(scratch), "write beyond writable()");
    }
  }

  void pauseReading() {
    reading = false;
  }

  void resumeReading() {
    reading = true;
    if (!ended()) {
      take(Integer.MAX_VALUE);
    }
  }

  void read(int bytes) {
    if (!ended()) {
      take(bytes);
    }
  }

  private void take(int limit) {
    int left = limit;
    readable = false;
    while (left > 0) {
      boolean wasOpen = socket.isOpen();
      scratch.clear().limit(Math.min(CHUNK, left));
      int n = socket.read(scratch);
      if (n < 0 && wasOpen && !gaveUp) {
        endSeen = true;
      }
      if (n <= 0) {
        return;
      }
      assertFalse(endSeen, "bytes behind the end of the stream");
      for (int i = 0; i < n; i++) {
        if (scratch.get(i) != side.other().byteAt(received + i)) {
          assertEquals(
              side.other().byteAt(received + i),
              scratch.get(i),
              side + " read a wrong byte at " + (received + i));
        }
      }
      received += n;
      left -= n;
    }
  }

  void setBuffers(int send, int receive) {
    if (!ended()) {
      socket.setOptions(socket.options().withBuffers(send, receive));
    }
  }

  /** What the socket says of itself fits together, and with what reading and writing would do. */
  void checkSocket() {
    if (socket == null) {
      return;
    }
    long acked = accepted - socket.unacknowledged() - socket.unsent();
    assertTrue(socket.unsent() >= 0 && socket.unacknowledged() >= 0, "negative counts");
    assertEquals(socket.unsent(), socket.info().unsentBytes());
    assertEquals(socket.unacknowledged(), socket.info().unackedBytes());
    if (socket.isOpen()) {
      assertTrue(acked >= acknowledged, "what was acknowledged is so no more");
      acknowledged = acked;
    }
    int bits = socket.readiness();
    scratch.clear().limit(1);
    assertEquals(socket.peek(scratch) != 0, (bits & Readiness.READABLE) != 0, "readable");
    assertEquals(socket.available() > 0, scratch.position() > 0, "unread");
    assertEquals(socket.writable() > 0, (bits & Readiness.WRITABLE) != 0, "writable");
    if (!socket.isOpen()) {
      assertTrue((bits & Readiness.HANGUP) != 0, "an ended connection hangs up");
    }
    boolean failed = !socket.isOpen() && socket.lastError().isPresent();
    assertEquals(failed, (bits & Readiness.ERROR) != 0, "error");
    if ((bits & Readiness.HANGUP) != 0) {
      assertTrue((bits & Readiness.INPUT_ENDED) != 0, "a hang-up is the end of input too");
      assertEquals(0, bits & Readiness.WRITABLE, "writable after a hang-up");
    }
  }

  void shutdown() {
    if (!ended()) {
      outputClosed = true;
      pending = 0;
      socket.shutdownOutput();
    }
  }

  void close() {
    if (!ended()) {
      outputClosed = true;
      pending = 0;
      gaveUp |= !endSeen;
      socket.close();
    }
  }

  void abort() {
    if (!ended()) {
      outputClosed = true;
      pending = 0;
      gaveUp = true;
      socket.abort();
    }
  }

  // ---- callbacks ---------------------------------------------------------------------------

  @Override
  public void onConnected(TcpSocket connection) {
    assertFalse(connected, "connected twice");
    assertNull(closed, "connected after the end");
    connected = true;
    push();
  }

  @Override
  public void onReadable(TcpSocket connection) {
    assertTrue(connected, "readable before connected");
    assertNull(closed, "readable after the end");
    readable = true;
    if (reading) {
      take(Integer.MAX_VALUE);
    }
  }

  @Override
  public void onWritable(TcpSocket connection) {
    assertNull(closed, "writable after the end");
    push();
  }

  @Override
  public void onClosed(TcpSocket connection, CloseReason reason) {
    assertNull(closed, "closed twice");
    closed = reason;
  }

  @Override
  public String toString() {
    return side
        + (closed == null ? " open" : " closed " + closed)
        + ", accepted "
        + accepted
        + ", received "
        + received
        + (endSeen ? ", end seen" : "")
        + (gaveUp ? ", gave up" : "");
  }
}
