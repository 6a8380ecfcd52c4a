package io.tunstack.net;

import java.net.InetSocketAddress;

/** A port that accepts connections. Engine thread only. */
public interface TcpListener {
  /**
   * Returns where it listens.
   *
   * @return address and port
   */
  InetSocketAddress localAddress();

  /** Stops accepting; connections already accepted live on, half-open ones are dropped. */
  void close();
}
