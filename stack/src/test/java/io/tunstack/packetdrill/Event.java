package io.tunstack.packetdrill;

import java.util.List;

/** One step of a script. */
sealed interface Event {
  When when();

  int line();

  /** How the script says it. */
  String text();

  /**
   * A system call.
   *
   * @param result what it answers; null for whatever
   * @param errno the error's name; empty for none
   */
  record Call(
      When when,
      int line,
      String text,
      String name,
      List<Argument> arguments,
      Long result,
      String errno)
      implements Event {}

  /** A segment that comes from the peer. */
  record Arrival(When when, int line, String text, SegmentLine segment) implements Event {}

  /** A segment that the stack sends. */
  record Departure(When when, int line, String text, SegmentLine segment) implements Event {}

  /** An ICMP error that a router sends about a segment of ours. */
  record Trouble(When when, int line, String text, IcmpLine message) implements Event {}

  /** A command of the shell. */
  record Shell(When when, int line, String text, String command) implements Event {}

  /** Assertions about what {@code TCP_INFO} says. */
  record Check(When when, int line, String text, String code) implements Event {}
}
