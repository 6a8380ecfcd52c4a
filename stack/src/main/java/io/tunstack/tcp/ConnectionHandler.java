package io.tunstack.tcp;

/**
 * What the layer above hears of a connection. Called from the ready list on the engine thread,
 * never within a call on the connection; an exception resets the connection.
 */
public interface ConnectionHandler {
  /**
   * The connection is established.
   *
   * @param connection which
   */
  void onConnected(TcpConnection connection);

  /**
   * Bytes or the peer's FIN wait to be read.
   *
   * @param connection which
   */
  void onReadable(TcpConnection connection);

  /**
   * The send queue has drained below half after it refused bytes.
   *
   * @param connection which
   */
  void onWritable(TcpConnection connection);

  /**
   * The peer has announced urgent data, or more of it (RFC 9293 §3.8.5); it is read in line with
   * the rest. By default nobody cares, as RFC 6093 advises.
   *
   * @param connection which; {@link TcpConnection#urgentRemaining} tells how far it goes
   */
  default void onUrgent(TcpConnection connection) {}

  /**
   * What is sent may not arrive: ICMP said so, or it had to be sent again three times (RFC 9293
   * §3.8.3's R1, §3.9.1.8). The connection goes on. By default nobody cares.
   *
   * @param connection which
   * @param reason what it may come to; {@link CloseReason#TIMED_OUT} for R1
   */
  default void onSoftError(TcpConnection connection, CloseReason reason) {}

  /**
   * Everything that was written, and the FIN behind it, has been acknowledged.
   *
   * @param connection which
   */
  void onFlushed(TcpConnection connection);

  /**
   * The connection has ended; the last call.
   *
   * @param connection which
   * @param reason how
   */
  void onClosed(TcpConnection connection, CloseReason reason);
}
