package io.tunstack.sim;

import io.tunstack.link.Impairment;
import io.tunstack.tcp.TcpConfig;

/**
 * What a run starts from.
 *
 * @param seed of the simulation
 * @param delayMillis of each path
 * @param impairment of both paths, its delay aside
 * @param mtu of both hosts
 * @param clientBuffer send and receive buffer of the client, bytes
 * @param serverBuffer of the server
 * @param timestamps whether both use them
 * @param windowScaling whether both use it
 * @param sack whether both use it
 * @param serverClosesLast whether, in the end, the server waits for the client's FIN with its own
 * @param noDelay whether both switch Nagle's algorithm off
 * @param wrap the number that sequence numbers are about to cross: 0 for 2³², where they start
 *     again, or {@link Integer#MIN_VALUE} for 2³¹, where an {@code int} changes its sign and Java's
 *     own comparison goes wrong
 * @param clientBelowWrap how far below that the client's initial sequence number lies
 * @param serverBelowWrap the server's
 */
record Setup(
    long seed,
    int delayMillis,
    Impairment impairment,
    int mtu,
    int clientBuffer,
    int serverBuffer,
    boolean timestamps,
    boolean windowScaling,
    boolean sack,
    boolean serverClosesLast,
    boolean noDelay,
    int wrap,
    int clientBelowWrap,
    int serverBelowWrap) {

  TcpConfig config(Side side) {
    int buffer = side == Side.CLIENT ? clientBuffer : serverBuffer;
    return TcpConfig.DEFAULT
        .withBuffers(buffer, buffer)
        .withExtensions(timestamps, windowScaling, sack);
  }

  int initialSequence(Side side) {
    return wrap - (side == Side.CLIENT ? clientBelowWrap : serverBelowWrap);
  }
}
