package io.tunstack.packetdrill;

import io.tunstack.wire.TcpView;
import java.util.List;

/**
 * A segment as a script writes it: {@code [ect0] P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 1
 * ecr 2>}.
 *
 * @param congestion the two ECN bits of the IP header; -1 if the line does not say
 * @param flags the bits of {@link TcpView}
 * @param window -1 if the line does not say
 * @param options {@link Options} one by one; null for any
 */
record SegmentLine(
    int congestion,
    int flags,
    int seq,
    int length,
    int ack,
    int window,
    int urgent,
    List<String> options) {

  private static final String LETTERS = "FSRP.UEW";

  static SegmentLine parse(Cursor in) {
    int congestion = congestion(in);
    int flags = flags(in);
    int seq = (int) in.number();
    in.require(":");
    int end = (int) in.number();
    in.require("(");
    int length = (int) in.number();
    in.require(")");
    if (end - seq != length) {
      throw in.error("end - start is not the length");
    }
    int ack = in.take("ack") ? (int) in.number() : 0;
    int window = in.take("win") ? (int) in.number() : -1;
    int urgent = in.take("urg") ? (int) in.number() : 0;
    List<String> options = in.take("<") ? Options.parse(in) : List.of();
    return new SegmentLine(congestion, flags, seq, length, ack, window, urgent, options);
  }

  private static int congestion(Cursor in) {
    if (!in.take("[")) {
      return -1;
    }
    String word = in.word();
    in.require("]");
    return switch (word) {
      case "noecn" -> 0;
      case "ect1" -> 1;
      case "ect0" -> 2;
      case "ce" -> 3;
      default -> throw in.error("[" + word + "] is not known here");
    };
  }

  private static int flags(Cursor in) {
    if (in.take("-")) {
      return 0;
    }
    int bits = 0;
    int bit = LETTERS.indexOf(in.peek());
    while (bit >= 0) {
      in.require(LETTERS.substring(bit, bit + 1));
      bits |= 1 << bit;
      bit = LETTERS.indexOf(in.peek());
    }
    if (bits == 0) {
      throw in.error("expected flags");
    }
    return bits;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether {@code next} goes on where this one ends, as if a device had cut one packet in two. */
  boolean goesOnWith(SegmentLine next) {
    int passing = TcpView.PSH | TcpView.FIN;
    return length > 0
        && next.length > 0
        && seq + length == next.seq
        && ack == next.ack
        && !has(passing)
        && (next.flags & ~passing) == (flags & ~passing);
  }

  /** This one and the one behind it as the one packet that they may have been. */
  SegmentLine with(SegmentLine next) {
    return new SegmentLine(
        next.congestion,
        flags | next.flags,
        seq,
        length + next.length,
        ack,
        next.window,
        next.urgent,
        next.options);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (congestion >= 0) {
      text.append(List.of("[noecn] ", "[ect1] ", "[ect0] ", "[ce] ").get(congestion));
    }
    for (int i = 0; i < LETTERS.length(); i++) {
      if (has(1 << i)) {
        text.append(LETTERS.charAt(i));
      }
    }
    if (flags == 0) {
      text.append('-');
    }
    text.append(' ').append(Integer.toUnsignedString(seq)).append(':');
    text.append(Integer.toUnsignedString(seq + length)).append('(').append(length).append(')');
    if (has(TcpView.ACK)) {
      text.append(" ack ").append(Integer.toUnsignedString(ack));
    }
    if (window >= 0) {
      text.append(" win ").append(window);
    }
    if (urgent > 0) {
      text.append(" urg ").append(urgent);
    }
    if (options == null) {
      text.append(" <...>");
    } else if (!options.isEmpty()) {
      text.append(" <").append(String.join(",", options)).append('>');
    }
    return text.toString();
  }
}
