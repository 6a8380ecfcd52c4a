package io.tunstack.tcp;

import io.tunstack.link.OutboundPacket;
import io.tunstack.wire.TcpView;

/**
 * How much payload a full segment may carry (RFC 9293 §3.7.1, RFC 6691): no more than the peer
 * takes, than the path carries as far as routers tell (RFC 1191), and than the path seems to carry
 * where routers are silent.
 *
 * <pre>
 *   min( peer's MSS, path MTU - 40, what gets through a black hole - 40 ) - options
 * </pre>
 *
 * <p>A path that swallows large packets without a word (RFC 2923) shows as time-outs, one after
 * another, of full segments. The size then goes down as RFC 8899 §5.1.2 suggests, first to a base
 * that nearly every path carries, then to the floor. After ten minutes it is tried anew.
 */
final class PathMss {
  private static final int HEADERS = OutboundPacket.IP_HEADER_ROOM + TcpView.MIN_HEADER;

  /** RFC 8899 §5.1.2's BASE_PLPMTU. */
  static final int BASE_MTU = 1200;

  /** Below this nothing is won, as for routers' messages. */
  static final int FLOOR_MTU = 552;

  /** Time-outs of full segments in a row that make a path suspect: loss seldom repeats so often. */
  private static final int SUSPICIOUS = 3;

  /**
   * The same where that length has arrived before: then the path must have become another one, and
   * heavy loss is the likelier explanation for a while.
   */
  private static final int SUSPICIOUS_IF_PROVEN = 6;

  /** How long the smaller size is kept (RFC 1191 §6.3's figure for what routers say). */
  private static final long AGE_NANOS = 600_000_000_000L;

  private int peerMss = Sender.DEFAULT_MSS;
  private int optionBytes;
  private int holeMtu = Integer.MAX_VALUE;
  private long holeUntil;
  private int fullTimeouts;

  /** The longest payload that has arrived since the size was last reduced. */
  private int proven;

  /**
   * Notes what the handshake agreed.
   *
   * @param mss what the peer accepts
   * @param perSegment bytes of the options that every segment carries
   */
  void agree(int mss, int perSegment) {
    peerMss = mss;
    optionBytes = perSegment;
  }

  /**
   * Notes that we want no larger segments from now on.
   *
   * @param mss ours, options included
   */
  void limit(int mss) {
    peerMss = Math.min(peerMss, mss);
  }

  /** Returns the payload of a full segment now. */
  int mss(int pathMtu, long now) {
    if (now >= holeUntil) {
      holeMtu = Integer.MAX_VALUE;
    }
    int path = Math.min(pathMtu, holeMtu) - HEADERS;
    return Math.min(peerMss, path) - optionBytes;
  }

  /**
   * The retransmission timer has fired.
   *
   * @param length payload of the first segment that nobody has acknowledged
   * @return whether {@link #mss} is less now, because the path seems to swallow that length
   */
  boolean timedOut(int length, long now) {
    int packet = length + optionBytes + HEADERS;
    if (packet <= FLOOR_MTU) {
      fullTimeouts = 0;
      return false;
    }
    if (++fullTimeouts < (proven >= length ? SUSPICIOUS_IF_PROVEN : SUSPICIOUS)) {
      return false;
    }
    // The first time-out of the new size follows at once; it takes two more to doubt that as well.
    fullTimeouts = 0;
    proven = 0;
    holeMtu = packet > BASE_MTU ? BASE_MTU : FLOOR_MTU;
    holeUntil = now + AGE_NANOS;
    return true;
  }

  /**
   * The peer has acknowledged something: what is sent arrives.
   *
   * @param longest payload of the longest segment among it
   */
  void progress(int longest) {
    fullTimeouts = 0;
    proven = Math.max(proven, longest);
  }
}
