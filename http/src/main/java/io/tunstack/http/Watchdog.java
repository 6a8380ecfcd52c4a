package io.tunstack.http;

import io.tunstack.net.Alarm;
import java.time.Duration;

/** What a connection waits for at most so long: one alarm, and what it was set for. */
final class Watchdog {
  /** What is waited for. */
  enum Kind {
    /** Nothing, or a handler: that is its own affair. */
    NONE,
    /** The first byte of the next request. */
    IDLE,
    /** The rest of a head. */
    HEAD,
    /** More of a body. */
    BODY,
    /** Room in the send buffer. */
    WRITE,
    /** The peer's FIN, after ours. */
    LINGER
  }

  private final Alarm alarm;
  private Kind kind = Kind.NONE;
  private long request;
  private long mark;

  Watchdog(Alarm alarm) {
    this.alarm = alarm;
  }

  Kind kind() {
    return kind;
  }

  /** How far things had come when it was set. */
  long mark() {
    return mark;
  }

  /** Whether it is set for the same wait already, so that time goes on counting. */
  boolean isOn(Kind wanted, long wantedRequest) {
    return kind == wanted && request == wantedRequest;
  }

  void watch(Kind newKind, long newRequest, Duration limit, long newMark) {
    kind = newKind;
    request = newRequest;
    mark = newMark;
    alarm.arm(limit);
  }

  void stop() {
    kind = Kind.NONE;
    alarm.cancel();
  }
}
