package io.tunstack.net;

import java.net.InetSocketAddress;

/**
 * A connection that somebody wants to whatever host, on a stack that stands in for it. Engine
 * thread only.
 *
 * <p>One of {@link #accept}, {@link #reject}, {@link #unreachable} and {@link #ignore} decides it,
 * in the callback or later: a proxy can first find out whether it reaches the host itself. Until
 * then the peer waits and repeats its SYN, of which nothing is heard here. When that has taken
 * {@link io.tunstack.tcp.TcpConfig#synAckTimeout}, or the peer gives up, {@link #isPending} is
 * false.
 */
public interface TcpRequest {
  /**
   * Returns who asks.
   *
   * @return address and port
   */
  InetSocketAddress source();

  /**
   * Returns whom it was meant for.
   *
   * @return any host's address, and a port
   */
  InetSocketAddress destination();

  /**
   * Tells whether there is something to decide.
   *
   * @return false once it has been decided, the time is over, or the peer has given up
   */
  boolean isPending();

  /**
   * Accepts the connection in the destination's name.
   *
   * @param handler hears of it, first {@link TcpHandler#onConnected}, or {@link
   *     TcpHandler#onClosed} if the peer does not complete the handshake
   * @return the socket, not connected yet; its local address is {@link #destination}
   * @throws IllegalStateException if there is nothing to decide any more
   */
  TcpSocket accept(TcpHandler handler);

  /**
   * Refuses with a RST: the peer sees "Connection refused".
   *
   * @throws IllegalStateException if there is nothing to decide any more
   */
  void reject();

  /**
   * Refuses with an ICMP error from the destination's address, subject to the rate limit.
   *
   * @param why what the error says
   * @throws IllegalStateException if there is nothing to decide any more
   */
  void unreachable(Unreachable why);

  /**
   * Does not answer. The peer's next SYN is a new request.
   *
   * @throws IllegalStateException if there is nothing to decide any more
   */
  void ignore();
}
