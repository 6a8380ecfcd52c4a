package io.tunstack.net;

import io.tunstack.udp.UdpError;

/**
 * What an application does when something happens to its {@link UdpSocket}. Called on the engine
 * thread, after each batch, and must not block it. What it throws closes the socket.
 */
@FunctionalInterface
public interface UdpHandler {
  /**
   * Datagrams wait. Comes when a new one arrives, not because an old one is left: receive until
   * there is none, or come back by yourself.
   *
   * @param socket where
   */
  void onReadable(UdpSocket socket);

  /**
   * A datagram that was sent did not get through. By default nothing happens: datagrams may be
   * lost.
   *
   * @param socket which sent it
   * @param error what a router or the peer says; forged at times
   */
  default void onError(UdpSocket socket, UdpError error) {}
}
