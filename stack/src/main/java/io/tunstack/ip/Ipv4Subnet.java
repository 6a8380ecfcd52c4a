package io.tunstack.ip;

import io.tunstack.wire.IpAddress;

/**
 * An address of this host together with the network it stands in.
 *
 * @param address the host's own address, not the network's
 * @param prefixLength bits that name the network, 0 to 32
 */
public record Ipv4Subnet(IpAddress address, int prefixLength) {
  private static final int BITS = 32;

  /** The longest prefix that leaves a network with a broadcast address (RFC 3021 §2.1). */
  private static final int LONGEST_WITH_BROADCAST = 30;

  /**
   * Checks the range.
   *
   * @param address the host's own
   * @param prefixLength 0 to 32
   * @throws IllegalArgumentException if the prefix length is not between 0 and 32
   */
  public Ipv4Subnet {
    if (prefixLength < 0 || prefixLength > BITS) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + " is not between 0 and " + BITS);
    }
  }

  /**
   * Reads an address and a prefix length.
   *
   * @param text such as {@code 10.77.0.2/24}
   * @return the subnet
   * @throws IllegalArgumentException if it is anything else
   */
  public static Ipv4Subnet parse(String text) {
    int slash = text.indexOf('/');
    String prefix = slash < 0 ? "" : text.substring(slash + 1);
    if (!prefix.matches("[0-9]|[12][0-9]|3[0-2]")) {
      throw new IllegalArgumentException(
          "not an address with a prefix length: '"
              + text
              + "'; write an address and the bits of its network, as in 10.77.0.2/24");
    }
    return new Ipv4Subnet(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(prefix));
  }

  /**
   * Returns the mask.
   *
   * @return one bits where the network is named, in network order
   */
  public int mask() {
    // A shift by 32 would shift by nothing.
    return prefixLength == 0 ? 0 : -1 << (BITS - prefixLength);
  }

  /**
   * Tells whether an address belongs to the network.
   *
   * @param bits in network order, as an int
   * @return true if so, for the broadcast address too
   */
  public boolean contains(int bits) {
    return ((bits ^ address.bits()) & mask()) == 0;
  }

  /**
   * Returns the network's broadcast address.
   *
   * @return all host bits one; for prefixes of 31 and 32 bits, which have none, the limited
   *     broadcast address 255.255.255.255
   */
  public IpAddress broadcast() {
    return new IpAddress(hasBroadcast() ? address.bits() | ~mask() : -1);
  }

  /**
   * Tells whether an address is a broadcast in this network: all host bits one, or all zero, which
   * hosts once used (RFC 1122 §3.3.6).
   *
   * @param bits in network order, as an int
   * @return true if so; false for every address when the prefix has 31 or 32 bits
   */
  public boolean isBroadcast(int bits) {
    int host = bits & ~mask();
    return hasBroadcast() && contains(bits) && (host == 0 || host == ~mask());
  }

  private boolean hasBroadcast() {
    return prefixLength <= LONGEST_WITH_BROADCAST;
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
