package io.tunstack.udp;

/** Who hears of what arrives at an endpoint. Called on the engine thread, after each batch. */
public interface EndpointHandler {
  /** Something new waits; it stays there until it is taken. */
  void onReadable();

  /**
   * A datagram that was sent did not get through.
   *
   * @param error what a router or the peer says about it
   */
  void onError(UdpError error);
}
