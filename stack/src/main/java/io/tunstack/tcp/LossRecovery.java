package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;
import java.util.Locale;

/**
 * What becomes of the congestion window when acknowledgments and time-outs tell of losses, and when
 * later ones tell that there were none.
 *
 * <pre>
 *            SACK, duplicate           a loss is detected
 *   OPEN ------------------&gt; DISORDER -------------------&gt; RECOVERY   PRR brings cwnd to ssthresh
 *    ^  \                                                      |
 *    |   +--- ECE, or a probe that repaired a loss --&gt; CWR     |
 *    |                                                         |
 *    +---- everything sent until then is acknowledged ---------+
 *    |
 *    +---- the same, or it was spurious ----  LOSS  &lt;---- retransmission time-out, from anywhere
 * </pre>
 *
 * <p>An episode is undone when it turns out that nothing was lost: timestamps say that the
 * acknowledgment is of the original (RFC 3522), D-SACKs account for every retransmission (RFC
 * 2883), or F-RTO says so (RFC 5682). Then the window is what it was before (RFC 4015).
 */
final class LossRecovery {
  /** Where the episode stands; Linux calls it the state of congestion avoidance. */
  enum Phase {
    OPEN,
    DISORDER,
    CWR,
    RECOVERY,
    LOSS
  }

  /** What {@link #unconfirmed} is before anything was retransmitted: D-SACKs prove nothing then. */
  private static final int NOTHING_RETRANSMITTED = -1;

  private final TcpConnection c;
  private final Sender snd;
  private final Scoreboard board;

  /** Null before the first reduction. */
  private ProportionalRateReduction prr;

  /** Null before the first time-out. */
  private SpuriousTimeout spurious;

  private LossDetector detector;

  private Phase phase = Phase.OPEN;

  /** RFC 6582's recover, RFC 6675's RecoveryPoint: where SND.NXT stood when it began. */
  private int point;

  /** When to look for losses again; {@link TimerWheel#NEVER} if only an acknowledgment tells. */
  private long lookAgainAt = TimerWheel.NEVER;

  /** What waits to be sent again was too large for the path, which is no sign of congestion. */
  private boolean cutAnew;

  /** What arrived since something is missing, less what left for it. */
  private int unspent;

  private boolean undoable;
  private int undoStart;
  private int priorCwnd;
  private int priorSsthresh;

  /** Retransmissions that no D-SACK has called needless yet. */
  private int unconfirmed = NOTHING_RETRANSMITTED;

  private boolean retransmitted;
  private int firstRetransmissionStamp;

  LossRecovery(TcpConnection c, Sender snd, Scoreboard board) {
    this.c = c;
    this.snd = snd;
    this.board = board;
    this.detector = new DuplicateAcks(board, snd.window);
  }

  /** The handshake is complete. */
  void established() {
    detector = c.sackPermitted ? new Rack(board, snd.rtt) : new DuplicateAcks(board, snd.window);
    // One before the first byte of text, so that a loss in the first flight is noticed too.
    point = snd.sndUna - 1;
  }

  Phase phase() {
    return phase;
  }

  /** For people. */
  String phaseName() {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  int point() {
    return point;
  }

  long lookAgainAt() {
    return lookAgainAt;
  }

  boolean reorderingSeen() {
    return detector.reorderingSeen();
  }

  /** RFC 6675's pipe: what is believed to be in the network, bytes. */
  int pipe() {
    return Math.max(0, board.inFlight() - detector.assumedDelivered());
  }

  /** Whether new data goes before retransmissions, which F-RTO asks for. */
  boolean wantsNewData() {
    return phase == Phase.LOSS && spurious.wantsNewData();
  }

  // ---- acknowledgments ---------------------------------------------------------------------

  /** Takes an acknowledgment that the board has taken already. */
  void onAck(AckSample s) {
    int lostBefore = board.lostBytes();
    boolean wasReducing = isReducing();
    if (s.duplicateSack) {
      takeDuplicateSack(s);
    }
    boolean ended = endIfComplete(s);
    switch (phase) {
      case RECOVERY -> undoIfOriginal(s);
      case LOSS -> afterTimeout(s);
      default -> undoIfAllConfirmed();
    }
    detect(s);
    s.lost = Math.max(0, board.lostBytes() - lostBefore);
    cutAnew &= board.lostBytes() > 0;
    if (board.lostBytes() > 0 && !cutAnew && !isRecovering()) {
      enterRecovery(s);
    } else if (s.congestionEchoed && mayReduceByEcho()) {
      enterCwr(s);
    }
    if (phase == Phase.OPEN || phase == Phase.DISORDER) {
      boolean disorder = board.sackedBytes() > 0 || detector.assumedDelivered() > 0;
      phase = disorder ? Phase.DISORDER : Phase.OPEN;
      unspent = disorder ? unspent + Math.max(0, s.delivered) : 0;
      if (Seq.gt(snd.sndUna, point)) {
        // It follows: half the numbers later it would seem to lie ahead again.
        point = snd.sndUna - 1;
      }
    }
    s.inFlight = pipe();
    if (s.rateInterval > 0 && mayValidate()) {
      snd.window.validate(s);
    }
    adjustWindow(s, ended || (wasReducing && !isReducing()));
  }

  /**
   * Notices that the peer has dropped what it had SACKed (RFC 2018 §8), for every acknowledgment:
   * so nothing is left of it when the time-out expires.
   */
  void noticeReneging(AckSample s) {
    if (board.isFirstSacked() && s.advanced) {
      // It was acknowledged up to here, and what is here it says it has: it has it no more.
      c.count(Counter.TCP_SACK_RENEGING);
      board.forgetSacks();
    }
  }

  private void detect(AckSample s) {
    int lostAgain = board.lostAgain();
    lookAgainAt = detector.onAck(s, snd.sndUna, isRecovering());
    c.pathReorders(detector.lateness(), s.now);
    s.retransmissionLost = board.lostAgain() != lostAgain;
    c.count(Counter.TCP_LOST_RETRANSMIT, board.lostAgain() - lostAgain);
  }

  private boolean mayValidate() {
    return (phase == Phase.OPEN || phase == Phase.DISORDER) && !snd.congestion.ownsWindow();
  }

  private boolean isRecovering() {
    return phase == Phase.RECOVERY || phase == Phase.LOSS;
  }

  private boolean isReducing() {
    return phase == Phase.RECOVERY || phase == Phase.CWR;
  }

  private void adjustWindow(AckSample s, boolean ended) {
    CongestionControl congestion = snd.congestion;
    if (congestion.ownsWindow()) {
      congestion.onAck(s);
    } else if (isReducing()) {
      if (s.delivered > 0) {
        boolean safe = s.advanced && s.lost == 0;
        snd.window.cwnd =
            prr.onAck(s.delivered, s.inFlight, snd.window.ssthresh, snd.window.smss, safe);
        if (s.advanced && !c.sackPermitted) {
          // A partial acknowledgment shows the next hole, which goes at once (RFC 6582 §3.2).
          snd.window.cwnd = Math.max(snd.window.cwnd, s.inFlight + snd.window.smss);
        }
      }
    } else if (s.delivered > 0 && mayGrow(s) && (!ended || mayGrowAtTheEnd())) {
      congestion.onAck(s);
    }
  }

  /**
   * Whether the window may grow: while SND.UNA moves; and where reordering is usual, also while it
   * waits for something that is late. What came meanwhile would count as one stretched
   * acknowledgment otherwise, or, with SACK, never.
   */
  private boolean mayGrow(AckSample s) {
    return s.advanced || (detector.reorderingSeen() && s.newlySacked > 0);
  }

  /**
   * With SACK the acknowledgment that ends a recovery brings no more than what arrived just then;
   * without, it may cover a whole window.
   */
  private boolean mayGrowAtTheEnd() {
    return c.sackPermitted && snd.congestion.countsEndOfRecovery();
  }

  /** Everything that was in flight when the episode began is acknowledged. */
  private boolean endIfComplete(AckSample s) {
    if (!isReducing() || !s.advanced || Seq.lt(snd.sndUna, point)) {
      return false;
    }
    boolean recovery = phase == Phase.RECOVERY;
    if (recovery && mayUndo(s)) {
      c.count(Counter.TCP_FULL_UNDO);
      undo();
    } else if (!snd.congestion.ownsWindow()) {
      boolean clocked = c.sackPermitted || phase == Phase.CWR;
      // Without SACK the end may come as a surprise, with nothing left in flight to clock what
      // follows (RFC 6582 §3.2 step 3, option 1).
      int most =
          clocked
              ? snd.window.ssthresh
              : Math.max(board.inFlight(), snd.window.smss) + snd.window.smss;
      snd.window.recovered(Math.min(snd.window.ssthresh, most), s.now);
    }
    detector.onRecovered();
    phase = Phase.OPEN;
    return true;
  }

  private void enterRecovery(AckSample s) {
    beginUndo();
    if (phase != Phase.CWR) {
      reduce(s);
    }
    phase = Phase.RECOVERY;
    point = snd.sndNxt;
    c.count(c.sackPermitted ? Counter.TCP_SACK_RECOVERY : Counter.TCP_RENO_RECOVERY);
  }

  private void enterCwr(AckSample s) {
    undoable = false;
    reduce(s);
    phase = Phase.CWR;
    point = snd.sndNxt;
  }

  /** Once a round trip: what was in flight at the last reduction tells of the same congestion. */
  private boolean mayReduceByEcho() {
    return (phase == Phase.OPEN || phase == Phase.DISORDER) && Seq.gt(snd.sndUna, point);
  }

  private void reduce(AckSample s) {
    snd.window.ssthresh = thresholdAfterLoss(s.now);
    // What had arrived before this acknowledgment, and is in flight no more.
    int arrived = board.sackedBytes() + detector.assumedDelivered();
    int before = arrived - (s.advanced ? s.newlySacked : s.delivered);
    if (prr == null) {
      prr = new ProportionalRateReduction();
    }
    prr.start(snd.flight() + s.acked - Math.max(0, before));
    snd.congestionReduced();
  }

  private int thresholdAfterLoss(long now) {
    int inUse = snd.window.congested(snd.flight(), snd.rtt.srtt(), now);
    return snd.congestion.onCongestion(inUse, now);
  }

  /** Everything in flight goes again in smaller pieces. */
  void onPathMtu() {
    cutAnew = !isRecovering();
  }

  boolean isCutAnew() {
    return cutAnew;
  }

  /** A probe has repaired the loss of the tail: the window falls as if it had been noticed. */
  void onProbeRepaired(AckSample s) {
    if (phase == Phase.OPEN || phase == Phase.DISORDER) {
      c.count(Counter.TCP_LOSS_PROBE_RECOVERY);
      reduce(s);
      if (!snd.congestion.ownsWindow()) {
        snd.window.recovered(Math.min(snd.window.cwnd, snd.window.ssthresh), s.now);
      }
    }
  }

  // ---- time --------------------------------------------------------------------------------

  /** Looks for losses that only time shows. */
  void onTimer(AckSample empty) {
    int lostBefore = board.lostBytes();
    int lostAgain = board.lostAgain();
    lookAgainAt = detector.onTimer(empty.now, isRecovering());
    c.count(Counter.TCP_LOST_RETRANSMIT, board.lostAgain() - lostAgain);
    empty.lost = board.lostBytes() - lostBefore;
    if (board.lostBytes() > 0 && !cutAnew && !isRecovering()) {
      // Recovery begins with what arrived while nothing was known to be lost, as if with the
      // acknowledgments that told of it.
      empty.delivered = unspent;
      enterRecovery(empty);
      if (!snd.congestion.ownsWindow()) {
        snd.window.cwnd = prr.onAck(unspent, pipe(), snd.window.ssthresh, snd.window.smss, false);
      }
    }
  }

  /**
   * The retransmission time-out has expired (RFC 5681 §3.1, RFC 6675 §5.1).
   *
   * @param first whether it is the first of an episode: ssthresh falls once, not each time
   */
  void onTimeout(boolean first, long now) {
    cutAnew = false;
    boolean fresh = !isRecovering() || Seq.le(point, snd.sndUna);
    if (first && fresh) {
      beginUndo();
      snd.window.ssthresh = thresholdAfterLoss(now);
    }
    if (phase == Phase.RECOVERY) {
      c.count(c.sackPermitted ? Counter.TCP_SACK_RECOVERY_FAIL : Counter.TCP_RENO_RECOVERY_FAIL);
    }
    snd.congestion.onTimeout(now);
    board.timedOut(now);
    snd.congestionReduced();
    snd.window.forgetUse(now);
    detector.onTimeout(now);
    lookAgainAt = TimerWheel.NEVER;
    snd.window.cwnd = pipe() + snd.window.smss;
    phase = Phase.LOSS;
    point = snd.sndNxt;
    if (spurious == null) {
      spurious = new SpuriousTimeout();
    }
    if (fresh || !first) {
      spurious.start();
    } else {
      spurious.stop();
    }
  }

  private void afterTimeout(AckSample s) {
    boolean complete = Seq.ge(snd.sndUna, point);
    SpuriousTimeout.Verdict verdict = spurious.onAck(s, complete, snd.canSendNew());
    if (verdict == SpuriousTimeout.Verdict.SPURIOUS && undoable) {
      undoTimeout();
      return;
    }
    if (mayUndo(s)) {
      undoTimeout();
      return;
    }
    if (complete) {
      detector.onRecovered();
      phase = Phase.OPEN;
    }
  }

  /**
   * RFC 4015: the path was slow, not lossy, and the window is what it was. The time-out learns from
   * the originals, which are measured as they arrive, and not from the first: what answers that may
   * be the last of many retransmissions, all of whose answers were lost.
   */
  private void undoTimeout() {
    c.count(Counter.TCP_LOSS_UNDO);
    c.count(Counter.TCP_SPURIOUS_RTOS);
    board.unmarkLost();
    undo();
    snd.rtt.endBackOff();
    detector.onRecovered();
    phase = Phase.OPEN;
  }

  // ---- undo --------------------------------------------------------------------------------

  private void beginUndo() {
    undoable = true;
    undoStart = snd.sndUna;
    unconfirmed = NOTHING_RETRANSMITTED;
    retransmitted = false;
    if (phase != Phase.CWR) {
      priorCwnd = snd.window.cwnd;
      priorSsthresh = snd.window.ssthresh;
    }
  }

  /** Notes what leaves again. */
  void onRetransmitted(int bytes, long now) {
    unconfirmed = Math.max(0, unconfirmed) + segments(bytes);
    if (!retransmitted) {
      retransmitted = true;
      firstRetransmissionStamp = c.timestamp(now);
    }
    snd.window.noteSentAgain(bytes);
    onSent(bytes);
  }

  /** Notes what leaves. */
  void onSent(int bytes) {
    if (isReducing()) {
      prr.onSent(bytes);
    }
    unspent = Math.max(0, unspent - bytes);
  }

  private int segments(int bytes) {
    return (bytes + snd.window.smss - 1) / snd.window.smss;
  }

  private void takeDuplicateSack(AckSample s) {
    if (undoable && unconfirmed > 0 && Seq.gt(s.duplicateEnd, undoStart)) {
      int length = Seq.distance(s.duplicateStart, s.duplicateEnd);
      unconfirmed = Math.max(0, unconfirmed - segments(length));
    }
    detector.onDuplicateSack(snd.sndUna, snd.sndNxt);
  }

  private boolean allConfirmed() {
    return undoable && retransmitted && unconfirmed == 0;
  }

  /** RFC 3522: what is acknowledged was sent before the first retransmission. */
  private boolean isOfOriginal(AckSample s) {
    return s.advanced
        && retransmitted
        && s.echoKnown
        && Seq.olderTimestamp(s.echo, firstRetransmissionStamp);
  }

  /** What was taken for lost has all arrived before any of it could be sent again. */
  private boolean isNothingMissing() {
    return !retransmitted && board.lostBytes() == 0 && phase == Phase.RECOVERY;
  }

  private boolean mayUndo(AckSample s) {
    return undoable && (allConfirmed() || isOfOriginal(s) || isNothingMissing());
  }

  private void undoIfOriginal(AckSample s) {
    if (undoable && (isOfOriginal(s) || isNothingMissing())) {
      c.count(Counter.TCP_PARTIAL_UNDO);
      board.unmarkLost();
      undo();
      detector.onRecovered();
      phase = Phase.DISORDER;
    } else {
      undoIfAllConfirmed();
    }
  }

  private void undoIfAllConfirmed() {
    if (!allConfirmed()) {
      return;
    }
    c.count(Counter.TCP_DSACK_UNDO);
    undo();
    if (phase == Phase.RECOVERY) {
      detector.onRecovered();
      phase = Phase.DISORDER;
    }
  }

  private void undo() {
    undoable = false;
    snd.window.forgetUse(c.tcp.now());
    if (snd.congestion.ownsWindow()) {
      snd.congestion.onUndo();
      return;
    }
    snd.window.cwnd = Math.max(snd.window.cwnd, priorCwnd);
    snd.window.ssthresh = Math.max(snd.window.ssthresh, priorSsthresh);
    snd.congestion.onUndo();
  }
}
