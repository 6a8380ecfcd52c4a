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
 * @param unackedBytes bytes sent and not acknowledged
 * @param unsentBytes bytes queued and not sent
 * @param unreadBytes bytes received in order and not read
 * @param retransmits segments retransmitted since the beginning
 * @param smssBytes the largest segment we send, bytes of payload without options
 * @param windowScaling whether both sides agreed on RFC 7323 window scaling
 * @param timestamps whether both sides agreed on RFC 7323 timestamps
 * @param sackPermitted whether the peer accepts SACK blocks
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
    long retransmits,
    int smssBytes,
    boolean windowScaling,
    boolean timestamps,
    boolean sackPermitted) {}
