package io.tunstack.tcp;

/** What a connection with keep-alive notes (RFC 9293 §3.8.4). */
final class KeepAliveProbes {
  final KeepAlive settings;
  int unanswered;

  /** When the last acceptable segment came, or keep-alive was switched on. */
  long lastHeard;

  KeepAliveProbes(KeepAlive settings, long now) {
    this.settings = settings;
    this.lastHeard = now;
  }

  /** A segment has come that the peer, and hardly anybody else, can have sent. */
  void heard(long now) {
    lastHeard = now;
    unanswered = 0;
  }
}
