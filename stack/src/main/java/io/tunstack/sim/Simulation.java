package io.tunstack.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Impairment;
import io.tunstack.link.Link;
import io.tunstack.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Hosts on a network that exists in memory, and time that passes only when nobody has anything to
 * do.
 *
 * <pre>{@code
 * try (Simulation simulation = new Simulation(42)) {
 *   simulation.setImpairment(Impairment.NONE.withDelay(ofMillis(10), ofMillis(2)).withLoss(0.01));
 *   SimulatedHost server = simulation.host("10.0.0.1/24").start();
 *   SimulatedHost client = simulation.host("10.0.0.2/24").start();
 *   server.sockets().listen(80, socket -> handler);
 *   client.sockets().connect(new InetSocketAddress("10.0.0.1", 80), otherHandler);
 *   simulation.runUntil(() -> done, Duration.ofMinutes(1));
 * }
 * }</pre>
 *
 * <p>A run is a function of the seed and of what its caller does: print the seed when a test fails,
 * and it fails again. Call sockets between the methods of this class as you like; what they cause
 * happens in the next call that lets time pass or settles. One thread.
 */
public final class Simulation implements AutoCloseable {
  /**
   * Turns of all hosts at one instant after which they are taken to answer each other for ever. A
   * thousand connections that each send a full window in one instant stay far below.
   */
  private static final int MAX_TURNS_PER_INSTANT = 1_000_000;

  /** Where the destination address lies in an IPv4 header. */
  private static final int DESTINATION_OFFSET = 16;

  /** FNV-1a's 64-bit prime and offset basis. */
  private static final long FNV_PRIME = 0x100000001b3L;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;

  private final long seed;
  private final VirtualClock clock = new VirtualClock();
  private final List<SimulatedHost> hosts = new ArrayList<>();
  private final Map<Integer, SimulatedHost> byAddress = new HashMap<>();
  private final Map<SimulatedHost, Map<SimulatedHost, SimulatedPath>> paths = new HashMap<>();
  private final SplittableRandom pathSeeds;
  private Impairment impairment = Impairment.NONE;
  private PacketTap tap = (passage, nanos, path, packet) -> {};
  private long fingerprint = FNV_BASIS;
  private long unroutable;

  /**
   * Makes an empty network at time zero.
   *
   * @param seed all that is random in the run follows from it
   */
  public Simulation(long seed) {
    this.seed = seed;
    this.pathSeeds = new SplittableRandom(seed);
  }

  /**
   * Returns the seed.
   *
   * @return as given
   */
  public long seed() {
    return seed;
  }

  /**
   * Returns the clock. Moving it by hand is legal; what was due on the way then happens late.
   *
   * @return the network's; a host's own may run ahead of it
   */
  public VirtualClock clock() {
    return clock;
  }

  /**
   * Describes a new host.
   *
   * @param addressAndPrefix such as {@code 10.0.0.1/24}
   * @return a builder; call {@link SimulatedHost.Builder#start}
   * @throws IllegalArgumentException if it is not an address and a prefix length
   */
  public SimulatedHost.Builder host(String addressAndPrefix) {
    return new SimulatedHost.Builder(this, addressAndPrefix);
  }

  void attach(SimulatedHost host) {
    if (byAddress.containsKey(host.address().bits())) {
      throw new IllegalArgumentException(
          "there is a host with the address " + host.address() + "; choose another");
    }
    paths.put(host, new HashMap<>());
    for (SimulatedHost other : hosts) {
      addPath(host, other);
      addPath(other, host);
    }
    hosts.add(host);
    byAddress.put(host.address().bits(), host);
  }

  private void addPath(SimulatedHost from, SimulatedHost to) {
    SimulatedPath path = new SimulatedPath(from, to, impairment, pathSeeds.nextLong());
    paths.get(from).put(to, path);
    to.link().addInbound(path);
  }

  /**
   * Finds the way from one host to another.
   *
   * @param from who sends
   * @param to who receives
   * @return the path
   * @throws IllegalArgumentException if both are the same, or not of this simulation
   */
  public SimulatedPath path(SimulatedHost from, SimulatedHost to) {
    Map<SimulatedHost, SimulatedPath> leaving = paths.get(from);
    SimulatedPath path = leaving == null ? null : leaving.get(to);
    if (path == null) {
      throw new IllegalArgumentException(
          "there is no path from " + from + " to " + to + " in this simulation");
    }
    return path;
  }

  /**
   * Changes what befalls packets on every path, present and future ones.
   *
   * @param newImpairment for packets that leave from now on
   */
  public void setImpairment(Impairment newImpairment) {
    impairment = newImpairment;
    for (Map<SimulatedHost, SimulatedPath> leaving : paths.values()) {
      leaving.values().forEach(path -> path.setImpairment(newImpairment));
    }
  }

  /**
   * Shows every packet to somebody.
   *
   * @param newTap replaces an earlier one
   */
  public void tap(PacketTap newTap) {
    tap = newTap;
  }

  // ---- packets -----------------------------------------------------------------------------

  void carry(SimulatedHost from, byte[] packet) {
    ByteBuf view = Unpooled.wrappedBuffer(packet);
    note(packet);
    SimulatedHost to = byAddress.get(view.getInt(DESTINATION_OFFSET));
    if (to == null || to == from) {
      unroutable++;
      return;
    }
    SimulatedPath path = path(from, to);
    byte[] copy = packet.clone();
    boolean arrives = path.line().offer(copy, clock.nanos());
    PacketTap.Passage passage = arrives ? PacketTap.Passage.SENT : PacketTap.Passage.LOST;
    tap.onPacket(passage, clock.nanos(), path, view);
  }

  void delivered(SimulatedPath path, ByteBuf packet) {
    tap.onPacket(PacketTap.Passage.DELIVERED, clock.nanos(), path, packet);
  }

  private void note(byte[] packet) {
    long hash = (fingerprint ^ clock.nanos()) * FNV_PRIME;
    for (byte b : packet) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    fingerprint = hash;
  }

  /**
   * Sums up every packet that any host sent so far, and when: two runs with the same fingerprint
   * were, but for an accident of 1 in 2⁶⁴, the same.
   *
   * @return 64 bits
   */
  public long fingerprint() {
    return fingerprint;
  }

  /**
   * Tells how many packets had a destination that no host has.
   *
   * @return packets, all lost
   */
  public long unroutable() {
    return unroutable;
  }

  // ---- time --------------------------------------------------------------------------------

  /**
   * Does all there is to do at the present instant: polls every host, and again whoever gets a
   * packet or has more to do, until nobody has.
   *
   * @return when something happens next, by {@link #clock}; {@link Link#NEVER} if nothing ever will
   *     unless somebody calls a socket
   * @throws IllegalStateException if hosts seem to answer each other for ever without time passing
   */
  public long settle() {
    hosts.forEach(SimulatedHost::poll);
    int turns = hosts.size();
    boolean moved = true;
    while (moved) {
      moved = false;
      for (SimulatedHost host : hosts) {
        if (host.nextEvent() <= clock.nanos()) {
          host.poll();
          moved = true;
          turns++;
        }
      }
      if (turns > MAX_TURNS_PER_INSTANT) {
        throw new IllegalStateException("time stands still in " + this);
      }
    }
    return nextEvent();
  }

  private long nextEvent() {
    long next = Link.NEVER;
    for (SimulatedHost host : hosts) {
      next = Math.min(next, host.nextEvent());
    }
    return next;
  }

  /**
   * Lets time pass.
   *
   * @param duration how much, zero or more
   */
  public void run(Duration duration) {
    runUntil(() -> false, duration);
  }

  /**
   * Lets time pass until something is true.
   *
   * @param done asked whenever everything at an instant has happened
   * @param limit how long at most
   * @return whether it came true; if not, the clock is at the limit
   */
  public boolean runUntil(BooleanSupplier done, Duration limit) {
    long end = clock.nanos() + limit.toNanos();
    while (true) {
      long next = settle();
      if (done.getAsBoolean()) {
        return true;
      }
      if (next > end) {
        clock.advanceTo(end);
        return false;
      }
      clock.advanceTo(next);
    }
  }

  /**
   * Lets time pass until no host waits for anything: no packet is under way and no timer armed.
   *
   * @param limit how long at most
   * @return whether it came to that; if not, the clock is at the limit
   */
  public boolean runUntilIdle(Duration limit) {
    return runUntil(() -> nextEvent() == Link.NEVER, limit);
  }

  /** Closes every stack: connections are reset, memory is given back. */
  @Override
  public void close() {
    hosts.forEach(host -> host.stack().close());
  }

  @Override
  public String toString() {
    return "simulation with seed " + seed + " at " + clock.nanos() + " ns";
  }
}
