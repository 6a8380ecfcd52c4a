package io.tunstack.tcp;

import io.tunstack.wire.Seq;
import java.util.Arrays;

/**
 * When each piece in flight was sent: a ring of (end, time, sent again?) in primitive arrays. It
 * answers one question, how long the newest piece that an acknowledgment covers was under way. A
 * piece that was sent twice measures nothing (Karn's rule, RFC 6298 §3), nor does one that was sent
 * before the latest retransmission: its acknowledgment may only have waited for that one.
 */
final class TransmissionLog {
  private static final int INITIAL = 8;

  /** What {@link #acknowledge} answers when there is nothing to measure. */
  static final long NO_SAMPLE = -1;

  private int[] ends;
  private long[] times;
  private boolean[] again;
  private int head;
  private int size;
  private long lastRetransmission = Long.MIN_VALUE;

  boolean isEmpty() {
    return size == 0;
  }

  /** Notes a piece of new data; pieces come in order. */
  void sent(int endSeq, long now) {
    if (ends == null) {
      ends = new int[INITIAL];
      times = new long[INITIAL];
      again = new boolean[INITIAL];
    } else if (size == ends.length) {
      enlarge();
    }
    int at = (head + size) & (ends.length - 1);
    ends[at] = endSeq;
    times[at] = now;
    again[at] = false;
    size++;
  }

  /** Notes that [start, end) was sent again: no piece of it can be measured any more. */
  void sentAgain(int start, int end, long now) {
    lastRetransmission = now;
    for (int i = 0; i < size; i++) {
      int at = (head + i) & (ends.length - 1);
      if (Seq.gt(ends[at], start)) {
        again[at] = true;
        if (Seq.ge(ends[at], end)) {
          return;
        }
      }
    }
  }

  /** Notes that everything in flight counts as sent again. */
  void allSentAgain(long now) {
    lastRetransmission = now;
    if (size > 0) {
      Arrays.fill(again, true);
    }
  }

  /** How long the oldest piece has been under way; 0 if there is none. */
  long oldestWait(long now) {
    return size == 0 ? 0 : now - times[head];
  }

  /** Forgets what is acknowledged and answers the round-trip time of its newest piece. */
  long acknowledge(int ack, long now) {
    long rtt = NO_SAMPLE;
    while (size > 0 && Seq.le(ends[head], ack)) {
      boolean ambiguous = again[head] || times[head] < lastRetransmission;
      rtt = ambiguous ? NO_SAMPLE : now - times[head];
      head = (head + 1) & (ends.length - 1);
      size--;
    }
    return rtt;
  }

  /** Gives the memory back, for a connection that goes idle. */
  void clear() {
    ends = null;
    times = null;
    again = null;
    head = 0;
    size = 0;
  }

  private void enlarge() {
    int length = ends.length;
    int[] newEnds = new int[length * 2];
    long[] newTimes = new long[length * 2];
    boolean[] newAgain = new boolean[length * 2];
    for (int i = 0; i < size; i++) {
      int at = (head + i) & (length - 1);
      newEnds[i] = ends[at];
      newTimes[i] = times[at];
      newAgain[i] = again[at];
    }
    ends = newEnds;
    times = newTimes;
    again = newAgain;
    head = 0;
  }
}
