package io.tunstack.ip;

import io.tunstack.wire.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the IP layer may be told. The constants are the defaults, each with its reason.
 *
 * @param subnets this host's addresses, one or more; the first is used when none is nearer
 * @param timeToLive of every datagram sent, 1 to 255
 * @param reassemblyTimeout how long a datagram waits for its missing fragments; RFC 1122 §3.3.2
 *     wants 60 to 120 seconds
 * @param reassemblyDatagrams incomplete datagrams at most, 1 or more
 * @param reassemblyFragments fragments of one datagram at most, 1 to 8,192
 * @param reassemblyBytes memory that all incomplete datagrams take at most, bookkeeping included; 1
 *     MiB or more, so that a single datagram always fits
 * @param icmpErrorsPerSecond ICMP errors sent in the long run, 1 to 1,000,000; a fifth to one host
 * @param icmpErrorBurst ICMP errors sent at once, 1 to 10,000; two fifths to one host
 * @param icmpErrorBytes length of an ICMP error at most, its IPv4 header included, 128 to 576
 */
public record Ipv4Config(
    List<Ipv4Subnet> subnets,
    int timeToLive,
    Duration reassemblyTimeout,
    int reassemblyDatagrams,
    int reassemblyFragments,
    int reassemblyBytes,
    int icmpErrorsPerSecond,
    int icmpErrorBurst,
    int icmpErrorBytes) {
  /** RFC 1122 §3.2.1.7 wants it large enough for the Internet; 64 is RFC 1700's number. */
  public static final int DEFAULT_TIME_TO_LIVE = 64;

  /**
   * The shortest that RFC 1122 §3.3.2 recommends: the less an incomplete datagram is kept, the less
   * a flood of them can do.
   */
  public static final Duration DEFAULT_REASSEMBLY_TIMEOUT = Duration.ofMinutes(1);

  /** A peer has a handful under way; the rest is room for loss and for other people's junk. */
  public static final int DEFAULT_REASSEMBLY_DATAGRAMS = 1024;

  /** 65,515 bytes over the smallest MTU, 68 with its 48 bytes of payload, make 1,365 fragments. */
  public static final int DEFAULT_REASSEMBLY_FRAGMENTS = 2048;

  /** Some sixty datagrams of the largest size; Linux's figure. */
  public static final int DEFAULT_REASSEMBLY_BYTES = 4 << 20;

  /** Enough for people with traceroute and for resolvers, and useless as an amplifier. */
  public static final int DEFAULT_ICMP_ERRORS_PER_SECOND = 100;

  /** A scanner's or a resolver's burst; Linux's figure. */
  public static final int DEFAULT_ICMP_ERROR_BURST = 50;

  /** RFC 1812 §4.3.2.3: as much of the datagram as fits in 576 bytes. */
  public static final int DEFAULT_ICMP_ERROR_BYTES = 576;

  private static final int MAX_FRAGMENTS = 8192;
  private static final int MIN_REASSEMBLY_BYTES = 1 << 20;
  // The longest header, ICMP's own in front of the longest quoted header, and 8 bytes behind it.
  private static final int MIN_ICMP_ERROR_BYTES = 128;

  /**
   * Checks every value; {@link #builder()} is easier to read.
   *
   * @param subnets one or more
   * @param timeToLive 1 to 255
   * @param reassemblyTimeout above 0, up to 255 seconds
   * @param reassemblyDatagrams 1 or more
   * @param reassemblyFragments 1 to 8,192
   * @param reassemblyBytes 1 MiB or more
   * @param icmpErrorsPerSecond 1 to 1,000,000
   * @param icmpErrorBurst 1 to 10,000
   * @param icmpErrorBytes 128 to 576
   * @throws IllegalArgumentException naming the value that is out of range
   */
  public Ipv4Config {
    subnets = List.copyOf(subnets);
    if (subnets.isEmpty()) {
      throw new IllegalArgumentException("an IPv4 host needs an address; none was given");
    }
    for (Ipv4Subnet subnet : subnets) {
      int bits = subnet.address().bits();
      if (!AddressRanges.isUnicast(bits) || subnet.isBroadcast(bits)) {
        throw new IllegalArgumentException(
            subnet
                + " cannot be a host's address: it is reserved, loopback, multicast, or its"
                + " network's own or broadcast address; use one such as 10.77.0.2/24");
      }
    }
    requireRange("timeToLive", timeToLive, 1, 255);
    if (reassemblyTimeout.isNegative()
        || reassemblyTimeout.isZero()
        || reassemblyTimeout.compareTo(Duration.ofSeconds(255)) > 0) {
      throw new IllegalArgumentException(
          "reassemblyTimeout " + reassemblyTimeout + " is not above 0 and up to 255 seconds");
    }
    requireRange("reassemblyDatagrams", reassemblyDatagrams, 1, Integer.MAX_VALUE);
    requireRange("reassemblyFragments", reassemblyFragments, 1, MAX_FRAGMENTS);
    requireRange("reassemblyBytes", reassemblyBytes, MIN_REASSEMBLY_BYTES, Integer.MAX_VALUE);
    requireRange("icmpErrorsPerSecond", icmpErrorsPerSecond, 1, 1_000_000);
    requireRange("icmpErrorBurst", icmpErrorBurst, 1, 10_000);
    requireRange("icmpErrorBytes", icmpErrorBytes, MIN_ICMP_ERROR_BYTES, DEFAULT_ICMP_ERROR_BYTES);
  }

  /**
   * Makes a configuration with one address and the defaults.
   *
   * @param subnet such as {@code 10.77.0.2/24}
   * @return the configuration
   * @throws IllegalArgumentException if it is not an address with a prefix length, or not a host's
   */
  public static Ipv4Config of(String subnet) {
    return builder().address(subnet).build();
  }

  /**
   * Starts a configuration with the defaults and no address.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private static void requireRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " " + value + " is not between " + min + " and " + max);
    }
  }

  /** Collects the values of a configuration; not thread-safe. */
  public static final class Builder {
    private final List<Ipv4Subnet> subnets = new ArrayList<>();
    private int timeToLive = DEFAULT_TIME_TO_LIVE;
    private Duration reassemblyTimeout = DEFAULT_REASSEMBLY_TIMEOUT;
    private int reassemblyDatagrams = DEFAULT_REASSEMBLY_DATAGRAMS;
    private int reassemblyFragments = DEFAULT_REASSEMBLY_FRAGMENTS;
    private int reassemblyBytes = DEFAULT_REASSEMBLY_BYTES;
    private int icmpErrorsPerSecond = DEFAULT_ICMP_ERRORS_PER_SECOND;
    private int icmpErrorBurst = DEFAULT_ICMP_ERROR_BURST;
    private int icmpErrorBytes = DEFAULT_ICMP_ERROR_BYTES;

    private Builder() {}

    /**
     * Adds an address.
     *
     * @param subnet the address and its network
     * @return this
     */
    public Builder address(Ipv4Subnet subnet) {
      subnets.add(subnet);
      return this;
    }

    /**
     * Adds an address.
     *
     * @param text such as {@code 10.77.0.2/24}
     * @return this
     * @throws IllegalArgumentException if it is anything else
     */
    public Builder address(String text) {
      return address(Ipv4Subnet.parse(text));
    }

    /**
     * Sets the time to live.
     *
     * @param hops 1 to 255
     * @return this
     */
    public Builder timeToLive(int hops) {
      timeToLive = hops;
      return this;
    }

    /**
     * Sets how long a datagram waits for its missing fragments.
     *
     * @param timeout above 0, up to 255 seconds
     * @return this
     */
    public Builder reassemblyTimeout(Duration timeout) {
      reassemblyTimeout = timeout;
      return this;
    }

    /**
     * Sets the caps on reassembly.
     *
     * @param datagrams incomplete ones at most
     * @param fragments of one datagram at most
     * @param bytes in all at most, bookkeeping included
     * @return this
     */
    public Builder reassemblyLimits(int datagrams, int fragments, int bytes) {
      reassemblyDatagrams = datagrams;
      reassemblyFragments = fragments;
      reassemblyBytes = bytes;
      return this;
    }

    /**
     * Sets the rate of ICMP errors.
     *
     * @param perSecond in the long run
     * @param burst at once
     * @return this
     */
    public Builder icmpErrorRate(int perSecond, int burst) {
      icmpErrorsPerSecond = perSecond;
      icmpErrorBurst = burst;
      return this;
    }

    /**
     * Sets the length of an ICMP error at most.
     *
     * @param bytes IPv4 header included, 128 to 576
     * @return this
     */
    public Builder icmpErrorBytes(int bytes) {
      icmpErrorBytes = bytes;
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @return a checked value
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public Ipv4Config build() {
      return new Ipv4Config(
          subnets,
          timeToLive,
          reassemblyTimeout,
          reassemblyDatagrams,
          reassemblyFragments,
          reassemblyBytes,
          icmpErrorsPerSecond,
          icmpErrorBurst,
          icmpErrorBytes);
    }
  }

  /**
   * Returns the address that is used when none is nearer.
   *
   * @return the first
   */
  public IpAddress primaryAddress() {
    return subnets.get(0).address();
  }
}
