package io.tunstack.tcp;

/** Slow start and congestion avoidance as they always were (RFC 5681 §3.1, RFC 3465). */
final class NewReno implements CongestionControl {
  private final CongestionWindow window;

  /** Congestion avoidance: what one round trip brings, bytes; 0 before the first of them. */
  private int roundBytes;

  /** What of that has come, and by how much the window has grown for it. */
  private int roundDelivered;

  private int roundGrown;

  NewReno(CongestionWindow window) {
    this.window = window;
  }

  @Override
  public String name() {
    return "newreno";
  }

  @Override
  public void onAck(AckSample s) {
    if (!s.cwndLimited) {
      return;
    }
    if (window.inSlowStart()) {
      // Appropriate byte counting with L = 2 (RFC 3465 §2.2): an acknowledgment that was split
      // into many opens the window no faster, a stretched one not by a burst. One of a packet that
      // is many segments is not stretched: there was no other.
      window.grow(Math.min(s.delivered, Math.max(2 * window.smss, window.packetBytes)));
      return;
    }
    avoid(s.delivered);
  }

  /**
   * One segment in a round trip (RFC 5681 §3.1 equation 3), bit by bit as it passes: half of a
   * window of eleven is five and a half, and the sixth may leave in the middle of the round.
   */
  private void avoid(int delivered) {
    if (roundBytes == 0) {
      beginRound();
    }
    roundDelivered += delivered;
    int share = (int) ((long) window.smss * Math.min(roundDelivered, roundBytes) / roundBytes);
    window.grow(share - roundGrown);
    roundGrown = share;
    if (roundDelivered >= roundBytes) {
      roundDelivered -= roundBytes;
      roundGrown = 0;
      beginRound();
    }
  }

  /** Only whole segments of the window are used. */
  private void beginRound() {
    roundBytes = Math.max(window.smss, window.cwnd - window.cwnd % window.smss);
  }

  @Override
  public boolean countsEndOfRecovery() {
    return true;
  }

  @Override
  public int onCongestion(int inUse, long now) {
    roundBytes = 0;
    roundDelivered = 0;
    roundGrown = 0;
    return window.atLeastTwo(inUse / 2);
  }
}
