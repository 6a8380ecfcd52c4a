package io.tunstack.script;

import static io.tunstack.wire.TcpView.ACK;
import static io.tunstack.wire.TcpView.FIN;
import static io.tunstack.wire.TcpView.RST;
import static io.tunstack.wire.TcpView.SYN;

import io.tunstack.tcp.TcpState;
import io.tunstack.wire.Seq;

/**
 * SEGMENT ARRIVES (RFC 9293 §3.10.7, with RFC 5961 and RFC 1337), read from the RFC once more and
 * written down as plainly as it can be: what one segment is answered with, and the state then.
 *
 * <p>Numbers are relative to each side's initial one. The application has closed its direction
 * where the state says so, and still reads.
 */
final class SegmentOracle {
  /** What is sent. */
  enum Kind {
    NONE,
    ACK,
    SYN_ACK,
    /** At the number that the segment acknowledges. */
    RST,
    /** At zero, with an acknowledgment of the whole segment. */
    RST_ACK
  }

  /** An answer, and the state behind it. */
  record Answer(Kind kind, TcpState state) {}

  /** What a connection knows, relative; {@code passive} if it came from a listener. */
  record Block(
      TcpState state, boolean passive, int una, int nxt, int rcvNxt, int rcvWnd, int maxSndWnd) {}

  private final Block b;
  private final int flags;
  private final int seq;
  private final int text;
  private final int ack;

  SegmentOracle(Block block, int flags, int seq, int text, int ack) {
    this.b = block;
    this.flags = flags;
    this.seq = seq;
    this.text = text;
    this.ack = ack;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private int len() {
    return text + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
  }

  private Answer stay(Kind kind) {
    return new Answer(kind, b.state());
  }

  Answer answer() {
    return switch (b.state()) {
      case CLOSED -> closed();
      case LISTEN -> listen();
      case SYN_SENT -> synSent();
      case TIME_WAIT -> timeWait();
      default -> otherwise();
    };
  }

  /** §3.10.7.1. */
  private Answer closed() {
    if (has(RST)) {
      return stay(Kind.NONE);
    }
    return stay(has(ACK) ? Kind.RST : Kind.RST_ACK);
  }

  /** §3.10.7.2; of a SYN with a FIN nothing is kept, as it asks for nothing. */
  private Answer listen() {
    if (has(RST)) {
      return new Answer(Kind.NONE, TcpState.CLOSED);
    }
    if (has(ACK)) {
      return new Answer(Kind.RST, TcpState.CLOSED);
    }
    return has(SYN) && !has(FIN)
        ? new Answer(Kind.SYN_ACK, TcpState.SYN_RECEIVED)
        : new Answer(Kind.NONE, TcpState.CLOSED);
  }

  /** §3.10.7.3. */
  private Answer synSent() {
    boolean acceptable = has(ACK) && ack == b.nxt();
    if (has(ACK) && !acceptable) {
      return stay(has(RST) ? Kind.NONE : Kind.RST);
    }
    if (has(RST)) {
      return acceptable ? new Answer(Kind.NONE, TcpState.CLOSED) : stay(Kind.NONE);
    }
    if (!has(SYN)) {
      return stay(Kind.NONE);
    }
    if (!has(ACK)) {
      return new Answer(Kind.SYN_ACK, TcpState.SYN_RECEIVED);
    }
    return new Answer(Kind.ACK, has(FIN) ? TcpState.CLOSE_WAIT : TcpState.ESTABLISHED);
  }

  /** §3.10.7.4 for TIME-WAIT, RFC 1337, and RFC 6191 without timestamps: a listener waits. */
  private Answer timeWait() {
    if (has(RST)) {
      return stay(Kind.NONE);
    }
    if (has(SYN) && !has(ACK) && !has(FIN) && Seq.gt(seq, b.rcvNxt())) {
      return new Answer(Kind.SYN_ACK, TcpState.SYN_RECEIVED);
    }
    return stay(len() > 0 || seq != b.rcvNxt() ? Kind.ACK : Kind.NONE);
  }

  /**
   * Table 6; an empty segment may lie on the right edge, where a full window's sender is, and text
   * end where RCV.NXT is, for the sake of its acknowledgment.
   */
  private boolean isAcceptable() {
    int end = b.rcvNxt() + b.rcvWnd();
    if (has(RST)) {
      return Seq.ge(seq, b.rcvNxt()) && Seq.lt(seq, end);
    }
    if (len() == 0) {
      return Seq.ge(seq, b.rcvNxt()) && Seq.le(seq, end);
    }
    if (takesText(b.state()) && has(ACK) && len() == text && seq + text == b.rcvNxt()) {
      return true;
    }
    int last = seq + len() - 1;
    return (Seq.ge(seq, b.rcvNxt()) && Seq.lt(seq, end))
        || (Seq.ge(last, b.rcvNxt()) && Seq.lt(last, end));
  }

  private Answer otherwise() {
    boolean opening = b.state() == TcpState.SYN_RECEIVED;
    boolean theirSyn = opening && has(SYN) && !has(RST) && seq == b.rcvNxt() - 1;
    if (theirSyn && !has(ACK)) {
      return stay(Kind.SYN_ACK);
    }
    boolean crossing = theirSyn && has(ACK) && !b.passive();
    if (!crossing && !isAcceptable()) {
      return stay(has(RST) ? Kind.NONE : Kind.ACK);
    }
    if (has(RST)) {
      return seq == b.rcvNxt() ? new Answer(Kind.NONE, TcpState.CLOSED) : stay(Kind.ACK);
    }
    if (has(SYN) && !crossing) {
      return opening && b.passive() ? new Answer(Kind.NONE, TcpState.CLOSED) : stay(Kind.ACK);
    }
    if (!has(ACK)) {
      return stay(Kind.NONE);
    }
    if (opening) {
      return ack == b.nxt() ? text(TcpState.ESTABLISHED, crossing ? seq + 1 : seq) : stay(Kind.RST);
    }
    if (Seq.gt(ack, b.nxt()) || Seq.lt(ack, b.una() - b.maxSndWnd())) {
      return stay(Kind.ACK);
    }
    return acknowledged();
  }

  /** The fifth step's second half: our FIN, if there is one, is what ends at SND.NXT. */
  private Answer acknowledged() {
    if (ack != b.nxt()) {
      return text(b.state(), seq);
    }
    return switch (b.state()) {
      case FIN_WAIT_1 -> text(TcpState.FIN_WAIT_2, seq);
      case CLOSING -> new Answer(Kind.NONE, TcpState.TIME_WAIT);
      case LAST_ACK -> new Answer(Kind.NONE, TcpState.CLOSED);
      default -> text(b.state(), seq);
    };
  }

  private static boolean takesText(TcpState state) {
    return state == TcpState.ESTABLISHED
        || state == TcpState.FIN_WAIT_1
        || state == TcpState.FIN_WAIT_2;
  }

  /** The seventh and the eighth step. */
  private Answer text(TcpState state, int start) {
    if (!takesText(state) || (text == 0 && !has(FIN))) {
      return new Answer(Kind.NONE, state);
    }
    int fin = start + text;
    boolean inOrder = Seq.le(start, b.rcvNxt()) && Seq.ge(fin, b.rcvNxt());
    if (!has(FIN) || !inOrder) {
      return new Answer(Kind.ACK, state);
    }
    return new Answer(
        Kind.ACK,
        switch (state) {
          case ESTABLISHED -> TcpState.CLOSE_WAIT;
          case FIN_WAIT_1 -> TcpState.CLOSING;
          default -> TcpState.TIME_WAIT;
        });
  }
}
