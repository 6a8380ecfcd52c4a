package io.tunstack.tun;

import io.tunstack.wire.IpAddress;
import java.util.regex.Pattern;

/**
 * What the device should be like. The address is the kernel's end; ours is any other address of the
 * same network, and the device does not know it.
 *
 * @param name of the network interface, 1 to 15 characters
 * @param hostAddress the kernel's end
 * @param prefixLength of the network behind the device, bits, {@value #MIN_PREFIX_LENGTH} to
 *     {@value #MAX_PREFIX_LENGTH}
 * @param mtu bytes, {@value #MIN_MTU} to {@value #MAX_MTU}
 * @param offload whether to ask for packets of up to 64 KiB with partial checksums; a kernel that
 *     does not offer it is no error ({@link TunInfo#offload})
 */
public record TunConfig(
    String name, IpAddress hostAddress, int prefixLength, int mtu, boolean offload) {
  /** The name when none is given. */
  public static final String DEFAULT_NAME = "tunstack0";

  /** The kernel's end when no address is given. */
  public static final IpAddress DEFAULT_HOST_ADDRESS = IpAddress.parse("10.77.0.1");

  /** The prefix length when none is given, bits. */
  public static final int DEFAULT_PREFIX_LENGTH = 24;

  /** The MTU when none is given, bytes: that of Ethernet. */
  public static final int DEFAULT_MTU = 1500;

  /** The smallest MTU, bytes: what every host must carry (RFC 791 §3.2), and what Linux accepts. */
  public static final int MIN_MTU = 68;

  /** The largest MTU, bytes: what Linux accepts for a TUN device. */
  public static final int MAX_MTU = 65_535;

  /** The shortest prefix, bits; anything shorter is more than any one organisation was given. */
  public static final int MIN_PREFIX_LENGTH = 8;

  /** The longest prefix, bits: two addresses, one for each end (RFC 3021). */
  public static final int MAX_PREFIX_LENGTH = 31;

  /**
   * Packets that the kernel keeps for us at most. With the usual 500, an upload under a window of 4
   * MB overruns the queue over and over and falls to 0.5 Gbit/s; with 10,000 it reaches 6.
   */
  public static final int TX_QUEUE_LENGTH = 10_000;

  /** IFNAMSIZ without the zero at the end. */
  private static final int MAX_NAME_LENGTH = 15;

  /** What the kernel allows, without '%' (a template there) and what a shell would need quoted. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@+-]+");

  /**
   * Checks the values.
   *
   * @param name of the network interface
   * @param hostAddress the kernel's end
   * @param prefixLength of the network behind the device, bits
   * @param mtu bytes
   * @param offload whether to ask for it
   * @throws IllegalArgumentException if one is out of range; the message says what would do
   */
  public TunConfig {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "a device name has 1 to 15 characters; '" + name + "' has " + name.length());
    }
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          "not a device name: '" + name + "'; use letters, digits, '_', '-' and '.', as in tun0");
    }
    if (prefixLength < MIN_PREFIX_LENGTH || prefixLength > MAX_PREFIX_LENGTH) {
      throw new IllegalArgumentException(
          "a prefix length from 8 to 31 is needed, as in 10.77.0.2/24; got /" + prefixLength);
    }
    if (mtu < MIN_MTU || mtu > MAX_MTU) {
      throw new IllegalArgumentException("an MTU from 68 to 65535 is needed; got " + mtu);
    }
  }

  /**
   * Starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the values; what is not given has its default. */
  public static final class Builder {
    private String name = DEFAULT_NAME;
    private IpAddress hostAddress = DEFAULT_HOST_ADDRESS;
    private int prefixLength = DEFAULT_PREFIX_LENGTH;
    private int mtu = DEFAULT_MTU;
    private boolean offload;

    private Builder() {}

    /**
     * Sets the name of the network interface.
     *
     * @param value 1 to 15 characters
     * @return this builder
     */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /**
     * Sets the kernel's end.
     *
     * @param address the kernel's own address
     * @param prefix of the network behind the device, bits
     * @return this builder
     */
    public Builder hostAddress(IpAddress address, int prefix) {
      hostAddress = address;
      prefixLength = prefix;
      return this;
    }

    /**
     * Sets the largest packet.
     *
     * @param value bytes
     * @return this builder
     */
    public Builder mtu(int value) {
      mtu = value;
      return this;
    }

    /**
     * Asks for offload: packets of up to 64 KiB with partial checksums, both ways. Off by default,
     * because whoever reads the packets has to know of it.
     *
     * @param wanted whether to ask for it
     * @return this builder
     */
    public Builder offload(boolean wanted) {
      offload = wanted;
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @return the values, checked
     * @throws IllegalArgumentException if one is out of range
     */
    public TunConfig build() {
      return new TunConfig(name, hostAddress, prefixLength, mtu, offload);
    }
  }
}
