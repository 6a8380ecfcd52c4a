package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.Ipv4View;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Joins fragments to datagrams (RFC 791 §3.2, RFC 1122 §3.3.2).
 *
 * <p>Fragments may come in any order and more than once. One that overlaps another in any other
 * way, or contradicts where the datagram ends, has been forged or damaged: the datagram is given
 * up, and remembered until its time is over so that later fragments do not bring it back (RFC 5722
 * does so for IPv6; RFC 1858 and RFC 3128 tell why).
 *
 * <p>The number of datagrams, of fragments in each, and the memory of all are bounded. When a bound
 * is reached the oldest datagram goes, so that junk cannot keep newcomers out; and because the
 * time-out is the same for all, the oldest is also the next to expire. Insertion order is all the
 * bookkeeping that needs.
 */
final class Reassembler {
  private final Map<FragmentKey, PartialDatagram> partials = new LinkedHashMap<>();
  private final Counters counters;
  private final long timeoutNanos;
  private final int maxDatagrams;
  private final int maxFragments;
  private final int maxBytes;
  private int bytesHeld;
  // One for all, made when it is first needed: a whole datagram is borrowed for one call.
  private ByteBuf whole = Unpooled.EMPTY_BUFFER;

  Reassembler(Ipv4Config config, Counters counters) {
    this.counters = counters;
    timeoutNanos = config.reassemblyTimeout().toNanos();
    maxDatagrams = config.reassemblyDatagrams();
    maxFragments = config.reassemblyFragments();
    maxBytes = config.reassemblyBytes();
  }

  /**
   * Takes a fragment whose header has been checked.
   *
   * @return true if it completed its datagram, which then is in {@link #buffer()}
   */
  boolean add(ByteBuf packet, int offset, long now) {
    counters.increment(Counter.IP_REASM_REQDS);
    int headerLength = Ipv4View.headerLength(packet, offset);
    int length = Ipv4View.totalLength(packet, offset) - headerLength;
    int start = Ipv4View.fragmentOffset(packet, offset);
    boolean last = !Ipv4View.moreFragments(packet, offset);
    boolean aligned = last || length % 8 == 0;
    if (length == 0 || !aligned || headerLength + start + length > Ipv4View.MAX_TOTAL_LENGTH) {
      counters.drop(DropReason.FRAGMENT_MALFORMED);
      return false;
    }
    PartialDatagram partial = partialOf(packet, offset, now);
    if (partial.isAbandoned()) {
      counters.drop(DropReason.FRAGMENT_OVERLAP);
      return false;
    }
    int payload = offset + headerLength;
    PartialDatagram.Fit fit = partial.judge(start, length, last, packet, payload);
    if (fit == PartialDatagram.Fit.CONFLICT) {
      abandon(partial, DropReason.FRAGMENT_OVERLAP);
      return false;
    }
    if (fit == PartialDatagram.Fit.DUPLICATE) {
      counters.drop(DropReason.FRAGMENT_DUPLICATE);
      return false;
    }
    if (partial.pieces() == maxFragments) {
      abandon(partial, DropReason.FRAGMENT_MEMORY);
      return false;
    }
    bytesHeld -= partial.cost();
    partial.add(start, length, last, packet, payload);
    partial.noteEcn(Ipv4View.typeOfService(packet, offset));
    if (start == 0) {
      partial.setHeader(packet, offset, headerLength);
    }
    bytesHeld += partial.cost();
    if (partial.isComplete()) {
      return complete(partial);
    }
    makeRoom(partial);
    return false;
  }

  private PartialDatagram partialOf(ByteBuf packet, int offset, long now) {
    FragmentKey key =
        new FragmentKey(
            Ipv4View.source(packet, offset),
            Ipv4View.destination(packet, offset),
            Ipv4View.protocol(packet, offset),
            Ipv4View.identification(packet, offset));
    PartialDatagram partial = partials.get(key);
    if (partial == null) {
      partial = new PartialDatagram(key, now + timeoutNanos);
      partials.put(key, partial);
      bytesHeld += partial.cost();
    }
    return partial;
  }

  private void abandon(PartialDatagram partial, DropReason reason) {
    counters.drop(reason);
    bytesHeld -= partial.cost();
    partial.abandon();
    bytesHeld += partial.cost();
  }

  private boolean complete(PartialDatagram partial) {
    remove(partial);
    if (!partial.isSound()) {
      counters.drop(DropReason.FRAGMENT_MALFORMED);
      return false;
    }
    partial.writeWhole(emptyBuffer());
    counters.increment(Counter.IP_REASM_OKS);
    return true;
  }

  /** Throws out the oldest until the bounds hold again, but never the one that just grew. */
  private void makeRoom(PartialDatagram keep) {
    Iterator<PartialDatagram> oldest = partials.values().iterator();
    while ((bytesHeld > maxBytes || partials.size() > maxDatagrams) && oldest.hasNext()) {
      PartialDatagram partial = oldest.next();
      if (partial != keep) {
        oldest.remove();
        bytesHeld -= partial.cost();
        counters.drop(DropReason.FRAGMENT_MEMORY);
      }
    }
  }

  private void remove(PartialDatagram partial) {
    partials.remove(partial.key());
    bytesHeld -= partial.cost();
  }

  /**
   * Returns the buffer that holds what {@link #add} or {@link #expireOldest} announced.
   *
   * @return a datagram at its readable bytes, from index 0 on; valid until the next call of either
   */
  ByteBuf buffer() {
    return whole;
  }

  private ByteBuf emptyBuffer() {
    if (whole.capacity() == 0) {
      whole = Unpooled.directBuffer(Ipv4View.MAX_TOTAL_LENGTH, Ipv4View.MAX_TOTAL_LENGTH);
    }
    return whole.clear();
  }

  long nextDeadline() {
    return partials.isEmpty() ? Link.NEVER : oldest().deadline();
  }

  private PartialDatagram oldest() {
    return partials.values().iterator().next();
  }

  /**
   * Gives up the datagram that has waited longest; there must be one.
   *
   * @return true if its first fragment is in {@link #buffer()} now, to be quoted
   */
  boolean expireOldest() {
    PartialDatagram partial = oldest();
    remove(partial);
    if (partial.isAbandoned()) {
      // Counted when it was given up.
      return false;
    }
    counters.drop(DropReason.FRAGMENT_TIMEOUT);
    if (!partial.hasFirstFragment()) {
      return false;
    }
    partial.writeFirstFragment(emptyBuffer());
    return true;
  }

  int bytesHeld() {
    return bytesHeld;
  }

  int datagramsHeld() {
    return partials.size();
  }

  void close() {
    partials.clear();
    bytesHeld = 0;
    whole.release();
    whole = Unpooled.EMPTY_BUFFER;
  }
}
