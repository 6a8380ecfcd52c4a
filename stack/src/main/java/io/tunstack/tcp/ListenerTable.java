package io.tunstack.tcp;

import java.util.ArrayList;
import java.util.List;

/**
 * Who listens where. A listener is on one address or on all of them; a port on one address belongs
 * to one listener only, so a look-up finds one or none.
 */
final class ListenerTable {
  /** A host listens on a handful of ports; chains stay short up to some hundred. */
  private static final int BUCKETS = 64;

  private final Listener[] buckets = new Listener[BUCKETS];

  /** The listener that takes a SYN for an address of ours and a port; null if there is none. */
  Listener find(int address, int port) {
    for (Listener each = buckets[port & (BUCKETS - 1)]; each != null; each = each.chain) {
      if (each.port == port && (each.address == Listener.ANY || each.address == address)) {
        return each;
      }
    }
    return null;
  }

  /** Whether a listener on this address, or on any, would meet another. */
  boolean isTaken(int address, int port) {
    for (Listener each = buckets[port & (BUCKETS - 1)]; each != null; each = each.chain) {
      boolean overlap =
          address == Listener.ANY || each.address == Listener.ANY || each.address == address;
      if (each.port == port && overlap) {
        return true;
      }
    }
    return false;
  }

  void add(Listener listener) {
    int bucket = listener.port & (BUCKETS - 1);
    listener.chain = buckets[bucket];
    buckets[bucket] = listener;
  }

  void remove(Listener listener) {
    int bucket = listener.port & (BUCKETS - 1);
    Listener previous = null;
    for (Listener each = buckets[bucket]; each != null; each = each.chain) {
      if (each == listener) {
        if (previous == null) {
          buckets[bucket] = each.chain;
        } else {
          previous.chain = each.chain;
        }
        each.chain = null;
        return;
      }
      previous = each;
    }
  }

  /** All of them, in a list of the caller's own. */
  List<Listener> all() {
    List<Listener> all = new ArrayList<>();
    for (Listener head : buckets) {
      for (Listener each = head; each != null; each = each.chain) {
        all.add(each);
      }
    }
    return all;
  }
}
