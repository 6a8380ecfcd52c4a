package io.tunstack.tcp;

import io.tunstack.wire.FourTuple;

/**
 * A snapshot of a connection, in the spirit of Linux's {@code TCP_INFO}.
 *
 * @param tuple addresses and ports
 * @param state the state
 * @param rtoNanos the retransmission time-out, nanoseconds
 * @param srttNanos the smoothed round-trip time, nanoseconds; 0 before the first sample
 * @param rttvarNanos its variation, nanoseconds
 * @param cwndBytes the congestion window, bytes
 * @param ssthreshBytes the slow-start threshold, bytes; {@link Integer#MAX_VALUE} until the first
 *     loss
 * @param sndWndBytes the peer's window, bytes, scaled
 * @param rcvWndBytes the window we last advertised, bytes, scaled
 * @param unackedBytes bytes of the application's sent and not acknowledged
 * @param unsentBytes bytes queued and not sent
 * @param unreadBytes bytes received in order and not read
 * @param sackedBytes bytes in flight that the peer has reported with SACK
 * @param lostBytes bytes in flight that are taken for lost and not sent again yet
 * @param retransmits segments retransmitted since the beginning
 * @param smssBytes the largest segment we send, bytes of payload without options
 * @param pmtuBytes the largest packet that the path is believed to take, bytes
 * @param windowScaling whether both sides agreed on RFC 7323 window scaling
 * @param sndWndShift the shift that we apply to the peer's window
 * @param rcvWndShift the shift that the peer applies to ours
 * @param timestamps whether both sides agreed on RFC 7323 timestamps
 * @param sackPermitted whether the peer accepts SACK blocks
 * @param congestionControl the name of the algorithm, one of {@link CongestionControls#names};
 *     empty in TIME-WAIT
 * @param congestionState what recovery is about: {@code open}, {@code disorder}, {@code cwr},
 *     {@code recovery} or {@code loss}, as Linux has it; empty in TIME-WAIT
 * @param reorderingSeen whether segments of ours were seen to overtake each other
 */
public record TcpInfo(
    FourTuple tuple,
    TcpState state,
    long rtoNanos,
    long srttNanos,
    long rttvarNanos,
    int cwndBytes,
    int ssthreshBytes,
    int sndWndBytes,
    int rcvWndBytes,
    int unackedBytes,
    int unsentBytes,
    int unreadBytes,
    int sackedBytes,
    int lostBytes,
    long retransmits,
    int smssBytes,
    int pmtuBytes,
    boolean windowScaling,
    int sndWndShift,
    int rcvWndShift,
    boolean timestamps,
    boolean sackPermitted,
    String congestionControl,
    String congestionState,
    boolean reorderingSeen) {

  /**
   * Describes a connection of which nothing else is known or kept, as in TIME-WAIT.
   *
   * @param tuple addresses and ports
   * @param state the state
   * @return a snapshot whose numbers are 0
   */
  public static TcpInfo of(FourTuple tuple, TcpState state) {
    return new TcpInfo(
        tuple, state, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, 0, 0, false, false, "",
        "", false);
  }
}
