package io.tunstack.tcp;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.IcmpError;
import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Ipv4Datagram;
import io.tunstack.ip.Siblings;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.TcpView;

/**
 * Whose a segment is that nobody in this engine knows. Only where a stack has several engines is
 * there anything to find out.
 */
final class Ownership {
  private final Ipv4 ipv4;
  private final Siblings siblings;
  private final TupleTable table;
  private final Counters counters;

  Ownership(Ipv4 ipv4, TupleTable table, Counters counters) {
    this.ipv4 = ipv4;
    this.siblings = ipv4.siblings();
    this.table = table;
    this.counters = counters;
  }

  /** Whether there are other engines, to which anything could belong. */
  boolean isShared() {
    return siblings.count() > 1;
  }

  /**
   * Whether a segment is another engine's affair; then it is on its way there. If it is ours, it is
   * so for all of them until {@link #releaseIfUnused} at least, so that two engines do not answer
   * two copies of a SYN.
   *
   * @param awaited whether somebody here would take a SYN
   */
  boolean isOthers(Segment s, Ipv4Datagram datagram, boolean awaited) {
    int owner = siblings.ownerOf(s.local, s.localPort, s.remote, s.remotePort);
    if (owner == Siblings.NOBODY && !awaited) {
      owner = siblings.listenerOf(s.localPort);
    }
    if (owner == Siblings.NOBODY) {
      owner = siblings.claim(s.local, s.localPort, s.remote, s.remotePort);
    }
    if (owner == siblings.index()) {
      return false;
    }
    if (datagram.isHandedOver()) {
      // Whoever sent it here saw it otherwise: its owner has changed meanwhile, so it is old.
      counters.drop(DropReason.TCP_NO_SOCKET);
    } else {
      ipv4.handOver(owner, datagram);
    }
    return true;
  }

  /** Whether an error is about a connection of another engine; then it is on its way there. */
  boolean isOthers(IcmpError error) {
    if (!isShared() || error.datagram().isHandedOver()) {
      return false;
    }
    ByteBuf quote = error.buffer();
    int at = error.quoteOffset();
    int owner =
        siblings.ownerOf(
            error.quotedSource(),
            TcpView.sourcePort(quote, at),
            error.quotedDestination(),
            TcpView.destinationPort(quote, at));
    if (owner == Siblings.NOBODY || owner == siblings.index()) {
      return false;
    }
    ipv4.handOver(owner, error.datagram());
    return true;
  }

  /** A segment that has brought nothing about leaves no claim on its tuple. */
  void releaseIfUnused(Segment s) {
    if (isShared() && table.find(s.local, s.localPort, s.remote, s.remotePort) == null) {
      siblings.release(s.local, s.localPort, s.remote, s.remotePort);
    }
  }

  /** Makes a node's tuple this engine's. */
  void claim(TupleNode node) {
    siblings.claim(node.local, node.localPort, node.remote, node.remotePort);
  }

  /** Nobody has the node's tuple any more. */
  void release(TupleNode node) {
    siblings.release(node.local, node.localPort, node.remote, node.remotePort);
  }
}
