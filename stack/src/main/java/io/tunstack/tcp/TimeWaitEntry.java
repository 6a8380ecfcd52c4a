package io.tunstack.tcp;

/** What is left of a connection in TIME-WAIT: enough to answer, nothing to send. */
final class TimeWaitEntry extends TupleNode {
  final int sndNxt;
  final int rcvNxt;
  final int windowField;
  final boolean timestamps;
  final int tsOffset;

  /** Null until one was needed. */
  ChallengeLimit challenges;

  int tsRecent;
  long expires;
  TimeWaitEntry older;
  TimeWaitEntry newer;

  TimeWaitEntry(TcpConnection c, int windowField) {
    super(c.local, c.localPort, c.remote, c.remotePort);
    this.sndNxt = c.snd.sndNxt;
    this.rcvNxt = c.rcv.rcvNxt();
    this.windowField = windowField;
    this.timestamps = c.timestamps;
    this.tsOffset = c.tsOffset;
    this.challenges = c.challenges();
    this.tsRecent = c.tsRecent;
  }
}
