package io.tunstack.tcp;

import io.tunstack.time.TimerWheel;

/**
 * TIME-WAIT entries in the order in which they expire. All wait equally long, so the order is that
 * of their arrival; restarting one (RFC 9293 §3.10.7.4) moves it to the end, and one timer for the
 * oldest serves all.
 */
final class TimeWaitQueue {
  private final long durationNanos;
  private TimeWaitEntry oldest;
  private TimeWaitEntry newest;
  private int size;

  TimeWaitQueue(long durationNanos) {
    this.durationNanos = durationNanos;
  }

  int size() {
    return size;
  }

  /** The one that expires first, or null. */
  TimeWaitEntry oldest() {
    return oldest;
  }

  long nextDeadline() {
    return oldest == null ? TimerWheel.NEVER : oldest.expires;
  }

  void add(TimeWaitEntry entry, long now) {
    entry.expires = now + durationNanos;
    entry.older = newest;
    entry.newer = null;
    if (newest == null) {
      oldest = entry;
    } else {
      newest.newer = entry;
    }
    newest = entry;
    size++;
  }

  void restart(TimeWaitEntry entry, long now) {
    remove(entry);
    add(entry, now);
  }

  void remove(TimeWaitEntry entry) {
    if (entry.older == null) {
      oldest = entry.newer;
    } else {
      entry.older.newer = entry.newer;
    }
    if (entry.newer == null) {
      newest = entry.older;
    } else {
      entry.newer.older = entry.older;
    }
    entry.older = null;
    entry.newer = null;
    size--;
  }
}
