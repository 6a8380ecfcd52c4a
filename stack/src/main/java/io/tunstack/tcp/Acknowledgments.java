package io.tunstack.tcp;

import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;

/**
 * What the sending half does with an acknowledgment: takes what it covers off the board and the
 * queue, reads its SACK blocks, measures the round trip, tells loss recovery, and takes over the
 * window that it offers. Nothing is sent here.
 *
 * <p>One object serves a stack, for one acknowledgment after another.
 */
final class Acknowledgments {
  private final SackReader sackReader = new SackReader();
  private TcpConnection c;
  private Sender snd;
  private Scoreboard board;
  private DeliveryRate rate;

  /** Says whose the next one is. */
  Acknowledgments of(TcpConnection connection) {
    c = connection;
    snd = connection.snd;
    board = snd.board;
    rate = snd.rate;
    return this;
  }

  /** The window of a segment that carries SYN, which is never scaled. */
  void windowFromSyn(Segment segment) {
    noteWindow(segment, segment.window);
  }

  /** The window of the segment that completes the handshake. */
  void windowFromHandshake(Segment segment) {
    noteWindow(segment, scaledWindow(segment));
  }

  private void noteWindow(Segment segment, int window) {
    snd.sndWnd = window;
    snd.maxSndWnd = Math.max(snd.maxSndWnd, window);
    snd.sndWl1 = segment.seq;
    snd.sndWl2 = segment.ack;
  }

  private int scaledWindow(Segment segment) {
    return segment.windowScaled ? segment.window << snd.shift : segment.window;
  }

  /**
   * Takes an acknowledgment that lies in [SND.UNA, SND.NXT] (RFC 9293 §3.10.7.4, fifth).
   *
   * @return whether it acknowledged anything new
   */
  boolean take(Segment segment, long now) {
    int newWindow = scaledWindow(segment);
    AckSample s = begin(now);
    boolean advanced = Seq.gt(segment.ack, snd.sndUna);
    s.advanced = advanced;
    s.duplicate = isDuplicate(segment, newWindow);
    s.congestionEchoed = c.ecn.isEcho(segment.flags);
    readEcho(segment, s);
    if (advanced) {
      newlyAcknowledged(segment.ack, s);
    }
    if (c.state.isSynchronized()) {
      if (c.sackPermitted && segment.options.sackBlocks() > 0) {
        sackReader.read(c, segment.options, s);
      }
      measure(s);
      recover(s);
    } else {
      measure(s);
    }
    if (advanced) {
      snd.restartTimerOnAck(now);
    }
    if (advanced || s.longest >= snd.smss) {
      snd.pathMss.progress(s.longest);
    }
    updateWindow(segment, newWindow, now);
    if (snd.probing || snd.flight() == 0 || advanced) {
      // An answer to a probe, or progress: the peer is there (RFC 9293 §3.8.6.1).
      snd.stalledSince = TimerWheel.NEVER;
    }
    if (!advanced && snd.recovery.phase() == LossRecovery.Phase.DISORDER) {
      // Limited transmit (RFC 3042 §2), now: at the end of a batch the acknowledgment that tells of
      // the loss may have come as well, and the window be less.
      snd.output(now);
    }
    return advanced;
  }

  /** The stack's sample, empty but for what is known before. */
  AckSample begin(long now) {
    AckSample s = c.tcp.ackSample();
    s.reset(now);
    s.sackPermitted = c.sackPermitted;
    s.priorUna = snd.sndUna;
    s.priorFack = board.highestSacked(snd.sndUna);
    s.priorInFlight = snd.recovery.pipe();
    s.recoveryPoint = snd.recovery.point();
    s.minRtt = snd.rtt.minRtt();
    s.cwndLimited = snd.window.isLimiting();
    return s;
  }

  private void recover(AckSample s) {
    s.srtt = snd.rtt.srtt();
    s.totalDelivered = rate.delivered;
    s.rateDelivered = rate.delivered - s.priorDelivered;
    snd.recovery.noticeReneging(s);
    if (snd.probing) {
      return;
    }
    if (snd.probe.onAck(s, snd.sndUna)) {
      snd.recovery.onProbeRepaired(s);
    }
    snd.recovery.onAck(s);
  }

  /** RFC 5681 §2's definition. */
  private boolean isDuplicate(Segment segment, int newWindow) {
    return segment.ack == snd.sndUna
        && segment.len() == 0
        && snd.flight() > 0
        && newWindow == snd.sndWnd
        && !snd.probing
        && c.state.isSynchronized();
  }

  /**
   * Reads the timestamp that the peer echoes. One from the future, or from before any of what is in
   * flight was sent, tells nothing: a peer that echoes nonsense must not make the time-out a
   * minute.
   */
  private void readEcho(Segment segment, AckSample s) {
    if (c.timestamps && segment.options.hasTimestamps()) {
      s.echo = segment.options.tsEcr();
      long age = SegmentWriter.sinceTimestamp(c.tsOffset, s.echo, s.now);
      long tick = c.timestampTick();
      s.echoKnown = age >= 0 && age <= board.firstWait(s.now) + tick;
      s.echoLatest = age >= 0 && age <= board.firstLatestWait(s.now) + tick;
    }
  }

  /**
   * Measures the round trip by our own send times. Where those say nothing because something was
   * sent twice, the echoed timestamp does, to a millisecond (RFC 7323 §4.1): it tells which of the
   * two was received. If it was the earlier one, the acknowledgment may be of the later one all the
   * same, that of the earlier one being lost, and tells nothing either.
   */
  private void measure(AckSample s) {
    long sample = s.rtt;
    if (sample == AckSample.NO_RTT && s.advanced && s.echoLatest && c.hasFineTimestamps()) {
      long age = SegmentWriter.sinceTimestamp(c.tsOffset, s.echo, s.now);
      sample = Math.max(age, SegmentWriter.NANOS_PER_TICK);
    }
    if (sample != AckSample.NO_RTT) {
      snd.rtt.sample(sample, s.priorInFlight / (2 * snd.smss), s.now);
    }
  }

  private void newlyAcknowledged(int ack, AckSample s) {
    s.acked = Seq.distance(snd.sndUna, ack);
    snd.sndUna = ack;
    board.acknowledge(ack, s);
    if (s.retransmissionDelivered) {
      // What was sent once may have arrived long ago and only waited for what was sent again.
      s.rtt = AckSample.NO_RTT;
    }
    snd.queue.release(Seq.min(ack, snd.queue.endSeq()));
    snd.probeBackoff = 0;
    snd.tailMoved = true;
    if (snd.flight() == 0) {
      snd.probing = false;
    }
  }

  /**
   * SND.WND, SND.WL1 and SND.WL2 (RFC 9293 §3.10.7.4): an old segment does not change it. One that
   * acknowledges more than any before is not old, whatever its sequence number: a retransmission
   * carries today's window, and to add yesterday's to its acknowledgment would be to send beyond.
   */
  private void updateWindow(Segment segment, int newWindow, long now) {
    boolean newer =
        Seq.gt(segment.ack, snd.sndWl2)
            || Seq.lt(snd.sndWl1, segment.seq)
            || (snd.sndWl1 == segment.seq && Seq.le(snd.sndWl2, segment.ack));
    if (!newer) {
      return;
    }
    boolean opened = newWindow > snd.sndWnd;
    snd.sndWnd = newWindow;
    snd.maxSndWnd = Math.max(snd.maxSndWnd, newWindow);
    snd.sndWl1 = Seq.max(snd.sndWl1, segment.seq);
    snd.sndWl2 = segment.ack;
    if (opened && snd.probing) {
      // The peer need not have kept the.probe's byte: it goes again, with what follows it.
      snd.probing = false;
      snd.probeBackoff = 0;
      board.firstSentAgain(now);
      board.markAllLost();
      c.timers.retransmitAt(TimerWheel.NEVER);
    }
  }
}
