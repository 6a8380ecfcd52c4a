package io.tunstack.tcp;

import io.tunstack.wire.FourTuple;

/**
 * A segment that was sent, received or dropped.
 *
 * @param direction which of the three
 * @param nanos when, by the stack's clock
 * @param tuple our end and the peer's
 * @param seq SEG.SEQ
 * @param ack SEG.ACK
 * @param flags the control bits
 * @param textLength bytes of text
 * @param reason the {@code SendReason} or {@code DropReason} by name, or "" for one received
 * @param before the state before: where there is no connection LISTEN if somebody listens there,
 *     CLOSED otherwise
 * @param after the state after: that of the connection that a SYN has brought about, if it has
 */
public record SegmentEvent(
    Direction direction,
    long nanos,
    FourTuple tuple,
    int seq,
    int ack,
    int flags,
    int textLength,
    String reason,
    TcpState before,
    TcpState after) {

  /** Which way a segment went. */
  public enum Direction {
    /** Out. */
    SENT,
    /** In, and processed. */
    RECEIVED,
    /** In, and thrown away. */
    DROPPED
  }
}
