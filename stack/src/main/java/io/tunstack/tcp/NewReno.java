package io.tunstack.tcp;

/** Slow start and congestion avoidance as they always were (RFC 5681 §3.1, RFC 3465). */
final class NewReno implements CongestionControl {
  private final CongestionWindow window;
  private int deliveredInAvoidance;

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
    deliveredInAvoidance += s.delivered;
    // Only whole segments of the window are used: when those are acknowledged a round trip is over.
    int used = Math.max(window.smss, window.cwnd - window.cwnd % window.smss);
    if (deliveredInAvoidance >= used) {
      deliveredInAvoidance -= used;
      window.grow(window.smss);
    }
  }

  @Override
  public boolean countsEndOfRecovery() {
    return true;
  }

  @Override
  public int onCongestion(int inUse, long now) {
    deliveredInAvoidance = 0;
    return window.atLeastTwo(inUse / 2);
  }
}
