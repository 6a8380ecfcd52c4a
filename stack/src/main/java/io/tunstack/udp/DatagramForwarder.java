package io.tunstack.udp;

/** Who takes datagrams that no endpoint takes, whatever host they are meant for. */
@FunctionalInterface
public interface DatagramForwarder {
  /**
   * A datagram has come. Called at the end of a batch on the engine thread.
   *
   * @param datagram may be kept, and answered later
   */
  void onDatagram(ForwardedDatagram datagram);
}
