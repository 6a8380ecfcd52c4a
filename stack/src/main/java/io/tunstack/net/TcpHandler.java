package io.tunstack.net;

import io.tunstack.tcp.CloseReason;

/**
 * What an application does with a connection. Calls come on the engine thread, one after another,
 * never from within a call of the application's own; calling the socket from here is what they are
 * for.
 *
 * <p>An exception that escapes resets this connection, is counted and logged, and harms nobody
 * else.
 */
public interface TcpHandler {
  /**
   * The handshake is complete. Comes first, and for accepted connections too.
   *
   * @param socket the connection
   */
  default void onConnected(TcpSocket socket) {}

  /**
   * Bytes, or the peer's FIN, wait to be read. It comes again when more arrives, not while old
   * bytes are left: read until 0 or -1, or remember to come back.
   *
   * @param socket the connection
   */
  void onReadable(TcpSocket socket);

  /**
   * The send buffer, having refused bytes, has drained below its low-water mark.
   *
   * @param socket the connection
   */
  default void onWritable(TcpSocket socket) {}

  /**
   * The peer has announced urgent data, or more of it (RFC 9293 §3.8.5). It is read in line with
   * the rest; {@link TcpSocket#urgentRemaining} tells how far it goes.
   *
   * @param socket the connection
   */
  default void onUrgent(TcpSocket socket) {}

  /**
   * What was sent may not arrive: a router said so, or it had to be sent again three times (RFC
   * 9293 §3.9.1.8). The connection goes on trying.
   *
   * @param socket the connection
   * @param reason what it may come to
   */
  default void onSoftError(TcpSocket socket, CloseReason reason) {}

  /**
   * Everything that was written, and the FIN behind it, has been acknowledged: the peer's stack has
   * it all. Comes after {@link TcpSocket#shutdownOutput} or {@link TcpSocket#close}, unless the
   * connection ends in the same moment.
   *
   * @param socket the connection
   */
  default void onFlushed(TcpSocket socket) {}

  /**
   * The connection has ended; nothing follows. After an orderly close it comes when both FINs are
   * acknowledged and the application has read the end (or closed): TIME-WAIT goes on without it.
   *
   * @param socket the connection
   * @param reason how it ended
   */
  default void onClosed(TcpSocket socket, CloseReason reason) {}
}
