package io.tunstack.tcp;

/**
 * How much may be in flight, and below what slow start ends: the two variables of RFC 5681 that
 * congestion control, rate reduction and undo all move. Bytes.
 */
final class CongestionWindow {
  /** Beyond this a window means nothing, and sums of two must not overflow. */
  static final int MAX = 1 << 30;

  /** RFC 6928 §2: ten segments, and in bytes no more than ten of Ethernet's. */
  private static final int BYTES_PER_INITIAL_SEGMENT = 1460;

  private final short initialSegments;
  int smss = Sender.DEFAULT_MSS;
  int cwnd = Sender.DEFAULT_MSS;

  /** The most that leaves at once: a segment, or as many as the link cuts one packet into. */
  int packetBytes = Sender.DEFAULT_MSS;

  /** What leaves is spread over time, however much an acknowledgment allows. */
  boolean paced;

  /** {@link Integer#MAX_VALUE} until the first loss. */
  int ssthresh = Integer.MAX_VALUE;

  CongestionWindow(int initialSegments) {
    this.initialSegments = (short) Math.min(initialSegments, Short.MAX_VALUE);
  }

  /** The handshake is complete; after a SYN that was lost one begins with one segment (§3.1). */
  void open(int newSmss, boolean synLost) {
    smss = newSmss;
    cwnd = synLost ? smss : initial();
  }

  int initial() {
    int bytes = Math.max(2 * smss, initialSegments * BYTES_PER_INITIAL_SEGMENT);
    return Math.min(initialSegments * smss, bytes);
  }

  void smssChanged(int newSmss) {
    smss = newSmss;
    cwnd = Math.max(cwnd, smss);
  }

  boolean inSlowStart() {
    return cwnd < ssthresh;
  }

  void grow(int bytes) {
    cwnd = Math.min(MAX, cwnd + bytes);
  }

  /** Two segments at least, however small the flight was (RFC 5681 §3.1 equation 4). */
  int atLeastTwo(long bytes) {
    return (int) Math.max(bytes, 2L * smss);
  }
}
