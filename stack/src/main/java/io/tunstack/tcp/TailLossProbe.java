package io.tunstack.tcp;

import io.tunstack.wire.Seq;

/**
 * Tail loss probe (RFC 8985 §7): when nothing comes for two round trips, the last segment goes
 * again, or a new one goes, so that the end of a flight is not left to the retransmission time-out.
 */
final class TailLossProbe {
  /**
   * What a peer may take before it acknowledges, when less than two full segments are on their way
   * and it need not answer at once. Linux and Windows wait for 40 ms, and their timers are late.
   */
  private static final long ACK_DELAY_NANOS = 60_000_000;

  /** A peer with a long round trip may wait as long, but not longer than this (RFC 8985 §7.2). */
  private static final long MAX_ACK_DELAY_NANOS = 200_000_000;

  /**
   * What is added to two round trips otherwise: below it, the peer's scheduler is slower than the
   * path.
   */
  private static final long MARGIN_NANOS = 10_000_000;

  /**
   * What Linux may take even for two full segments, after one round trip: as long as its
   * application has read nothing and the window cannot move, it waits for 40 ms.
   */
  private static final long UNREAD_DELAY_NANOS = 50_000_000;

  /** That of a connection that never probed. */
  static final TailLossProbe NONE = new TailLossProbe();

  private boolean outstanding;
  private boolean retransmission;
  private int end;

  /** How long to wait for an acknowledgment, nanoseconds (TLP_calc_PTO, §7.2). */
  static long timeout(RttEstimator rtt, int flight, int smss) {
    long twice = 2 * rtt.srtt();
    if (flight >= 2 * smss) {
      return Math.max(twice + MARGIN_NANOS, rtt.srtt() + UNREAD_DELAY_NANOS);
    }
    return twice + Math.max(ACK_DELAY_NANOS, Math.min(rtt.srtt(), MAX_ACK_DELAY_NANOS));
  }

  boolean isOutstanding() {
    return outstanding;
  }

  /** The probe has left: {@code nxt} is SND.NXT behind it. */
  void sent(int nxt, boolean again) {
    outstanding = true;
    retransmission = again;
    end = nxt;
  }

  /** A recovery or a time-out makes it obsolete. */
  void forget() {
    outstanding = false;
  }

  /**
   * Takes an acknowledgment (TLP_process_ack, §7.4.2).
   *
   * @return whether the probe has repaired a loss that nothing else tells of
   */
  boolean onAck(AckSample s, int una) {
    if (!outstanding || Seq.lt(una, end)) {
      return false;
    }
    boolean duplicateOfProbe = s.duplicateSack && s.duplicateEnd == end;
    boolean beyond = Seq.gt(una, end);
    if (!retransmission || duplicateOfProbe || beyond) {
      outstanding = false;
      return retransmission && beyond && !duplicateOfProbe;
    }
    if (s.duplicate && s.newlySacked == 0) {
      // A second acknowledgment of the same: the original's and the probe's.
      outstanding = false;
    }
    return false;
  }
}
