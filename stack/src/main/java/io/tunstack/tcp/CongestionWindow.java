package io.tunstack.tcp;

import io.tunstack.wire.Seq;

/**
 * How much may be in flight, and below what slow start ends: the two variables of RFC 5681 that
 * congestion control, rate reduction and undo all move; and how much of it is in use. Bytes.
 */
final class CongestionWindow {
  /** Beyond this a window means nothing, and sums of two must not overflow. */
  static final int MAX = 1 << 30;

  /** RFC 6928 §2: ten segments, and in bytes no more than ten of Ethernet's. */
  private static final int BYTES_PER_INITIAL_SEGMENT = 1460;

  private final short initialSegments;

  /** Within the last round trip, which ends when this is acknowledged, ... */
  private int usageEnd;

  /** ... it was full, or so much of it was in use at most. */
  private boolean full;

  private int mostInFlight;

  /** How much was in flight at the end of the last output. */
  private int flightAtOutput;

  /** Null while it is no larger than the initial window, which is always good. */
  private WindowValidation validation;

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
    // What was noted was the SYN's, and the window then none.
    full = false;
    mostInFlight = 0;
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

  // ---- use ---------------------------------------------------------------------------------

  /** Nothing is in flight, and what is sent next begins here. */
  void startAt(int seq) {
    usageEnd = seq;
  }

  /** Notes after an output what is in flight: all that is unacknowledged, and RFC 6675's pipe. */
  void noteUse(int una, int nxt, int pipe) {
    flightAtOutput = Seq.distance(una, nxt);
    boolean fullNow = pipe + smss > cwnd;
    if (fullNow || Seq.ge(una, usageEnd) || (!full && pipe > mostInFlight)) {
      full = fullNow;
      mostInFlight = pipe;
      usageEnd = nxt;
    }
  }

  /**
   * Whether it has limited what was sent in the last round trip, and not the application: what is
   * acknowledged now tells of then. What the pace holds back does not count: it fills the window
   * within half a round trip if there is enough to send. In slow start the window may double, so
   * more than half of it in use is enough to let it grow.
   */
  boolean isLimiting() {
    return full || (inSlowStart() && mostInFlight > cwnd / 2);
  }

  /**
   * Takes what an acknowledgment outside of recovery says about its use; if it is larger than what
   * has been used, it does not limit ({@link AckSample#cwndLimited}), but for those who look.
   */
  void validate(AckSample s) {
    if (validation == null) {
      if (cwnd <= initial()) {
        return;
      }
      validation = new WindowValidation(s.now);
    }
    validation.onDelivered(s.rateDelivered, s.srtt, s.now);
    validation.look(cwnd, s.cwndLimited, s.srtt, s.now);
    s.cwndLimited &= validation.isValidated();
  }

  /**
   * Takes back half of a window that was kept for five minutes and not used (RFC 7661 §4.4.3); what
   * it was is remembered as where slow start ends.
   *
   * @param flight what is in flight now: if nothing is, the application is why
   * @return whether it has become less
   */
  boolean giveUpUnused(int flight, long srtt, long now) {
    if (validation == null) {
      return false;
    }
    if (flight == 0) {
      validation.look(cwnd, false, srtt, now);
    }
    boolean less = false;
    while (validation.isKeptTooLong(now)) {
      rememberAsThreshold();
      cwnd = Math.max(cwnd / 2, Math.min(cwnd, initial()));
      less = true;
    }
    return less;
  }

  /** Begins anew after a pause longer than a time-out (RFC 5681 §4.1). */
  void restart() {
    if (cwnd > initial()) {
      rememberAsThreshold();
      cwnd = initial();
    }
    validation = null;
  }

  /** RFC 7661 §4.4.3: three quarters of it were carried before. */
  private void rememberAsThreshold() {
    if (ssthresh != Integer.MAX_VALUE) {
      ssthresh = Math.max(ssthresh, cwnd / 4 * 3);
    }
  }

  /** A congestion event: answers how much of it was in use, RFC 5681's FlightSize or pipeACK. */
  int congested(int flight, long srtt, long now) {
    int used = Math.max(flight, flightAtOutput);
    return Math.min(cwnd, validation == null ? used : validation.onCongestion(used, srtt, now));
  }

  /** Something leaves again. */
  void noteSentAgain(int bytes) {
    if (validation != null) {
      validation.onSentAgain(bytes);
    }
  }

  /** Sets the window that a recovery ends with. */
  void recovered(int bytes, long now) {
    cwnd = validation == null ? bytes : validation.afterRecovery(bytes, smss, now);
  }

  /** What was known of its use is void: it was lost, or found again. */
  void forgetUse(long now) {
    if (validation != null) {
      validation.restart(now);
    }
  }

  /** Two segments at least, however small the flight was (RFC 5681 §3.1 equation 4). */
  int atLeastTwo(long bytes) {
    return (int) Math.max(bytes, 2L * smss);
  }
}
