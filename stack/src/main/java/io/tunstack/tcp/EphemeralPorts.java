package io.tunstack.tcp;

import io.tunstack.wire.SipHash;
import java.util.function.IntPredicate;

/**
 * Local ports for active opens: RFC 6056 §3.3.3, algorithm 3. A keyed hash of the destination says
 * where to start, a counter how far we have come, so ports to one destination are not used again
 * soon and tell nobody about those to another.
 */
final class EphemeralPorts {
  /** Linux's default range. */
  private static final int FIRST = 32768;

  private static final int LAST = 60999;
  private static final int COUNT = LAST - FIRST + 1;

  private final SipHash hash;
  private int next;

  EphemeralPorts(SipHash hash) {
    this.hash = hash;
  }

  /**
   * Picks a port.
   *
   * @param free whether a port is free for this destination
   * @return the port, or -1 if none is free
   */
  int pick(int local, int remote, int remotePort, IntPredicate free) {
    int offset = (int) hash.hash(local, 0, remote, remotePort);
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + Integer.remainderUnsigned(offset + next++, COUNT);
      if (free.test(port)) {
        return port;
      }
    }
    return -1;
  }
}
