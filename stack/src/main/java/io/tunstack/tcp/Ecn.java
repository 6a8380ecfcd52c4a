package io.tunstack.tcp;

import io.tunstack.wire.TcpView;

/**
 * Explicit congestion notification of one connection (RFC 3168 §6.1): a router marks instead of
 * dropping, the receiver says so in every acknowledgment (ECE), until the sender says that it has
 * slowed down (CWR).
 */
final class Ecn {
  /** The two low bits of the type of service: a transport that understands marks (§5). */
  static final int ECT_0 = 0b10;

  private static final int MASK = 0b11;
  private static final int CONGESTION_EXPERIENCED = 0b11;
  private static final int SETUP = TcpView.ECE | TcpView.CWR;

  private final EcnMode mode;

  /** Both sides have agreed. */
  private boolean agreed;

  /** Our acknowledgments say that something was marked. */
  private boolean echoing;

  /** The next new data says that we have slowed down. */
  private boolean reduced;

  Ecn(EcnMode mode) {
    this.mode = mode;
  }

  boolean agreed() {
    return agreed;
  }

  /**
   * The flags of a SYN of ours (§6.1.1); none when it goes again, for the sake of middleboxes that
   * drop what they do not know (§6.1.1.1).
   */
  int flagsOfSyn(boolean again) {
    return mode == EcnMode.ALWAYS && !again ? SETUP : 0;
  }

  /** The flags of a SYN-ACK of ours. */
  int flagsOfSynAck() {
    return agreed ? TcpView.ECE : 0;
  }

  /** Takes the peer's SYN, which offers by both flags. */
  void onSyn(int flags) {
    agreed = mode != EcnMode.OFF && (flags & SETUP) == SETUP;
  }

  /** Takes the peer's SYN-ACK, which agrees by ECE alone. */
  void onSynAck(int flags) {
    agreed = mode == EcnMode.ALWAYS && (flags & SETUP) == TcpView.ECE;
  }

  /**
   * Takes text of the peer's that lies in the window (§6.1.3).
   *
   * @return whether it is marked, and is to be acknowledged at once
   */
  boolean onText(int flags, int typeOfService) {
    if (!agreed) {
      return false;
    }
    if ((flags & TcpView.CWR) != 0) {
      echoing = false;
    }
    boolean marked = (typeOfService & MASK) == CONGESTION_EXPERIENCED;
    echoing |= marked;
    return marked;
  }

  /** Whether a segment echoes congestion to us. */
  boolean isEcho(int flags) {
    return agreed && (flags & TcpView.ECE) != 0;
  }

  /** The congestion window was reduced, for whatever reason (§6.1.2). */
  void onReduced() {
    reduced = agreed;
  }

  /** The ECN flags of a segment that leaves in a synchronized state. */
  int flags(boolean newText) {
    int flags = echoing ? TcpView.ECE : 0;
    if (newText && reduced) {
      reduced = false;
      flags |= TcpView.CWR;
    }
    return flags;
  }

  /**
   * The ECN bits of the packet: new text only; nothing that is sent again or empty (§6.1.4–6.1.6).
   */
  int typeOfService(boolean newText) {
    return agreed && newText ? ECT_0 : 0;
  }
}
