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
 *     SND.UNA          cursor           SND.NXT         end of queue   FIN
 *        | acknowledged?  |  to be sent again |  never sent   |         |
 *        +----------------+-------------------+---------------+---------+
 * </pre>
 *
 * <p>The cursor is where the next segment starts. It equals SND.NXT but after a time-out, when it
 * goes back to SND.UNA and everything in flight is sent again as the window allows.
 */
final class Sender {
  /** RFC 5681 §3.2: the third duplicate acknowledgment means a loss. */
  private static final int DUPLICATE_THRESHOLD = 3;

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

  private final TcpConnection c;
  final SendQueue queue;
  CongestionControl congestion;
  final RttEstimator rtt;
  private final TransmissionLog log = new TransmissionLog();

  int iss;
  int sndUna;
  int sndNxt;
  private int cursor;

  /** SND.WND, scaled. */
  int sndWnd;

  private int sndWl1;
  private int sndWl2;
  int maxSndWnd;

  /** The shift that we apply to the peer's window. */
  int shift;

  /** What limits the payload of a full segment. */
  final PathMss pathMss = new PathMss();

  /** The payload of a full segment as of the last output. */
  int smss = DEFAULT_MSS;

  boolean noDelay;
  boolean finQueued;

  private int duplicates;
  private boolean recovering;

  /** RFC 6582's recover: where SND.NXT stood when the loss was noticed. */
  private int recover;

  private SendReason againReason = SendReason.RETRANSMIT_TIMEOUT;
  private boolean cwndLimited;

  /** Our SYN had to be sent more than once. */
  private boolean synLost;

  /** A zero-window probe is out that the peer need not have kept. */
  private boolean probing;

  private int probeBackoff;

  /** Since when the peer has left us without an answer; {@link TimerWheel#NEVER} if it has not. */
  private long stalledSince = TimerWheel.NEVER;

  /** R2: how long the peer may leave us without an answer. */
  long userTimeoutNanos;

  private long lastSent;
  long retransmits;

  Sender(TcpConnection connection, TcpConfig config, ConnectionOptions options) {
    this.c = connection;
    this.congestion = CongestionControls.create(options.congestionControl(), config);
    this.userTimeoutNanos = options.userTimeout().toNanos();
    this.noDelay = options.noDelay();
    this.queue = new SendQueue(connection.tcp.slabs(), options.sendBufferBytes());
    this.rtt =
        new RttEstimator(
            config.initialRto().toNanos(), config.minRto().toNanos(), config.maxRto().toNanos());
  }

  void start(int initialSequence) {
    iss = initialSequence;
    sndUna = iss;
    sndNxt = iss;
    cursor = iss;
    queue.startAt(iss + 1);
  }

  /** The SYN has left for the first time; it is timed like any segment. */
  void synSent(long now) {
    sndNxt = iss + 1;
    cursor = sndNxt;
    log.sent(sndNxt, now);
    stalledSince = now;
  }

  /** A SYN cookie has left some time ago: nobody knows when. */
  void synSentUnnoticed(long now) {
    sndNxt = iss + 1;
    cursor = sndNxt;
    stalledSince = now;
  }

  /** The SYN leaves again. */
  void synSentAgain(long now) {
    synLost = true;
    log.allSentAgain(now);
    retransmits++;
  }

  /** How long the SYN has been waiting for its answer. */
  long synWaiting(long now) {
    return now - stalledSince;
  }

  /** The handshake is complete: the first window and the congestion window are set. */
  void established(Segment segment) {
    if (synLost) {
      rtt.onSynTimedOut();
    }
    congestion.onEstablished(smss, synLost);
    sndWnd = scaledWindow(segment);
    maxSndWnd = Math.max(maxSndWnd, sndWnd);
    sndWl1 = segment.seq;
    sndWl2 = segment.ack;
    // One before the first byte of text, so that a loss in the first flight is noticed too.
    recover = sndUna - 1;
  }

  /** The window of a segment that carries SYN, which is never scaled. */
  void windowFromSyn(Segment segment) {
    sndWnd = segment.window;
    maxSndWnd = Math.max(maxSndWnd, sndWnd);
    sndWl1 = segment.seq;
    sndWl2 = segment.ack;
  }

  private int scaledWindow(Segment segment) {
    return segment.windowScaled ? segment.window << shift : segment.window;
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

  /** Text in flight that the peer has reported with SACK. */
  int sacked() {
    return 0;
  }

  /** Text in flight that is taken for lost and has not been sent again. */
  int lost() {
    return Math.min(unacknowledged(), Seq.distance(cursor, sndNxt));
  }

  /** Changes the algorithm; on a connection that stands, the new one goes on from the old one. */
  void useCongestionControl(String name) {
    CongestionControl old = congestion;
    congestion = CongestionControls.create(name, c.tcp.config());
    if (c.state.isSynchronized()) {
      congestion.onTakeOver(smss, old.cwnd(), old.ssthresh());
    }
  }

  /** Whether our FIN has been sent and acknowledged. */
  boolean finAcknowledged() {
    return finQueued && Seq.gt(sndUna, queue.endSeq());
  }

  private boolean finSent() {
    return finQueued && Seq.gt(sndNxt, queue.endSeq());
  }

  // ---- acknowledgments ---------------------------------------------------------------------

  /**
   * Takes an acknowledgment that lies in [SND.UNA, SND.NXT] (RFC 9293 §3.10.7.4, fifth).
   *
   * @return whether it acknowledged anything new
   */
  boolean acknowledge(Segment segment, long now) {
    int window = scaledWindow(segment);
    boolean advanced = Seq.gt(segment.ack, sndUna);
    if (advanced) {
      measure(segment, now);
      newlyAcknowledged(segment.ack, now);
    } else if (isDuplicate(segment, window)) {
      onDuplicate(now);
    }
    updateWindow(segment, window, now);
    if (probing || flight() == 0 || advanced) {
      // An answer to a probe, or progress: the peer is there (RFC 9293 §3.8.6.1).
      stalledSince = TimerWheel.NEVER;
    }
    return advanced;
  }

  /** RFC 5681 §2's definition. */
  private boolean isDuplicate(Segment segment, int window) {
    return segment.ack == sndUna
        && segment.len() == 0
        && flight() > 0
        && window == sndWnd
        && !probing
        && c.state.isSynchronized();
  }

  /**
   * Measures the round trip by our own send times. Where those say nothing because something was
   * sent twice, the echoed timestamp does, to a millisecond (RFC 7323 §4.1): it tells which of the
   * two was received. An echo from the future, or from before any of it was sent, tells nothing: a
   * peer that echoes nonsense must not make the time-out a minute.
   */
  private void measure(Segment segment, long now) {
    long longest = log.oldestWait(now);
    long sample = log.acknowledge(segment.ack, now);
    if (sample == TransmissionLog.NO_SAMPLE && c.timestamps && segment.options.hasTimestamps()) {
      long echoed = SegmentWriter.sinceTimestamp(c.tsOffset, segment.options.tsEcr(), now);
      if (echoed >= 0 && echoed <= longest + SegmentWriter.NANOS_PER_TICK) {
        sample = Math.max(echoed, SegmentWriter.NANOS_PER_TICK);
      }
    }
    if (sample != TransmissionLog.NO_SAMPLE) {
      rtt.sample(sample);
    }
  }

  private void newlyAcknowledged(int ack, long now) {
    int acked = Seq.distance(sndUna, ack);
    sndUna = ack;
    cursor = Seq.max(cursor, ack);
    queue.release(Seq.min(ack, queue.endSeq()));
    duplicates = 0;
    probeBackoff = 0;
    pathMss.progress();
    if (flight() == 0) {
      probing = false;
    }
    if (recovering && Seq.ge(ack, recover)) {
      recovering = false;
      congestion.onExitRecovery(flight());
    } else if (recovering) {
      congestion.onPartialAck(acked);
      resendFirst(SendReason.RETRANSMIT_PARTIAL_ACK, now);
    } else {
      congestion.onAck(acked, cwndLimited);
    }
    restartTimer(now);
  }

  private void onDuplicate(long now) {
    duplicates++;
    if (recovering) {
      congestion.onDuplicateAckInRecovery();
    } else if (duplicates == DUPLICATE_THRESHOLD && Seq.gt(sndUna, recover) && cursor == sndNxt) {
      recovering = true;
      recover = sndNxt;
      congestion.onEnterRecovery(flight());
      c.count(Counter.TCP_FAST_RETRANS);
      resendFirst(SendReason.RETRANSMIT_FAST, now);
      restartTimer(now);
    }
  }

  /**
   * SND.WND, SND.WL1 and SND.WL2 (RFC 9293 §3.10.7.4): an old segment does not change it. One that
   * acknowledges more than any before is not old, whatever its sequence number: a retransmission
   * carries today's window, and to add yesterday's to its acknowledgment would be to send beyond.
   */
  private void updateWindow(Segment segment, int window, long now) {
    boolean newer =
        Seq.gt(segment.ack, sndWl2)
            || Seq.lt(sndWl1, segment.seq)
            || (sndWl1 == segment.seq && Seq.le(sndWl2, segment.ack));
    if (!newer) {
      return;
    }
    boolean opened = window > sndWnd;
    sndWnd = window;
    maxSndWnd = Math.max(maxSndWnd, window);
    sndWl1 = Seq.max(sndWl1, segment.seq);
    sndWl2 = segment.ack;
    if (opened && probing) {
      // The peer need not have kept the probe's byte: it goes again, with what follows it.
      probing = false;
      probeBackoff = 0;
      cursor = sndUna;
      log.allSentAgain(now);
      c.timers.retransmitAt(TimerWheel.NEVER);
    }
  }

  // ---- sending -----------------------------------------------------------------------------

  /**
   * Sends what the windows, Nagle's algorithm and silly-window avoidance allow (RFC 9293 §3.7.4,
   * §3.8.6.2.1), a quantum at a time, and keeps the timer right.
   *
   * @return how many segments left; if the quantum was used up the connection still owes
   */
  int output(long now) {
    return output(now, false);
  }

  private int output(long now, boolean override) {
    followPathMtu(now);
    if (flight() == 0 && lastSent != 0 && now - lastSent > rtt.rto()) {
      congestion.onIdleRestart();
    }
    int sent = 0;
    while (!probing) {
      int inFlight = Seq.distance(sndUna, cursor);
      int data = Math.max(0, Seq.distance(cursor, queue.endSeq()));
      boolean finHere = finQueued && Seq.le(cursor, queue.endSeq());
      if (data == 0 && !finHere) {
        break;
      }
      int window = sndWnd - inFlight;
      int allowed = Math.min(window, congestion.cwnd() - inFlight);
      int length = Math.max(0, Math.min(Math.min(data, smss), allowed));
      boolean fin = finHere && length == data && window > length;
      if (length == 0 && !fin) {
        break;
      }
      if (length < smss && !fin && !maySendSmall(length, data, inFlight, override)) {
        break;
      }
      if (sent == QUANTUM_SEGMENTS) {
        c.owe();
        break;
      }
      transmit(length, fin, c.tcp.now());
      sent++;
    }
    noteWhetherCwndLimits();
    keepTimer(now);
    return sent;
  }

  private boolean maySendSmall(int length, int data, int inFlight, boolean override) {
    if (Seq.lt(cursor, sndNxt)) {
      return true;
    }
    boolean everything = length == data;
    if (everything && (noDelay || inFlight == 0 || finQueued)) {
      return true;
    }
    return override || (length >= maxSndWnd / 2 && length < data);
  }

  private void transmit(int length, boolean fin, long now) {
    int seq = cursor;
    int end = seq + length + (fin ? 1 : 0);
    boolean again = Seq.lt(seq, sndNxt);
    int flags = TcpView.ACK | (fin ? TcpView.FIN : 0);
    if (length > 0 && seq + length == queue.endSeq()) {
      flags |= TcpView.PSH;
    }
    SendReason reason = again ? againReason : fin ? SendReason.FIN : SendReason.DATA;
    cursor = end;
    if (flight() == 0) {
      // What runs now, if anything, is the persist timer; this is timed from its departure.
      c.timers.retransmitAt(TimerWheel.NEVER);
    }
    if (again) {
      noteRetransmission(seq, end, now);
      c.count(Counter.TCP_SLOW_START_RETRANS);
    }
    if (Seq.gt(end, sndNxt)) {
      c.count(Counter.TCP_OUT_BYTES, Math.max(0, Seq.distance(Seq.max(seq, sndNxt), seq + length)));
      log.sent(end, now);
      if (again) {
        log.sentAgain(seq, end, now);
      }
      sndNxt = end;
    }
    lastSent = now;
    c.tcp.writer().send(c, seq, flags, length, reason, now);
  }

  private void noteRetransmission(int seq, int end, long now) {
    log.sentAgain(seq, end, now);
    retransmits++;
    c.count(Counter.TCP_RETRANS_SEGS);
  }

  /** Sends the first unacknowledged segment again, without moving the cursor. */
  private void resendFirst(SendReason reason, long now) {
    int data = Math.max(0, Seq.distance(sndUna, Seq.min(queue.endSeq(), sndNxt)));
    int length = Math.min(data, smss);
    boolean fin = finSent() && length == data && Seq.le(sndUna, queue.endSeq());
    if (length == 0 && !fin) {
      return;
    }
    int flags = TcpView.ACK | (fin ? TcpView.FIN : 0);
    if (length > 0 && sndUna + length == queue.endSeq()) {
      flags |= TcpView.PSH;
    }
    noteRetransmission(sndUna, sndUna + length + (fin ? 1 : 0), now);
    lastSent = now;
    c.tcp.writer().send(c, sndUna, flags, length, reason, now);
  }

  private void noteWhetherCwndLimits() {
    int flight = flight();
    int cwnd = congestion.cwnd();
    // In slow start the window may double, so half of it in use is enough to let it grow.
    cwndLimited = cwnd < congestion.ssthresh() ? flight >= cwnd / 2 : flight + smss > cwnd;
  }

  // ---- timers ------------------------------------------------------------------------------

  private boolean waiting() {
    return Seq.gt(queue.endSeq(), cursor) || (finQueued && Seq.le(cursor, queue.endSeq()));
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

  private long persistInterval() {
    long interval = rtt.rto() << Math.min(probeBackoff, 16);
    return Math.min(interval, c.tcp.config().maxRto().toNanos());
  }

  /** The deadline has passed: a time-out, or the persist timer. */
  void onTimer(long now) {
    if (stalledSince == TimerWheel.NEVER) {
      stalledSince = now;
    } else if (now - stalledSince >= userTimeoutNanos) {
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
    if (pathMss.timedOut(Math.min(flight(), smss), now)) {
      c.count(Counter.TCP_BLACK_HOLE);
      adoptPathMss(now);
    }
    congestion.onRetransmissionTimeout(flight(), rtt.backoff() == 0);
    rtt.backOff();
    sendAllAgain(SendReason.RETRANSMIT_TIMEOUT, now);
    output(now);
  }

  /** Goes back to SND.UNA: what is in flight leaves again, cut anew, as the windows allow. */
  private void sendAllAgain(SendReason reason, long now) {
    againReason = reason;
    recovering = false;
    duplicates = 0;
    recover = sndNxt;
    cursor = sndUna;
    log.allSentAgain(now);
    c.timers.retransmitAt(TimerWheel.NEVER);
  }

  /**
   * Takes over what the path carries now. If that has become less, what is in flight may never
   * arrive: it leaves again in smaller pieces, at once and with the congestion window as it is,
   * because the loss told nothing about congestion (RFC 1191 §6.5).
   */
  private void followPathMtu(long now) {
    boolean smaller = adoptPathMss(now);
    if (smaller && flight() > smss && !probing && cursor != sndUna) {
      sendAllAgain(SendReason.RETRANSMIT_PATH_MTU, now);
    }
  }

  /** Takes over what the path carries, for what is sent from now on; answers whether it is less. */
  private boolean adoptPathMss(long now) {
    int before = smss;
    smss = pathMss.mss(c.tcp.pathMtu(c, now), now);
    if (smss != before) {
      congestion.onSmssChanged(smss);
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
    probeBackoff++;
    if (!data && !finQueued) {
      keepTimer(now);
      return;
    }
    int end = sndUna + 1;
    int flags = TcpView.ACK | (data ? 0 : TcpView.FIN);
    if (Seq.gt(end, sndNxt)) {
      sndNxt = end;
      log.sent(end, now);
    }
    log.sentAgain(sndUna, end, now);
    cursor = Seq.max(cursor, end);
    probing = true;
    lastSent = now;
    c.count(Counter.TCP_WIN_PROBE);
    c.tcp.writer().send(c, sndUna, flags, data ? 1 : 0, SendReason.WINDOW_PROBE, now);
    keepTimer(now);
  }

  void clear() {
    queue.clear();
    log.clear();
  }
}
