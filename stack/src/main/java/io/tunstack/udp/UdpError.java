package io.tunstack.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;

/**
 * An ICMP error about a datagram that was sent (RFC 1122 §4.1.3.3). It comes from the network:
 * whoever can guess both ports can forge it.
 *
 * @param type 3 (unreachable), 11 (time exceeded) or 12 (parameter problem)
 * @param code what it means in that type, 0 to 255
 * @param destination where the datagram was sent to
 */
public record UdpError(int type, int code, InetSocketAddress destination) {
  private static final int UNREACHABLE = 3;
  private static final int TIME_EXCEEDED = 11;
  private static final int PORT = 3;
  private static final int PROTOCOL = 2;
  private static final int TOO_BIG = 4;

  /**
   * Says it as Java's own sockets would.
   *
   * @return a new exception with a message for people
   */
  public IOException toException() {
    if (type == UNREACHABLE && code == PORT) {
      return new PortUnreachableException("nobody listens at " + destination);
    }
    if (type == UNREACHABLE && code == PROTOCOL) {
      return new ProtocolException(destination + " does not speak UDP");
    }
    if (type == UNREACHABLE && code == TOO_BIG) {
      return new IOException("the way to " + destination + " does not carry datagrams so large");
    }
    if (type == UNREACHABLE) {
      return new NoRouteToHostException(destination + " is unreachable (code " + code + ")");
    }
    return new IOException(
        type == TIME_EXCEEDED
            ? "the datagram to " + destination + " was too long on its way"
            : "the datagram to " + destination + " had a header that somebody did not understand");
  }
}
