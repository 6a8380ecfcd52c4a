/**
 * TCP (RFC 9293).
 *
 * <pre>
 *            Ipv4Datagram
 *                 |
 *               Tcp  ---- finds by 4-tuple ----  TupleTable: connections, TimeWait
 *              /  |                 or by port:  Listener
 *     Handshake   |              LISTEN and SYN-SENT; SynCookies when a listener is full
 *              \  |
 *          SegmentArrives        RFC 9293 §3.10.7.4, step after step
 *            |         |
 *        Receiver    Sender      each owns its half of the sequence space
 *            |         |
 *   ReceiveQueue,   SendQueue, Scoreboard, LossRecovery, RttEstimator, CongestionWindow
 *   ReceiveTuning      |                    |
 *                      |      LossDetector (RACK, duplicates), CongestionControl, rate reduction
 *                      |
 *                SegmentWriter   header, options (CoarseTimestamps if the path reorders), checksum
 *                      |
 *                    Ipv4
 * </pre>
 *
 * <p>A {@link io.tunstack.tcp.TcpConnection} is the transmission control block: its state and its
 * two halves. A segment that arrives changes variables and puts the connection on two lists: <em>
 * ready</em>, when the application has something to hear, and <em>owing output</em>, when it may
 * have something to send. The engine empties both at the end of each batch ({@link
 * io.tunstack.tcp.Tcp#runCallbacks} and {@link io.tunstack.tcp.Tcp#flushOutput}), so that an
 * acknowledgment, new data and a FIN that belong together leave in one segment.
 *
 * <p>A congestion window that is not used does not grow: {@code CongestionWindow} remembers for a
 * round trip whether it was full, and {@code WindowValidation} for three how much of it came back
 * (RFC 7661's pipeACK). One of which less than half is used counts for no more than was in use when
 * it has to be reduced, and is halved every five minutes. That is for those who send little; after
 * a pause longer than a time-out it begins anew (RFC 5681 §4.1), with slow start up to three
 * quarters of what it was, unless {@link io.tunstack.tcp.TcpConfig#slowStartAfterIdle} says
 * otherwise.
 *
 * <p>Sequence numbers are compared by {@link io.tunstack.wire.Seq} only. The window scale is
 * applied where a segment is read ({@code Segment}) and written ({@code SegmentWriter}), and
 * nowhere else. Nothing here reads a clock or starts a thread. This package knows ip, wire, time,
 * memory and stats, and nothing of sockets.
 */
package io.tunstack.tcp;
