package io.tunstack.wire;

/**
 * What names a connection: two addresses and two ports (RFC 9293 §3.3.1's pair of sockets).
 *
 * @param local our address
 * @param localPort our port, 0 to 65,535
 * @param remote the peer's address
 * @param remotePort the peer's port, 0 to 65,535
 */
public record FourTuple(IpAddress local, int localPort, IpAddress remote, int remotePort) {
  @Override
  public String toString() {
    return local + ":" + localPort + " - " + remote + ":" + remotePort;
  }
}
