package io.tunstack.tools;

import io.tunstack.ip.Ipv4Config;
import io.tunstack.ip.Ipv4Subnet;
import io.tunstack.tools.UpSettings.InvalidFlagException;
import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunException;
import io.tunstack.tun.TunException.Kind;
import io.tunstack.tun.TunLink;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A device for one command, beside whatever else there is.
 *
 * <p>Device {@code tunstack-getN} has the network {@code 10.77.N.0/24}. The kernel gives a name to
 * one process only, so two commands that start at the same moment end up with two networks.
 *
 * @param link closed by whoever drives it
 * @param ip our end
 */
record OwnDevice(TunLink link, Ipv4Config ip) {
  /** The device's name without its number. With three digits it is as long as a name can be. */
  static final String NAME = "tunstack-get";

  /** The networks begin with 10.77, and if none of those is free, with one of the next. */
  private static final int FIRST_NETWORK = 77;

  private static final int LAST_NETWORK = 92;
  private static final int LAST_NUMBER = 255;

  /** Nothing listens. */
  private static final int ANY_PORT = 80;

  /**
   * Makes it.
   *
   * @param name the device's; empty for one that is free
   * @param address ours, with the length of its network's prefix; empty for a free network, or for
   *     that of the named device if there is one already
   * @throws TunException if that cannot be
   * @throws InvalidFlagException if name or address make no sense
   */
  static OwnDevice open(String name, String address) {
    return open(name, address, TunLink::open);
  }

  static OwnDevice open(String name, String address, Function<TunConfig, TunLink> opener) {
    if (!name.isEmpty() && address.isEmpty()) {
      Optional<UpSettings> there = existing(name);
      if (there.isPresent()) {
        return open(there.get(), opener);
      }
    }
    TunException last = null;
    int lastNetwork = address.isEmpty() ? LAST_NETWORK : FIRST_NETWORK;
    for (int network = FIRST_NETWORK; network <= lastNetwork; network++) {
      for (int number = 1; number <= LAST_NUMBER; number++) {
        try {
          return open(settings(name, address, network, number), opener);
        } catch (TunException e) {
          if (!isWorthAnother(e.kind(), name.isEmpty(), address.isEmpty())) {
            throw e;
          }
          last = e;
        }
      }
    }
    throw last;
  }

  private static OwnDevice open(UpSettings settings, Function<TunConfig, TunLink> opener) {
    return new OwnDevice(opener.apply(settings.tun()), settings.ip());
  }

  private static UpSettings settings(String name, String address, int network, int number) {
    return UpSettings.of(
        name.isEmpty() ? NAME + number : name,
        address.isEmpty() ? "10." + network + "." + number + ".2/24" : address,
        "",
        TunConfig.DEFAULT_MTU,
        ANY_PORT);
  }

  private static boolean isWorthAnother(Kind kind, boolean anyName, boolean anyAddress) {
    return switch (kind) {
      case NAME_IN_USE, CONFIGURED_OTHERWISE -> anyName;
      case ADDRESS_IN_USE -> anyAddress;
      default -> false;
    };
  }

  /** What suits a device that is there and has an address: somebody made it for us. */
  private static Optional<UpSettings> existing(String name) {
    try {
      NetworkInterface device = NetworkInterface.getByName(name);
      if (device == null) {
        return Optional.empty();
      }
      int mtu = device.getMTU();
      return device.getInterfaceAddresses().stream()
          .filter(assigned -> assigned.getAddress() instanceof Inet4Address)
          .findFirst()
          .map(
              assigned ->
                  beside(
                      name,
                      assigned.getAddress().getHostAddress(),
                      assigned.getNetworkPrefixLength(),
                      mtu));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernel's end has an address: ours is another one of its network. */
  static UpSettings beside(String name, String host, int prefixLength, int mtu) {
    Ipv4Subnet subnet = Ipv4Subnet.parse(host + "/" + prefixLength);
    String ours = UpSettings.firstOther(subnet) + "/" + prefixLength;
    return UpSettings.of(name, ours, host, mtu, ANY_PORT);
  }
}
