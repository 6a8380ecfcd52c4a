package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpView;

/**
 * The sending half of a connection: SND.UNA, SND.NXT, the peer's window, what leaves when, and what
 * leaves again.
 *
 * <pre>
 *     SND.UNA                            SND.NXT         end of queue   FIN
 *        | in flight | SACKed | lost | ... |   never sent   |            |
 *        +---------------------------------+----------------+------------+
 *                 Scoreboard
 * </pre>
 *
 * <p>An acknowledgment goes to the {@link Scoreboard} and from there to {@link LossRecovery}, which
 * marks what is lost and sets the congestion window. Nothing leaves then: {@link #output} sends, at
 * the end of the batch, first what is lost, then what is new.
 */
final class Sender {
  /** RFC 9293 §3.7.1: what a peer that offers no MSS accepts. */
  static final int DEFAULT_MSS = 536;

  /**
   * A smaller MSS than this is raised to it: a peer must not make us send forty bytes of header for
   * each byte (CVE-2019-11479 is of this class).
   */
  static final int MIN_MSS = 64;

  /**
   * Segments sent before other connections get their turn: 64 KiB of full ones. A connection with a
   * large window must not fill the device's queue with its acknowledgments in one go.
   */
  private static final int QUANTUM_SEGMENTS = 45;

  /** RFC 7765 §4's rrthresh: with fewer segments under way three duplicates cannot come. */
  private static final int RESTART_SEGMENTS = 4;

  /** Doubled so often, any time-out is beyond the longest. */
  private static final int MAX_PROBE_BACKOFF = 16;

  private final TcpConnection c;
  final SendQueue queue;
  final RttEstimator rtt;
  final CongestionWindow window;
  CongestionControl congestion;
  final LossRecovery recovery;
  final DeliveryRate rate = new DeliveryRate();
  final Scoreboard board;

  /** {@link TailLossProbe#NONE} before the first. */
  TailLossProbe probe = TailLossProbe.NONE;

  /** When the pace allows the next segment; in the past if there is no pace. */
  private long nextSendAt;

  int iss;
  int sndUna;
  int sndNxt;

  /** SND.WND, scaled. */
  int sndWnd;

  /** The sequence and acknowledgment numbers of the segment that brought it. */
  int sndWl1;

  int sndWl2;

  int maxSndWnd;

  /** The shift that we apply to the peer's window. */
  byte shift;

  /** Where the last segment ends that left and was not full; SND.UNA at least, once used. */
  private int smallEnd;

  /** What limits the payload of a full segment. */
  final PathMss pathMss = new PathMss();

  /** The payload of a full segment as of the last output. */
  int smss = DEFAULT_MSS;

  boolean noDelay;
  boolean finQueued;

  /** {@link CongestionWindow#packetBytes} is what {@link #smss} makes it. */
  private boolean packetNoted;

  /** Segments that left in this output; a packet of several counts as those. */
  private short leaving;

  /** How fast bursts leave, bytes per second, as of the last output; 0 for at once. */
  private long burstRate;

  /** Our SYN had to be sent more than once. */
  private boolean synLost;

  /** A zero-window probe is out that the peer need not have kept. */
  boolean probing;

  /** How often the time between zero-window probes was doubled. */
  byte probeBackoff;

  /** When to send a tail loss probe; {@link TimerWheel#NEVER} for not at all. */
  private long tailProbeAt = TimerWheel.NEVER;

  /** Something new was sent or acknowledged: the wait for a tail loss probe begins anew. */
  boolean tailMoved;

  /** Since when the peer has left us without an answer; {@link TimerWheel#NEVER} if it has not. */
  long stalledSince = TimerWheel.NEVER;

  private long lastSent;

  int retransmits;

  Sender(TcpConnection connection, TcpConfig config, ConnectionOptions options) {
    this.c = connection;
    this.noDelay = options.noDelay();
    this.queue = new SendQueue(connection.tcp.workspace().deques, options.sendBufferBytes());
    this.rtt =
        new RttEstimator(
            config.initialRto().toNanos(), config.minRto().toNanos(), config.maxRto().toNanos());
    this.window = new CongestionWindow(config.initialWindowSegments());
    this.congestion = CongestionControls.create(options.congestionControl(), window);
    this.board = new Scoreboard(rate, connection.tcp.workspace().books);
    this.recovery = new LossRecovery(connection, this, board);
  }

  void start(int initialSequence) {
    iss = initialSequence;
    sndUna = iss;
    sndNxt = iss;
    smallEnd = iss;
    window.startAt(iss);
    queue.startAt(iss + 1);
  }

  /** What an acknowledgment that has come is to be shown to. */
  Acknowledgments acks() {
    return c.tcp.acknowledgments().of(c);
  }

  /** The SYN has left for the first time; it is timed like any segment. */
  void synSent(long now) {
    sndNxt = iss + 1;
    board.sent(iss, sndNxt, now);
    stalledSince = now;
  }

  /** A SYN cookie has left some time ago: nobody knows when. */
  void synSentUnnoticed(long now) {
    sndNxt = iss + 1;
    stalledSince = now;
  }

  /** The SYN leaves again. */
  void synSentAgain(long now) {
    synLost = true;
    board.firstSentAgain(now);
    retransmits++;
  }

  /** How long the SYN has been waiting for its answer. */
  long synWaiting(long now) {
    return now - stalledSince;
  }

  /** The handshake is complete: the first window and the congestion window are set. */
  void established(Segment segment, long now) {
    if (synLost) {
      rtt.onSynTimedOut();
    }
    board.setSegment(smss);
    window.open(smss, synLost);
    packetNoted = false;
    congestion.onEstablished(now);
    recovery.established();
    acks().windowFromHandshake(segment);
  }

  /** Whole segments, as many as the largest packet of a link that cuts packets has room for. */
  private void notePacketBytes() {
    boolean cut = c.tcp.writer().offloadsTo(c.remote);
    window.packetBytes = cut ? Math.max(1, SegmentWriter.MAX_PACKET_TEXT / smss) * smss : smss;
    packetNoted = true;
  }

  int flight() {
    return Seq.distance(sndUna, sndNxt);
  }

  int unsent() {
    // After the end the queue is empty, wherever it ends.
    return Math.min(queue.length(), Math.max(0, Seq.distance(sndNxt, queue.endSeq())));
  }

  /** No segment, options included, is to be larger from now on. */
  void limitSegment(int limit, long now) {
    pathMss.limit(limit);
    adoptPathMss(now);
  }

  /** Text sent and not acknowledged; SYN and FIN are no text. */
  int unacknowledged() {
    return queue.length() - unsent();
  }

  /** Changes the algorithm; on a connection that stands, the new one goes on with the window. */
  void useCongestionControl(String name) {
    congestion = CongestionControls.create(name, window);
    if (c.state.isSynchronized()) {
      congestion.onEstablished(c.tcp.now());
    }
  }

  /** What the peer has reported with SACK, bytes. */
  int sacked() {
    return board.sackedBytes();
  }

  /** What is taken for lost and has not been sent again, bytes. */
  int lost() {
    return board.lostBytes();
  }

  /** Whether our FIN has been sent and acknowledged. */
  boolean finAcknowledged() {
    return finQueued && Seq.gt(sndUna, queue.endSeq());
  }

  /** Whether there is data that was never sent and the peer has room for. */
  boolean canSendNew() {
    return unsent() > 0 && sndWnd > flight();
  }

  /** The window was reduced: a tail loss probe would come on top of it. */
  void congestionReduced() {
    probe.forget();
    tailProbeAt = TimerWheel.NEVER;
    c.ecn.onReduced();
  }

  // ---- sending -----------------------------------------------------------------------------

  /**
   * Sends what the windows, Nagle's algorithm and silly-window avoidance allow (RFC 9293 §3.7.4,
   * §3.8.6.2.1), a quantum at a time, and keeps the timers right.
   *
   * @return how many segments left; if the quantum was used up the connection still owes
   */
  int output(long now) {
    return output(now, false);
  }

  private int output(long now, boolean override) {
    followPathMtu(now);
    restartAfterIdle(now);
    if (!packetNoted) {
      notePacketBytes();
    }
    leaving = 0;
    burstRate = congestion.ownsWindow() ? 0 : Pacer.burstRate(window.cwnd, rtt.srtt());
    window.paced = burstRate > 0;
    while (!probing && nextSendAt <= now && (sendLost(now) || sendNew(override))) {
      if (leaving >= QUANTUM_SEGMENTS) {
        c.owe();
        break;
      }
    }
    noteWhetherCwndLimits();
    keepTimer(now);
    keepLossTimer(now);
    return leaving;
  }

  /** RFC 5681 §4.1, or RFC 7661 §4.4.3 where the window is kept over pauses. */
  private void restartAfterIdle(long now) {
    boolean idle = flight() == 0 && lastSent != 0 && now - lastSent > rtt.rto();
    if (idle && c.tcp.config().slowStartAfterIdle()) {
      window.restart();
      congestion.onIdleRestart(now);
    } else if (window.giveUpUnused(flight(), rtt.srtt(), now)) {
      congestion.onIdleRestart(now);
    }
  }

  /** Sends the first lost piece again if it may; false if there is none, or new data goes first. */
  private boolean sendLost(long now) {
    if (board.lostBytes() == 0 || (recovery.wantsNewData() && canSendNew())) {
      return false;
    }
    int room = Seq.distance(board.firstLostStart(), sndUna + sndWnd);
    int pipe = recovery.pipe();
    if (room <= 0 || pipe >= window.cwnd) {
      return false;
    }
    int piece = board.nextLost(smss, room, queue.endSeq());
    int length = board.length(piece);
    if (pipe > 0 && length > window.cwnd - pipe) {
      return false;
    }
    if (piece == board.last()) {
      joinUnsent(length, room);
    }
    retransmit(piece, reasonToSendAgain(), now);
    return true;
  }

  /** Lets a short last piece take along what waits behind it, as after a probe of one byte. */
  private void joinUnsent(int length, int room) {
    int text = Math.max(0, Math.min(unsent(), Math.min(smss, room) - length));
    if (text > 0 && (text == unsent() || length + text == smss)) {
      boolean fin = finQueued && text == unsent() && length + text < room;
      board.extendLast(text + (fin ? 1 : 0));
      sndNxt += text + (fin ? 1 : 0);
      c.count(Counter.TCP_OUT_BYTES, text);
    }
  }

  private SendReason reasonToSendAgain() {
    if (recovery.isCutAnew()) {
      return SendReason.RETRANSMIT_PATH_MTU;
    }
    return switch (recovery.phase()) {
      case LOSS -> SendReason.RETRANSMIT_TIMEOUT;
      case RECOVERY -> SendReason.RETRANSMIT_FAST;
      default -> SendReason.RETRANSMIT_PARTIAL_ACK;
    };
  }

  /** Sends new data or a FIN if it may. */
  private boolean sendNew(boolean override) {
    if (board.lostBytes() > 0 && !recovery.wantsNewData()) {
      return false;
    }
    int data = unsent();
    boolean finHere = finQueued && Seq.le(sndNxt, queue.endSeq());
    if (data == 0 && !finHere) {
      return false;
    }
    int inFlight = flight();
    if (Seq.lt(smallEnd, sndUna)) {
      // In time: half of all numbers later it would seem to lie ahead.
      smallEnd = sndUna;
    }
    int room = sndWnd - inFlight;
    int allowed = Math.min(room, window.cwnd - recovery.pipe());
    int length =
        wholeSegments(
            Math.max(
                0,
                Math.min(Math.min(data, Pacer.limit(pace(), window.packetBytes, smss)), allowed)),
            data);
    boolean fin = finHere && length == data && room > length;
    if (length == 0 && !fin) {
      return false;
    }
    if (length < smss && !fin && !maySendSmall(length, data, inFlight, override)) {
      return false;
    }
    long now = c.tcp.now();
    if (inFlight == 0) {
      // What runs now, if anything, is the persist timer; this is timed from its departure.
      c.timers.retransmitAt(TimerWheel.NEVER);
    }
    int seq = sndNxt;
    sndNxt = seq + length + (fin ? 1 : 0);
    c.count(Counter.TCP_OUT_BYTES, length);
    board.sent(seq, sndNxt, now);
    recovery.onSent(length);
    tailMoved = true;
    if (length > 0) {
      c.rcv.answered(c.tcp.delayedAckNanos(), now);
    }
    if (length % smss != 0) {
      smallEnd = sndNxt;
    }
    emit(seq, sndNxt, fin ? SendReason.FIN : SendReason.DATA, now);
    return true;
  }

  /**
   * Of several segments, the last leaves along with the others only if it is full, or if it might
   * leave by itself while they are in flight.
   */
  private int wholeSegments(int length, int data) {
    if (length <= smss || (length == data && mayEndSmall())) {
      return length;
    }
    return length - length % smss;
  }

  /**
   * Nagle's algorithm as RFC 9293 appendix A.3 has it, and Linux: what is left and small waits only
   * while a small segment is in flight. Full ones before it do not hold it: they might be waiting
   * themselves, for a peer's delayed acknowledgment.
   */
  private boolean mayEndSmall() {
    return noDelay || finQueued || !Seq.gt(smallEnd, sndUna);
  }

  private boolean maySendSmall(int length, int data, int inFlight, boolean override) {
    boolean everything = length == data;
    if (everything && (inFlight == 0 || mayEndSmall())) {
      return true;
    }
    return override || (length >= maxSndWnd / 2 && length < data);
  }

  private long pace() {
    return congestion.ownsWindow() ? congestion.pacingRate() : burstRate;
  }

  private void retransmit(int piece, SendReason reason, long now) {
    int length = board.length(piece);
    boolean first = piece == board.first();
    board.sentAgain(piece, now);
    recovery.onRetransmitted(length, now);
    retransmits++;
    c.count(Counter.TCP_RETRANS_SEGS);
    c.count(
        reason == SendReason.RETRANSMIT_TIMEOUT
            ? Counter.TCP_SLOW_START_RETRANS
            : Counter.TCP_FAST_RETRANS);
    emit(board.start(piece), board.end(piece), reason, now);
    if (first) {
      restartTimer(now);
    }
  }

  /** Every segment with text or FIN leaves here. */
  private void emit(int seq, int end, SendReason reason, long now) {
    boolean fin = finQueued && Seq.gt(end, queue.endSeq());
    int length = Seq.distance(seq, end) - (fin ? 1 : 0);
    int flags = TcpView.ACK | (fin ? TcpView.FIN : 0);
    if (length > 0 && seq + length == queue.endSeq()) {
      flags |= TcpView.PSH;
    }
    lastSent = now;
    leaving = (short) (leaving + (length <= smss ? 1 : (length + smss - 1) / smss));
    nextSendAt =
        congestion.ownsWindow()
            ? Pacer.afterSent(nextSendAt, length, congestion.pacingRate(), now)
            : Pacer.afterClocked(nextSendAt, length, burstRate, window.initial(), now);
    c.tcp.writer().send(c, seq, flags, length, reason, now);
  }

  private void noteWhetherCwndLimits() {
    int pipe = recovery.pipe();
    window.noteUse(sndUna, sndNxt, pipe);
    if (pipe + smss <= window.cwnd && unsent() < smss && board.lostBytes() == 0) {
      rate.onAppLimited(pipe);
    }
  }

  // ---- timers ------------------------------------------------------------------------------

  private boolean waiting() {
    return Seq.gt(queue.endSeq(), sndNxt) || (finQueued && Seq.le(sndNxt, queue.endSeq()));
  }

  /**
   * New data was acknowledged, and the timer begins anew (RFC 6298 §5.3). Where so little is left
   * that its loss could not be seen by what comes behind it, the time that it has been under way
   * counts (RFC 7765 §4): the time-out comes as long after its departure as that of anything else.
   */
  void restartTimerOnAck(long now) {
    restartTimer(now);
    if (flight() > 0 && !probing && flight() + unsent() < RESTART_SEGMENTS * smss) {
      long left = rtt.rto() - board.firstLatestWait(now);
      if (left > 0) {
        c.timers.retransmitAt(now + left);
      }
    }
  }

  private void restartTimer(long now) {
    c.timers.retransmitAt(TimerWheel.NEVER);
    keepTimer(now);
  }

  /**
   * The retransmission timer runs while anything is in flight (RFC 6298 §5.1–5.3); when nothing is
   * and yet data waits, the same deadline is the persist timer's.
   */
  private void keepTimer(long now) {
    if (flight() > 0 && !probing) {
      if (c.timers.retransmit() == TimerWheel.NEVER) {
        c.timers.retransmitAt(now + rtt.rto());
      }
    } else if (probing || (waiting() && c.state.isSynchronized())) {
      if (c.timers.retransmit() == TimerWheel.NEVER) {
        c.timers.retransmitAt(now + persistInterval());
      }
    } else {
      c.timers.retransmitAt(TimerWheel.NEVER);
    }
  }

  /** The deadline before the retransmission timer's: RACK's, or that of a tail loss probe. */
  private void keepLossTimer(long now) {
    if (!mayProbeTail()) {
      tailProbeAt = TimerWheel.NEVER;
    } else if (tailMoved) {
      long due = now + TailLossProbe.timeout(rtt, flight(), smss);
      tailProbeAt = Math.min(due, c.timers.retransmit());
    }
    tailMoved = false;
    boolean held = nextSendAt > now && (waiting() || board.lostBytes() > 0);
    long paced = held ? nextSendAt : TimerWheel.NEVER;
    c.timers.lossAt(Math.min(paced, Math.min(recovery.lookAgainAt(), tailProbeAt)));
  }

  /** RFC 8985 §7.3: with SACK, outside recovery, when nothing is missing, once. */
  private boolean mayProbeTail() {
    return c.sackPermitted
        && flight() > 0
        && !probing
        && sndWnd > 0
        && rtt.srtt() > 0
        && rtt.backoff() == 0
        && recovery.phase() == LossRecovery.Phase.OPEN
        && !probe.isOutstanding()
        && c.state.isSynchronized();
  }

  private long persistInterval() {
    long interval = rtt.rto() << probeBackoff;
    return Math.min(interval, c.tcp.config().maxRto().toNanos());
  }

  /** Time may have shown a loss, or it is time to probe for one. */
  void onLossTimer(long now) {
    if (recovery.lookAgainAt() <= now) {
      recovery.onTimer(acks().begin(now));
    }
    if (tailProbeAt <= now) {
      tailProbeAt = TimerWheel.NEVER;
      if (mayProbeTail()) {
        probeTail(now);
      }
    }
    output(now);
  }

  /**
   * TLP_send_probe (RFC 8985 §7.3): new data if there is room for it, or the last segment again.
   */
  private void probeTail(long now) {
    c.count(Counter.TCP_LOSS_PROBES);
    boolean fresh =
        canSendNew() && Math.min(unsent(), sndWnd - flight()) >= Math.min(unsent(), smss);
    if (fresh) {
      int seq = sndNxt;
      sndNxt = seq + Math.min(unsent(), smss);
      c.count(Counter.TCP_OUT_BYTES, Seq.distance(seq, sndNxt));
      board.sent(seq, sndNxt, now);
      emit(seq, sndNxt, SendReason.DATA, now);
    } else {
      int piece = board.cutLast(smss);
      if (!board.isInFlight(piece)) {
        return;
      }
      board.markLost(piece);
      board.sentAgain(piece, now);
      recovery.onRetransmitted(board.length(piece), now);
      retransmits++;
      c.count(Counter.TCP_RETRANS_SEGS);
      emit(board.start(piece), board.end(piece), SendReason.LOSS_PROBE, now);
    }
    if (probe == TailLossProbe.NONE) {
      probe = new TailLossProbe();
    }
    probe.sent(sndNxt, !fresh);
    restartTimer(now);
  }

  /** The deadline has passed: a time-out, or the persist timer. */
  void onTimer(long now) {
    if (stalledSince == TimerWheel.NEVER) {
      stalledSince = now;
    } else if (now - stalledSince >= c.options().userTimeout().toNanos()) {
      c.timedOut();
      return;
    }
    if (flight() == 0 || probing || sndWnd == 0) {
      persist(now);
    } else {
      timeOut(now);
    }
  }

  private void timeOut(long now) {
    c.count(Counter.TCP_TIMEOUTS);
    boolean blackHole = pathMss.timedOut(Math.min(flight(), smss), now);
    if (blackHole) {
      c.count(Counter.TCP_BLACK_HOLE);
      adoptPathMss(now);
    }
    recovery.onTimeout(rtt.backoff() == 0, now);
    if (blackHole) {
      board.joinLost();
    }
    rtt.backOff();
    c.timers.retransmitAt(TimerWheel.NEVER);
    output(now);
  }

  /**
   * Takes over what the path carries now. If that has become less, what is in flight may never
   * arrive: it leaves again in smaller pieces, at once and with the congestion window as it is,
   * because the loss told nothing about congestion (RFC 1191 §6.5).
   */
  private void followPathMtu(long now) {
    boolean smaller = adoptPathMss(now);
    if (smaller && flight() > smss && !probing && board.inFlight() > 0) {
      board.markAllLost();
      board.joinLost();
      recovery.onPathMtu();
      c.timers.retransmitAt(TimerWheel.NEVER);
    }
  }

  /** Takes over what the path carries, for what is sent from now on; answers whether it is less. */
  private boolean adoptPathMss(long now) {
    int before = smss;
    smss = pathMss.mss(c.tcp.pathMtu(c, now), now);
    if (smss != before) {
      packetNoted = false;
      window.smssChanged(smss);
      board.setSegment(smss);
    }
    return smss < before;
  }

  /** Data waits and nothing is in flight: send what fits in spite of its size, or probe. */
  private void persist(long now) {
    c.timers.retransmitAt(TimerWheel.NEVER);
    if (sndWnd > flight() && !probing) {
      output(now, true);
      return;
    }
    boolean data = Seq.gt(queue.endSeq(), sndUna);
    probeBackoff = (byte) Math.min(probeBackoff + 1, MAX_PROBE_BACKOFF);
    if (!data && !finQueued) {
      keepTimer(now);
      return;
    }
    int end = sndUna + 1;
    int flags = TcpView.ACK | (data ? 0 : TcpView.FIN);
    if (Seq.gt(end, sndNxt)) {
      board.sent(sndNxt, end, now);
      sndNxt = end;
    }
    board.firstSentAgain(now);
    probing = true;
    lastSent = now;
    c.count(Counter.TCP_WIN_PROBE);
    c.tcp.writer().send(c, sndUna, flags, data ? 1 : 0, SendReason.WINDOW_PROBE, now);
    keepTimer(now);
  }

  void clear() {
    queue.clear();
    board.clear();
  }
}
