package io.tunstack.packetdrill;

import io.tunstack.tcp.TcpConfig;

/**
 * When to start, so that our own numbers cross 2³² early. They grow by one in 4 µs from a hash
 * whose key is the same in every run (RFC 6528 §3), so one look at the number of instant 0 says
 * when.
 */
final class Wrap {
  /** How far below 2³² the first number is to be. */
  private static final int AHEAD = 50;

  private static final long NANOS_PER_NUMBER = 4_000;

  static final long START = instant();

  private Wrap() {}

  private static long instant() {
    try (Host host = new Host(TcpConfig.DEFAULT, 1500)) {
      Conversation conversation = new Conversation();
      host.sockets().listen(conversation.localPort, socket -> ignored -> {});
      SegmentLine syn = SegmentLine.parse(new Cursor("S 0:0(0) win 1000"));
      host.receive(conversation.toPacket(syn));
      SegmentLine answer = SegmentLine.parse(new Cursor("S. 0:0(0) ack 1 <...>"));
      conversation.read(host.sent().poll().packet(), answer, 0);
      return Integer.toUnsignedLong(-AHEAD - conversation.localBase()) * NANOS_PER_NUMBER;
    }
  }
}
