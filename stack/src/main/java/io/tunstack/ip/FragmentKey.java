package io.tunstack.ip;

import java.util.Comparator;

/**
 * What the fragments of one datagram have in common (RFC 791 §3.2).
 *
 * <p>Comparable, because a hash map then stays fast when somebody chooses keys whose hashes
 * collide.
 */
record FragmentKey(int source, int destination, int protocol, int identification)
    implements Comparable<FragmentKey> {
  private static final Comparator<FragmentKey> ORDER =
      Comparator.comparingInt(FragmentKey::source)
          .thenComparingInt(FragmentKey::destination)
          .thenComparingInt(FragmentKey::protocol)
          .thenComparingInt(FragmentKey::identification);

  @Override
  public int compareTo(FragmentKey other) {
    return ORDER.compare(this, other);
  }
}
