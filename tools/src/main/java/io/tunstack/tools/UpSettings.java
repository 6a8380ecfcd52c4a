package io.tunstack.tools;

import io.tunstack.ip.Ipv4Config;
import io.tunstack.ip.Ipv4Subnet;
import io.tunstack.tun.TunConfig;
import io.tunstack.wire.IpAddress;
import java.io.Serial;
import java.util.function.Supplier;

/**
 * What {@code up} was asked for, checked.
 *
 * @param tun the device and the kernel's end
 * @param ip our end
 * @param httpPort where the HTTP server listens
 */
record UpSettings(TunConfig tun, Ipv4Config ip, int httpPort) {
  private static final int MAX_PORT = 65_535;

  /** The longest prefix whose first and last address are not for hosts (RFC 3021 §2.1). */
  private static final int LONGEST_WITH_BROADCAST = 30;

  /** A flag's value that will not do; the message says what would. */
  static final class InvalidFlagException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1L;

    InvalidFlagException(String flag, String message, Throwable cause) {
      super(flag + ": " + message, cause);
    }
  }

  /**
   * Checks the flags of {@code up}.
   *
   * @param hostAddress may be empty: then it is the network's first address that is not ours
   * @throws InvalidFlagException naming the flag, and saying what to type instead
   */
  static UpSettings of(String tun, String address, String hostAddress, int mtu, int httpPort) {
    TunConfig device =
        checked("--tun", () -> TunConfig.builder().name(requireNoSlash(tun)).build());
    Ipv4Subnet subnet = checked("--address", () -> Ipv4Subnet.parse(address));
    Ipv4Config ip = checked("--address", () -> Ipv4Config.of(address));
    checked(
        "--address",
        () -> TunConfig.builder().hostAddress(subnet.address(), subnet.prefixLength()).build());
    IpAddress host =
        hostAddress.isEmpty()
            ? firstOther(subnet)
            : checked("--host-address", () -> hostIn(subnet, hostAddress));
    checked("--mtu", () -> TunConfig.builder().mtu(mtu).build());
    if (httpPort < 1 || httpPort > MAX_PORT) {
      throw new InvalidFlagException(
          "--http", "a port from 1 to 65535 is needed, as in --http 8080; got " + httpPort, null);
    }
    return new UpSettings(
        new TunConfig(device.name(), host, subnet.prefixLength(), mtu, true), ip, httpPort);
  }

  /** Returns the same for packets as a wire carries them: what a capture at the device wants. */
  UpSettings withoutOffload() {
    TunConfig plain =
        new TunConfig(tun.name(), tun.hostAddress(), tun.prefixLength(), tun.mtu(), false);
    return new UpSettings(plain, ip, httpPort);
  }

  /** Returns our own address. */
  IpAddress address() {
    return ip.subnets().get(0).address();
  }

  /** The kernel allows no slash, and a path is what people mistake the name for. */
  private static String requireNoSlash(String name) {
    if (name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "not a device name: '" + name + "'; a name, not a path, is needed, as in tunstack0");
    }
    return name;
  }

  private static IpAddress hostIn(Ipv4Subnet subnet, String text) {
    IpAddress host = IpAddress.parse(text);
    if (host.equals(subnet.address())) {
      throw new IllegalArgumentException(
          text
              + " is the stack's own address; the kernel's end needs another one, "
              + such(subnet));
    }
    if (!subnet.contains(host.bits())) {
      throw new IllegalArgumentException(
          text + " is not in the network of " + subnet + "; use one of it, " + such(subnet));
    }
    if (subnet.isBroadcast(host.bits())) {
      throw new IllegalArgumentException(
          text + " is the network's own or broadcast address; use another one, " + such(subnet));
    }
    return host;
  }

  private static String such(Ipv4Subnet subnet) {
    return "such as " + firstOther(subnet);
  }

  /** The network's first host address, or the second where the first is ours. */
  static IpAddress firstOther(Ipv4Subnet subnet) {
    int network = subnet.address().bits() & subnet.mask();
    int first = subnet.prefixLength() <= LONGEST_WITH_BROADCAST ? network + 1 : network;
    return new IpAddress(first == subnet.address().bits() ? first + 1 : first);
  }

  private static <T> T checked(String flag, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidFlagException(flag, e.getMessage(), e);
    }
  }
}
