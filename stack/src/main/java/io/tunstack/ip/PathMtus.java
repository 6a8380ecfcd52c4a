package io.tunstack.ip;

/**
 * What routers have said about how large a packet may be on its way to a destination (RFC 1191).
 *
 * <p>A destination that nobody has complained about has no entry and gets the link's MTU. An entry
 * only ever shrinks, and is forgotten after ten minutes, so that a larger size is tried again
 * (§6.3). Below a floor it does not go: whoever forges such a message could otherwise make us send
 * a header for every few bytes. If the path really is that narrow, packets to it may be cut again.
 *
 * <pre>
 *   destination --hash--&gt; set of 4 entries: destination, MTU, end of its time, may be cut
 * </pre>
 *
 * <p>A set that is full forgets what would expire first; its destination learns anew.
 */
final class PathMtus {
  /** Linux's {@code min_pmtu}: TCP's smallest common segment, 512 bytes, and 40 of headers. */
  static final int FLOOR = 552;

  /** RFC 1191 §6.3. */
  static final long AGE_NANOS = 600_000_000_000L;

  /** RFC 1191 §7.1: sizes that links have, for routers that do not tell theirs. */
  private static final int[] PLATEAUS = {32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, FLOOR};

  private static final int WAYS = 4;

  /** Together with the ways: a thousand narrow paths, far beyond what a host meets at a time. */
  private static final int SET_BITS = 8;

  private static final int NOBODY = 0;

  // Made when the first router complains, which on most hosts is never.
  private int[] destinations = {};
  private int[] mtus = {};
  private long[] ends = {};
  private boolean[] cut = {};
  private int size;

  /** Returns the MTU towards a destination. */
  int get(int destination, int linkMtu, long now) {
    int at = size == 0 ? -1 : find(destination);
    if (at < 0) {
      return linkMtu;
    }
    if (now >= ends[at]) {
      destinations[at] = NOBODY;
      size--;
      return linkMtu;
    }
    return Math.min(mtus[at], linkMtu);
  }

  /** Tells whether the path is narrower than the floor, so that packets to it may be cut. */
  boolean mayBeCut(int destination) {
    if (size == 0) {
      return false;
    }
    int at = find(destination);
    return at >= 0 && cut[at];
  }

  /**
   * Takes a router's word that a packet was too big.
   *
   * @param nextHopMtu what the router says would fit; 0 from an old one, which says nothing
   * @param quotedLength how long the packet was, if that can be believed
   * @return whether anything is different now
   */
  boolean reduce(int destination, int nextHopMtu, int quotedLength, int linkMtu, long now) {
    int current = get(destination, linkMtu, now);
    int floor = Math.min(FLOOR, linkMtu);
    int claimed = nextHopMtu;
    if (nextHopMtu == 0) {
      boolean believable = quotedLength > floor && quotedLength <= current;
      claimed = plateauBelow(believable ? quotedLength : current);
    }
    boolean narrow = claimed < floor;
    if (claimed >= current || (current == floor && mayBeCut(destination))) {
      return false;
    }
    put(destination, Math.max(claimed, floor), narrow, now + AGE_NANOS);
    return true;
  }

  int size() {
    return size;
  }

  private static int plateauBelow(int length) {
    for (int plateau : PLATEAUS) {
      if (plateau < length) {
        return plateau;
      }
    }
    return FLOOR;
  }

  private void put(int destination, int mtu, boolean mayBeCut, long end) {
    if (destinations.length == 0) {
      int entries = WAYS << SET_BITS;
      destinations = new int[entries];
      mtus = new int[entries];
      ends = new long[entries];
      cut = new boolean[entries];
    }
    int at = find(destination);
    if (at < 0) {
      at = victim(destination);
      size += destinations[at] == NOBODY ? 1 : 0;
    }
    destinations[at] = destination;
    mtus[at] = mtu;
    ends[at] = end;
    cut[at] = mayBeCut;
  }

  private int find(int destination) {
    int set = setOf(destination);
    for (int at = set; at < set + WAYS; at++) {
      if (destinations[at] == destination) {
        return at;
      }
    }
    return -1;
  }

  /** A free place in the destination's set, or the one that would be free first. */
  private int victim(int destination) {
    int set = setOf(destination);
    int best = set;
    for (int at = set; at < set + WAYS; at++) {
      if (destinations[at] == NOBODY) {
        return at;
      }
      if (ends[at] < ends[best]) {
        best = at;
      }
    }
    return best;
  }

  /** Fibonacci hashing: neighbours in a network end up in different sets. */
  private static int setOf(int destination) {
    return ((destination * 0x9e37_79b9) >>> (Integer.SIZE - SET_BITS)) * WAYS;
  }
}
