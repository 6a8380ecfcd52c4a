package io.tunstack.net;

import io.tunstack.wire.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The JDK's addresses and ours. */
final class Addresses {
  private Addresses() {}

  /**
   * Takes the address out.
   *
   * @throws IllegalArgumentException if it is unresolved or IPv6
   */
  static IpAddress ipv4(InetSocketAddress from) {
    InetAddress address = from.getAddress();
    if (address == null) {
      throw new IllegalArgumentException(
          "the name " + from.getHostString() + " is not resolved; resolve it first");
    }
    return IpAddress.of(address);
  }

  static InetSocketAddress socketAddress(IpAddress address, int port) {
    return new InetSocketAddress(address.toInetAddress(), port);
  }
}
