package io.tunstack.tcp;

import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.time.Timer;
import io.tunstack.time.TimerWheel;
import io.tunstack.wire.Seq;
import io.tunstack.wire.TcpView;

/**
 * TIME-WAIT: what comes after a connection for 2 MSL (RFC 9293 §3.6.1, §3.10.7.4, RFC 1337, RFC
 * 6191), with the little that is kept of each.
 */
final class TimeWait {
  private final Tcp tcp;
  private final TupleTable table;
  private final TimeWaitQueue queue;
  private final Timer timer = Timer.of(this::expire);

  TimeWait(Tcp tcp, TupleTable table) {
    this.tcp = tcp;
    this.table = table;
    this.queue = new TimeWaitQueue(tcp.config().msl().toNanos() * 2);
  }

  int size() {
    return queue.size();
  }

  /** Replaces a connection by the little that TIME-WAIT needs. */
  void enter(TcpConnection c, long now) {
    table.remove(c);
    tcp.count(Counter.TCP_TW);
    int cap = tcp.config().maxTimeWait();
    if (queue.size() >= cap) {
      tcp.count(Counter.TCP_TIME_WAIT_OVERFLOW);
      if (cap == 0) {
        tcp.release(c);
        return;
      }
      // The oldest has waited longest, so least can still come for it.
      forget(queue.oldest());
    }
    TimeWaitEntry entry = new TimeWaitEntry(c, c.rcv.windowField(c.snd.smss));
    table.add(entry);
    queue.add(entry, now);
    arm();
  }

  void forget(TimeWaitEntry entry) {
    tcp.remove(entry);
    queue.remove(entry);
    arm();
  }

  /** Leaves its tuple to a new incarnation. */
  void giveWay(TimeWaitEntry entry) {
    table.remove(entry);
    queue.remove(entry);
    arm();
  }

  /** Whether a SYN may begin a new connection in place of the entry (RFC 6191 §2). */
  boolean isNewIncarnation(TimeWaitEntry entry, Segment segment) {
    int others = TcpView.ACK | TcpView.RST | TcpView.FIN;
    if (!segment.has(TcpView.SYN) || (segment.flags & others) != 0) {
      // No request that a listener would answer: the wait must not end for it.
      return false;
    }
    boolean later = Seq.gt(segment.seq, entry.rcvNxt);
    if (!tcp.config().timestamps() || !segment.options.hasTimestamps()) {
      return later;
    }
    if (!entry.timestamps) {
      // PAWS tells the old connection's segments, which have no timestamps, from the new one's.
      return true;
    }
    int value = segment.options.tsVal();
    return value == entry.tsRecent ? later : Seq.olderTimestamp(entry.tsRecent, value);
  }

  /** SEGMENT ARRIVES in TIME-WAIT, for anything but a new incarnation. */
  void segmentArrives(TimeWaitEntry entry, Segment segment, long now) {
    if (segment.has(TcpView.RST)) {
      // A RST must not end the wait: RFC 1337.
      return;
    }
    if (segment.has(TcpView.SYN)) {
      answer(entry, SendReason.ACK_CHALLENGE, now);
      return;
    }
    if (segment.has(TcpView.FIN) && segment.seq + segment.len() == entry.rcvNxt) {
      queue.restart(entry, now);
      arm();
    }
    if (segment.len() > 0) {
      tcp.writer().acknowledge(entry, SendReason.ACK_DUPLICATE, now);
    } else if (segment.seq != entry.rcvNxt) {
      answer(entry, SendReason.ACK_DUPLICATE, now);
    }
  }

  /** Answers what may itself be an answer, as often as the limit allows. */
  private void answer(TimeWaitEntry entry, SendReason reason, long now) {
    if (entry.challenges == null) {
      entry.challenges = new ChallengeLimit(tcp.random());
    }
    if (entry.challenges.allow(now)) {
      tcp.writer().acknowledge(entry, reason, now);
    } else {
      tcp.countDrop(DropReason.CHALLENGE_RATE_LIMIT);
    }
  }

  /** Why segments that end here are counted as dropped. */
  static DropReason reason() {
    return DropReason.TCP_TIME_WAIT;
  }

  private void arm() {
    long next = queue.nextDeadline();
    if (next == TimerWheel.NEVER) {
      tcp.wheel().cancel(timer);
    } else if (!timer.isArmed() || timer.deadline() != next) {
      tcp.wheel().arm(timer, next);
    }
  }

  private void expire(long now) {
    while (queue.nextDeadline() <= now) {
      TimeWaitEntry entry = queue.oldest();
      tcp.remove(entry);
      queue.remove(entry);
    }
    arm();
  }
}
