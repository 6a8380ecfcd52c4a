package io.tunstack.http;

import io.tunstack.net.TcpSocket;
import java.nio.ByteBuffer;

/**
 * Bytes read from a connection and not used yet.
 *
 * <p>While a connection has its turn it works in an array that all connections of a server share.
 * What is left over at the end of the turn moves into an array of its own, which goes away once it
 * is used up: a connection that waits for a request owns nothing.
 */
final class Input {
  /** The least that an array of a connection's own has. */
  private static final int MIN_OWN_BYTES = 512;

  private final byte[] shared;
  private final ByteBuffer sharedView;
  private byte[] array;
  private int start;
  private int end;

  /** Works in {@code shared} as long as nothing is left over. */
  Input(byte[] shared) {
    this.shared = shared;
    this.sharedView = ByteBuffer.wrap(shared);
    this.array = shared;
  }

  byte[] array() {
    return array;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  int available() {
    return end - start;
  }

  void skip(int count) {
    start += count;
    if (start == end) {
      clear();
    }
  }

  void clear() {
    array = shared;
    start = 0;
    end = 0;
  }

  /** Reads at most {@code max} bytes behind those that are there; answers as the socket does. */
  int fill(TcpSocket socket, int max) {
    if (end == array.length) {
      makeRoom();
    }
    int room = Math.min(max, array.length - end);
    ByteBuffer target = array == shared ? sharedView : ByteBuffer.wrap(array);
    target.limit(end + room).position(end);
    int count = socket.read(target);
    end += Math.max(0, count);
    return count;
  }

  private void makeRoom() {
    int length = end - start;
    byte[] target = array;
    if (length > array.length / 2) {
      target = new byte[2 * array.length];
    }
    System.arraycopy(array, start, target, 0, length);
    array = target;
    start = 0;
    end = length;
  }

  /** Takes what is left out of the shared array, because another connection's turn comes. */
  void endTurn() {
    if (array == shared && end > start) {
      int length = end - start;
      byte[] own = new byte[Math.max(MIN_OWN_BYTES, length)];
      System.arraycopy(array, start, own, 0, length);
      array = own;
      start = 0;
      end = length;
    }
  }

  /** Reads until nothing waits or {@code max} bytes have gone; answers how many, -1 at the end. */
  long discard(TcpSocket socket, long max) {
    clear();
    long total = 0;
    while (total < max) {
      sharedView.clear();
      int count = socket.read(sharedView);
      if (count < 0) {
        return total == 0 ? -1 : total;
      }
      if (count == 0) {
        break;
      }
      total += count;
    }
    return total;
  }
}
