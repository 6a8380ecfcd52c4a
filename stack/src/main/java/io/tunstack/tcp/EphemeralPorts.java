package io.tunstack.tcp;

import io.tunstack.wire.SipHash;
import java.util.function.IntPredicate;

/**
 * Local ports for active opens, after RFC 6056 §3.3.3: a counter says how far we have come, and
 * each destination maps it by a keyed permutation of its own. So a destination sees every port once
 * before it sees one again, and the ports that it, or anybody else, has seen do not tell the next.
 */
final class EphemeralPorts {
  /** Linux's default range. */
  private static final int FIRST = 32768;

  private static final int LAST = 60999;
  private static final int COUNT = LAST - FIRST + 1;

  /** Half the bits of the smallest even power of two that holds the range. */
  private static final int HALF_BITS = 8;

  private static final int HALF_MASK = (1 << HALF_BITS) - 1;

  /** Rounds after which a Feistel network cannot be told from a random permutation. */
  private static final int ROUNDS = 4;

  private final SipHash hash;
  private final int index;
  private final int count;
  private int next;

  EphemeralPorts(SipHash hash) {
    this(hash, 0, 1);
  }

  /** The {@code index}-th of {@code count} engines, each of which has ports of its own. */
  EphemeralPorts(SipHash hash, int index, int count) {
    this.hash = hash;
    this.index = index;
    this.count = count;
    this.next = (int) hash.hash(0, 0);
  }

  /**
   * Picks a port.
   *
   * @param free whether a port is free for this destination
   * @return the port, or -1 if none is free
   */
  int pick(int local, int remote, int remotePort, IntPredicate free) {
    long destination = hash.hash(local, 0, remote, remotePort);
    for (int tries = 0; tries < COUNT; tries++) {
      int place = Integer.remainderUnsigned(next++, COUNT);
      int port = FIRST + permute(destination, place);
      if (port % count == index && free.test(port)) {
        return port;
      }
    }
    return -1;
  }

  /** A Feistel network over 16 bits, walked until it lands in the range. */
  private int permute(long destination, int index) {
    int value = index;
    do {
      int left = value >>> HALF_BITS;
      int right = value & HALF_MASK;
      for (int round = 0; round < ROUNDS; round++) {
        int mixed = (int) hash.hash(destination, (long) round << HALF_BITS | right) & HALF_MASK;
        int swapped = left ^ mixed;
        left = right;
        right = swapped;
      }
      value = left << HALF_BITS | right;
    } while (value >= COUNT);
    return value;
  }
}
