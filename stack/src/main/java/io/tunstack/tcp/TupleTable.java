package io.tunstack.tcp;

import io.tunstack.wire.SipHash;
import java.util.function.Consumer;

/**
 * Connections and TIME-WAIT entries by 4-tuple: one look-up finds either. Chained through the nodes
 * themselves, so that looking up and inserting allocate nothing; keyed, so that nobody outside can
 * choose tuples that collide.
 */
final class TupleTable {
  private static final int INITIAL = 64;

  private final SipHash hash;
  private TupleNode[] buckets = new TupleNode[INITIAL];
  private int size;

  TupleTable(SipHash hash) {
    this.hash = hash;
  }

  int size() {
    return size;
  }

  TupleNode find(int local, int localPort, int remote, int remotePort) {
    TupleNode node = buckets[bucket(local, localPort, remote, remotePort)];
    while (node != null && !node.matches(local, localPort, remote, remotePort)) {
      node = node.chain;
    }
    return node;
  }

  void add(TupleNode node) {
    if (size >= buckets.length) {
      grow();
    }
    int at = bucket(node.local, node.localPort, node.remote, node.remotePort);
    node.chain = buckets[at];
    buckets[at] = node;
    size++;
  }

  /** Removes a node; does nothing if it is not there. */
  void remove(TupleNode node) {
    int at = bucket(node.local, node.localPort, node.remote, node.remotePort);
    TupleNode previous = null;
    for (TupleNode each = buckets[at]; each != null; each = each.chain) {
      if (each == node) {
        if (previous == null) {
          buckets[at] = node.chain;
        } else {
          previous.chain = node.chain;
        }
        node.chain = null;
        size--;
        return;
      }
      previous = each;
    }
  }

  /** Visits every node; the visitor may not add or remove any. */
  void forEach(Consumer<TupleNode> visitor) {
    for (TupleNode first : buckets) {
      for (TupleNode node = first; node != null; node = node.chain) {
        visitor.accept(node);
      }
    }
  }

  private int bucket(int local, int localPort, int remote, int remotePort) {
    return (int) hash.hash(local, localPort, remote, remotePort) & (buckets.length - 1);
  }

  private void grow() {
    TupleNode[] old = buckets;
    buckets = new TupleNode[old.length * 2];
    for (TupleNode first : old) {
      TupleNode node = first;
      while (node != null) {
        TupleNode following = node.chain;
        int at = bucket(node.local, node.localPort, node.remote, node.remotePort);
        node.chain = buckets[at];
        buckets[at] = node;
        node = following;
      }
    }
  }
}
