package io.tunstack.tcp;

import io.tunstack.wire.SipHash;
import io.tunstack.wire.TcpOptions;

/**
 * SYN cookies (RFC 4987 §3.6): when a listener's queue of half-open connections is full, what it
 * would have noted of a SYN goes out in the answer and comes back with the third segment.
 *
 * <pre>
 *   sequence number   | 29 bits of a keyed hash | 3: which MSS |
 *   timestamp         | 26 bits of the time     | 1: free | 1: SACK | 4: window shift, 15 for none |
 * </pre>
 *
 * <p>The hash covers the 4-tuple, the peer's initial number and the minute, so a guess succeeds
 * once in 2²⁸ and only while cookies go out; one that was seen is good for one to two minutes.
 */
final class SynCookies {
  /** How long after its last cookie a listener still takes them: as long as one can be good. */
  static final long VALID_NANOS = 120_000_000_000L;

  /** What a peer's MSS is rounded down to: the floor, the defaults, common tunnels, Ethernet. */
  private static final int[] SIZES = {Sender.MIN_MSS, 536, 1220, 1360, 1400, 1440, 1460, 8960};

  private static final int SIZE_BITS = 3;
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int OPTION_MASK = 0x3f;
  private static final int SHIFT_MASK = 0xf;
  private static final int NO_SHIFT = 0xf;
  private static final int SACK = 0x10;

  private final SipHash tupleHash;
  private final SipHash cookieHash;

  SynCookies(SipHash tupleHash, SipHash cookieHash) {
    this.tupleHash = tupleHash;
    this.cookieHash = cookieHash;
  }

  /** The initial sequence number that answers a SYN. */
  int cookie(Segment syn, int peerMss, long now) {
    int size = SIZES.length - 1;
    while (size > 0 && SIZES[size] > peerMss) {
      size--;
    }
    return cookie(syn, syn.seq, size, minute(now));
  }

  /**
   * Looks at the segment that should complete a handshake.
   *
   * @return the peer's MSS, or 0 if it does not acknowledge a cookie that is still good
   */
  int mss(Segment ack, long now) {
    int cookie = ack.ack - 1;
    int size = cookie & ((1 << SIZE_BITS) - 1);
    long minute = minute(now);
    boolean good =
        cookie == cookie(ack, ack.seq - 1, size, minute)
            || cookie == cookie(ack, ack.seq - 1, size, minute - 1);
    return good ? SIZES[size] : 0;
  }

  private int cookie(Segment segment, int peerIsn, int size, long minute) {
    long tuple =
        tupleHash.hash(segment.local, segment.localPort, segment.remote, segment.remotePort);
    long mac = cookieHash.hash(tuple ^ peerIsn, minute << SIZE_BITS | size);
    return (int) (mac >>> 32) << SIZE_BITS | size;
  }

  private static long minute(long now) {
    return Math.floorDiv(now, MINUTE_NANOS);
  }

  /**
   * The timestamp that carries what was agreed, not after {@code timestamp}: later ones must not
   * run backwards.
   *
   * @param shift the peer's window shift, or a negative number for none
   */
  static int timestampWith(int timestamp, int shift, boolean sack) {
    int options = (shift < 0 ? NO_SHIFT : shift) | (sack ? SACK : 0);
    int value = (timestamp & ~OPTION_MASK) | options;
    return value - timestamp > 0 ? value - OPTION_MASK - 1 : value;
  }

  /** Puts what the echo of such a timestamp says into {@code options}. */
  static void readTimestamp(int echo, TcpOptions options) {
    int shift = echo & SHIFT_MASK;
    if (shift <= TcpOptions.MAX_WINDOW_SHIFT) {
      options.windowShift(shift);
    }
    options.sackPermitted((echo & SACK) != 0);
  }
}
