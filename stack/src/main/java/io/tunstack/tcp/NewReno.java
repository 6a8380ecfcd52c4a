package io.tunstack.tcp;

/** Slow start, congestion avoidance and NewReno's fast recovery (RFC 5681, RFC 6582, RFC 3465). */
final class NewReno implements CongestionControl {
  /** RFC 6928 §2: ten segments, and in bytes no more than ten of Ethernet's. */
  private static final int BYTES_PER_INITIAL_SEGMENT = 1460;

  /** Beyond this a window means nothing, and sums of two must not overflow. */
  private static final int MAX_CWND = 1 << 30;

  private final int initialSegments;
  private int smss = 536;
  private int cwnd = 536;
  private int ssthresh = Integer.MAX_VALUE;
  private int ackedInAvoidance;

  NewReno(TcpConfig config) {
    initialSegments = config.initialWindowSegments();
  }

  @Override
  public String name() {
    return "newreno";
  }

  @Override
  public int cwnd() {
    return cwnd;
  }

  @Override
  public int ssthresh() {
    return ssthresh;
  }

  @Override
  public void onEstablished(int newSmss, boolean synLost) {
    smss = newSmss;
    cwnd = synLost ? smss : initialWindow();
  }

  @Override
  public void onTakeOver(int currentSmss, int currentCwnd, int currentSsthresh) {
    smss = currentSmss;
    cwnd = currentCwnd;
    ssthresh = currentSsthresh;
    ackedInAvoidance = 0;
  }

  @Override
  public void onSmssChanged(int newSmss) {
    smss = newSmss;
    cwnd = Math.max(cwnd, smss);
  }

  @Override
  public void onAck(int acked, boolean cwndLimited) {
    if (!cwndLimited) {
      return;
    }
    if (cwnd < ssthresh) {
      // Appropriate byte counting with L = 2 (RFC 3465 §2.2): an acknowledgment that was split
      // into many opens the window no faster, a stretched one not by a burst.
      grow(Math.min(acked, 2 * smss));
      return;
    }
    ackedInAvoidance += acked;
    if (ackedInAvoidance >= cwnd) {
      ackedInAvoidance -= cwnd;
      grow(smss);
    }
  }

  private void grow(int bytes) {
    cwnd = Math.min(MAX_CWND, cwnd + bytes);
  }

  @Override
  public void onEnterRecovery(int flightSize) {
    ssthresh = Math.max(flightSize / 2, 2 * smss);
    cwnd = ssthresh + 3 * smss;
    ackedInAvoidance = 0;
  }

  @Override
  public void onDuplicateAckInRecovery() {
    grow(smss);
  }

  @Override
  public void onPartialAck(int acked) {
    cwnd = Math.max(smss, cwnd - acked);
    if (acked >= smss) {
      grow(smss);
    }
  }

  @Override
  public void onExitRecovery(int flightSize) {
    cwnd = Math.min(ssthresh, Math.max(flightSize, smss) + smss);
    ackedInAvoidance = 0;
  }

  @Override
  public void onRetransmissionTimeout(int flightSize, boolean first) {
    if (first) {
      ssthresh = Math.max(flightSize / 2, 2 * smss);
    }
    cwnd = smss;
    ackedInAvoidance = 0;
  }

  @Override
  public void onIdleRestart() {
    cwnd = Math.min(cwnd, initialWindow());
  }

  private int initialWindow() {
    int bytes = Math.max(2 * smss, initialSegments * BYTES_PER_INITIAL_SEGMENT);
    return Math.min(initialSegments * smss, bytes);
  }
}
