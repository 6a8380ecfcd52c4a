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
   * The connection has ended; the last call.
   *
   * @param connection which
   * @param reason how
   */
  void onClosed(TcpConnection connection, CloseReason reason);
}
