package io.tunstack.sim;

import io.tunstack.engine.Stack;
import io.tunstack.ip.Ipv4Subnet;
import io.tunstack.link.Link;
import io.tunstack.net.Sockets;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IpAddress;
import java.time.Duration;
import java.util.SplittableRandom;

/** A host of a simulation: a stack with an address on the simulated network. */
public final class SimulatedHost {
  private final Stack stack;
  private final Sockets sockets;
  private final HostLink link;
  private final IpAddress address;
  private final VirtualClock clock;
  private final long aheadNanos;

  /** When it wants to be polled although nothing arrives, by the simulation's clock. */
  private long wakeAt;

  private SimulatedHost(Builder builder, Simulation simulation) {
    clock = simulation.clock();
    address = builder.subnet.address();
    aheadNanos = builder.clockAhead.toNanos();
    link = new HostLink(simulation, builder.mtu);
    link.attach(this);
    stack =
        Stack.builder(link, () -> clock.nanos() + aheadNanos)
            .address(builder.subnet.toString())
            .tcp(builder.tcp)
            .random(new SplittableRandom(simulation.seed() ^ builder.secret)::nextLong)
            .build();
    sockets = Sockets.on(stack);
    wakeAt = clock.nanos();
  }

  /**
   * Returns the stack. The simulation drives it; do not.
   *
   * @return live
   */
  public Stack stack() {
    return stack;
  }

  /**
   * Returns the sockets: what an application on this host uses.
   *
   * @return live
   */
  public Sockets sockets() {
    return sockets;
  }

  /**
   * Returns the address.
   *
   * @return an IPv4 address
   */
  public IpAddress address() {
    return address;
  }

  HostLink link() {
    return link;
  }

  /** When something happens here next, by the simulation's clock. */
  long nextEvent() {
    return Math.min(wakeAt, link.nextDue());
  }

  void poll() {
    long next = stack.poll(clock.nanos() + aheadNanos);
    wakeAt = next == Link.NEVER ? Link.NEVER : next - aheadNanos;
  }

  /** An instant of the simulation's clock by this host's. */
  long toHostTime(long instant) {
    return instant == Link.NEVER ? Link.NEVER : instant + aheadNanos;
  }

  @Override
  public String toString() {
    return address.toString();
  }

  /** Describes a host; everything but the address has a default. */
  public static final class Builder {
    /** Ethernet's, and what TUN devices are given by default. */
    private static final int DEFAULT_MTU = 1500;

    /** RFC 791 §3.2. */
    private static final int MIN_MTU = 68;

    private static final int MAX_MTU = 65_535;

    private final Simulation simulation;
    private final Ipv4Subnet subnet;
    private int mtu = DEFAULT_MTU;
    private TcpConfig tcp = TcpConfig.DEFAULT;
    private Duration clockAhead = Duration.ZERO;
    private long secret;

    Builder(Simulation simulation, String addressAndPrefix) {
      this.simulation = simulation;
      this.subnet = Ipv4Subnet.parse(addressAndPrefix);
      this.secret = Integer.toUnsignedLong(subnet.address().bits());
    }

    /**
     * Sets the MTU.
     *
     * @param bytes 68 to 65,535
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder mtu(int bytes) {
      if (bytes < MIN_MTU || bytes > MAX_MTU) {
        throw new IllegalArgumentException(
            "mtu is " + bytes + "; use " + MIN_MTU + " to " + MAX_MTU);
      }
      mtu = bytes;
      return this;
    }

    /**
     * Sets TCP's knobs.
     *
     * @param config the knobs
     * @return this builder
     */
    public Builder tcp(TcpConfig config) {
      tcp = config;
      return this;
    }

    /**
     * Lets the host's clock run ahead of the simulation's: real hosts do not agree on the time
     * either. Initial sequence numbers go with the clock (RFC 6528), a step every 4 µs, so this is
     * also how a test moves them to where it wants them.
     *
     * @param by zero or more
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder clockAhead(Duration by) {
      if (by.isNegative()) {
        throw new IllegalArgumentException("a clock cannot be " + by + " ahead; use zero or more");
      }
      clockAhead = by;
      return this;
    }

    /**
     * Starts the host.
     *
     * @return the host, attached to the network
     * @throws IllegalArgumentException if another host has the address
     */
    public SimulatedHost start() {
      SimulatedHost host = new SimulatedHost(this, simulation);
      simulation.attach(host);
      return host;
    }
  }
}
