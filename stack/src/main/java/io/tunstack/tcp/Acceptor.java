package io.tunstack.tcp;

/** Who takes the connections of a listener. */
@FunctionalInterface
public interface Acceptor {
  /**
   * Takes a connection whose handshake is complete. Called on the engine thread, before {@link
   * ConnectionHandler#onConnected}.
   *
   * @param connection the new connection
   * @return who hears of it from now on
   */
  ConnectionHandler accept(TcpConnection connection);
}
