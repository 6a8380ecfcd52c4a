package io.tunstack.udp;

import io.tunstack.wire.SipHash;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds whom a datagram is for.
 *
 * <pre>
 *   1. connected:  hash of the four-tuple --&gt; chain       the peer must be the right one
 *   2. bound:      port / 256 --&gt; port % 256 --&gt; chain    our own address first, then any
 * </pre>
 *
 * <p>An endpoint that has bound a port is in the second table as long as it lives, so that nobody
 * else takes the port; when it is connected it is in the first one too, and found only there.
 */
final class UdpTable {
  private static final int PAGE = 256;
  private static final int INITIAL_BUCKETS = 16;

  private final UdpEndpoint[][] pages = new UdpEndpoint[PAGE][];
  private final SipHash hash;
  private UdpEndpoint[] buckets = new UdpEndpoint[INITIAL_BUCKETS];
  private int connected;
  private int size;

  /** Makes a table; the hash is keyed, because outsiders choose half of what is hashed. */
  UdpTable(SipHash hash) {
    this.hash = hash;
  }

  int size() {
    return size;
  }

  /** Returns who takes a datagram, or null. */
  UdpEndpoint find(int local, int localPort, int remote, int remotePort) {
    if (connected > 0) {
      UdpEndpoint found = findConnected(local, localPort, remote, remotePort);
      if (found != null) {
        return found;
      }
    }
    UdpEndpoint any = null;
    for (UdpEndpoint e = onPort(localPort); e != null; e = e.nextOnPort) {
      if (!e.isConnected()) {
        if (e.local == local) {
          return e;
        }
        if (e.local == 0) {
          any = e;
        }
      }
    }
    return any;
  }

  UdpEndpoint findConnected(int local, int localPort, int remote, int remotePort) {
    UdpEndpoint e = buckets[bucket(local, localPort, remote, remotePort)];
    while (e != null && !e.isBetween(local, localPort, remote, remotePort)) {
      e = e.nextConnected;
    }
    return e;
  }

  /** Tells whether a port may be bound on an address; 0 means every address. */
  boolean isFree(int local, int port) {
    for (UdpEndpoint e = onPort(port); e != null; e = e.nextOnPort) {
      if (local == 0 || e.bound == 0 || e.bound == local) {
        return false;
      }
    }
    return true;
  }

  private UdpEndpoint onPort(int port) {
    UdpEndpoint[] page = pages[port / PAGE];
    return page == null ? null : page[port % PAGE];
  }

  void addBound(UdpEndpoint e) {
    int page = e.localPort / PAGE;
    if (pages[page] == null) {
      pages[page] = new UdpEndpoint[PAGE];
    }
    e.nextOnPort = onPort(e.localPort);
    pages[page][e.localPort % PAGE] = e;
    size++;
  }

  void removeBound(UdpEndpoint e) {
    UdpEndpoint[] page = pages[e.localPort / PAGE];
    int at = e.localPort % PAGE;
    if (page[at] == e) {
      page[at] = e.nextOnPort;
    } else {
      UdpEndpoint before = page[at];
      while (before.nextOnPort != e) {
        before = before.nextOnPort;
      }
      before.nextOnPort = e.nextOnPort;
    }
    size--;
  }

  void addConnected(UdpEndpoint e) {
    if (connected >= buckets.length) {
      grow();
    }
    int at = bucket(e.local, e.localPort, e.remote, e.remotePort);
    e.nextConnected = buckets[at];
    buckets[at] = e;
    connected++;
  }

  void removeConnected(UdpEndpoint e) {
    int at = bucket(e.local, e.localPort, e.remote, e.remotePort);
    if (buckets[at] == e) {
      buckets[at] = e.nextConnected;
    } else {
      UdpEndpoint before = buckets[at];
      while (before.nextConnected != e) {
        before = before.nextConnected;
      }
      before.nextConnected = e.nextConnected;
    }
    connected--;
  }

  private void grow() {
    UdpEndpoint[] old = buckets;
    buckets = new UdpEndpoint[old.length * 2];
    for (UdpEndpoint chain : old) {
      UdpEndpoint e = chain;
      while (e != null) {
        UdpEndpoint next = e.nextConnected;
        int at = bucket(e.local, e.localPort, e.remote, e.remotePort);
        e.nextConnected = buckets[at];
        buckets[at] = e;
        e = next;
      }
    }
  }

  private int bucket(int local, int localPort, int remote, int remotePort) {
    return (int) hash.hash(local, localPort, remote, remotePort) & (buckets.length - 1);
  }

  /** Every endpoint, in no particular order. */
  List<UdpEndpoint> all() {
    List<UdpEndpoint> all = new ArrayList<>(size);
    for (UdpEndpoint[] page : pages) {
      if (page != null) {
        for (UdpEndpoint chain : page) {
          for (UdpEndpoint e = chain; e != null; e = e.nextOnPort) {
            all.add(e);
          }
        }
      }
    }
    return all;
  }
}
