package io.tunstack.link;

import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * One direction of an emulated path: packets wait at its bottleneck, and are then under way, each
 * until its time has come.
 *
 * <pre>
 *   offer(packet, now)
 *     |  fate: scripted, or f(seed, flow, packet's number in the flow)
 *     v
 *   [ queue ] --rate--&gt; lost | 1, 2 copies, perhaps with a wrong bit
 *                                v
 *                        [ by due time, then by number ] --&gt; poll(now)
 * </pre>
 *
 * <p>It does nothing by itself: it is given the time, and it makes no difference how often. Without
 * a bottleneck, what overtakes what follows from the fates alone: packets due at one instant keep
 * their order. Not thread-safe.
 */
public final class DelayLine {
  /**
   * Bytes on the line at most, with some overhead for each packet; what comes on top is lost and
   * counted. Enough for 10 Gbit/s over 300 ms, and small enough to be in memory.
   */
  public static final long MAX_HELD_BYTES = 1L << 30;

  private final long maxHeldBytes;
  private final LineCounts counts = new LineCounts();
  private final FlowTable flows;
  private final Transmitter transmitter = new Transmitter(counts);
  private final PriorityQueue<Parcel> wire = new PriorityQueue<>();
  private final Queue<Fate> script = new ArrayDeque<>();
  private LinkProfile profile = LinkProfile.NONE;
  private long delayNanos;
  private long jitterNanos;
  private boolean up = true;
  private long order;
  private long lastInOrder = Long.MIN_VALUE;

  /**
   * Makes an empty line without a bottleneck.
   *
   * @param impairment what befalls packets
   * @param seed with the packet's flow and number, decides its fate
   */
  public DelayLine(Impairment impairment, long seed) {
    this(LinkProfile.NONE.with(impairment), seed);
  }

  /**
   * Makes an empty line.
   *
   * @param profile rate, queue, and what befalls packets
   * @param seed with the packet's flow and number, decides its fate
   */
  public DelayLine(LinkProfile profile, long seed) {
    this(profile, seed, MAX_HELD_BYTES);
  }

  DelayLine(LinkProfile profile, long seed, long maxHeldBytes) {
    this.flows = new FlowTable(seed);
    this.maxHeldBytes = maxHeldBytes;
    setProfile(profile);
  }

  /**
   * Changes rate, queue and what befalls packets from now on; those under way are not affected,
   * those in the queue are.
   *
   * @param newProfile from now on
   */
  public void setProfile(LinkProfile newProfile) {
    profile = newProfile;
    delayNanos = newProfile.impairment().delay().toNanos();
    jitterNanos = newProfile.impairment().jitter().toNanos();
    transmitter.setBottleneck(newProfile.bottleneck());
  }

  /**
   * Returns rate, queue and what befalls packets.
   *
   * @return as set last
   */
  public LinkProfile profile() {
    return profile;
  }

  /**
   * Changes what befalls packets from now on; those under way are not affected.
   *
   * @param newImpairment for packets offered after this
   */
  public void setImpairment(Impairment newImpairment) {
    setProfile(profile.with(newImpairment));
  }

  /**
   * Returns what befalls packets.
   *
   * @return as set last
   */
  public Impairment impairment() {
    return profile.impairment();
  }

  /**
   * Says what becomes of the next packets, one after another; bottleneck and delay hold for them
   * too. What was scripted before and not used yet is forgotten.
   *
   * @param fates for the next packets; afterwards the profile decides again
   */
  public void script(List<Fate> fates) {
    script.clear();
    script.addAll(fates);
  }

  /**
   * Switches the line off or on. Off, it loses every packet that is offered; those under way still
   * arrive.
   *
   * @param isUp whether packets get in
   */
  public void setUp(boolean isUp) {
    up = isUp;
  }

  /**
   * Takes a packet.
   *
   * @param packet owned by the line from now on; it may be changed
   * @param now nanoseconds, never less than before
   * @return whether it will arrive at least once, as far as is known; an active queue discipline
   *     may still drop it
   */
  public boolean offer(byte[] packet, long now) {
    advance(now);
    counts.offered++;
    counts.offeredBytes += packet.length;
    Parcel parcel = decide(packet, now);
    if (!up) {
      counts.lost++;
      return false;
    }
    if (counts.heldBytes + parcel.weight() * Math.max(1, parcel.fate.copies()) > maxHeldBytes) {
      counts.overflowed++;
      return false;
    }
    if (!transmitter.enqueue(parcel)) {
      return false;
    }
    counts.heldBytes += parcel.weight();
    advance(now);
    // What is under transmission does not wait.
    counts.maxQueueBytes = Math.max(counts.maxQueueBytes, transmitter.queuedBytes());
    return parcel.fate.copies() > 0;
  }

  private Parcel decide(byte[] packet, long now) {
    Flow flow = flows.of(packet);
    long index = flow.index++;
    BurstLoss bursts = profile.burstLoss();
    flow.bad = bursts.isBad(flow.bad, flow.seed, index);
    Fate fate = up ? script.poll() : Fate.DROP;
    boolean inBurst = false;
    if (fate == null) {
      inBurst = bursts.loses(flow.bad, flow.seed, index);
      fate = inBurst ? Fate.DROP : profile.impairment().fate(flow.seed, index);
    }
    return new Parcel(packet, fate, inBurst, now, flow.seed, index);
  }

  /** Lets everything leave the bottleneck that should have by now. */
  private void advance(long now) {
    Parcel parcel = transmitter.transmit(now);
    while (parcel != null) {
      launch(parcel);
      parcel = transmitter.transmit(now);
    }
  }

  private void launch(Parcel parcel) {
    Fate fate = parcel.fate;
    if (fate.copies() == 0) {
      counts.heldBytes -= parcel.weight();
      if (parcel.inBurst) {
        counts.lostInBursts++;
      } else {
        counts.lost++;
      }
      return;
    }
    if (fate.flippedBit() != Fate.INTACT && parcel.packet.length > 0) {
      counts.corrupted++;
      int bit = fate.flippedBit() % (parcel.packet.length * Byte.SIZE);
      parcel.packet[bit / Byte.SIZE] ^= (byte) (0x80 >>> bit % Byte.SIZE);
    }
    parcel.due = parcel.departs + delayNanos + fate.extraNanos();
    // Jitter alone never makes a packet as late as that.
    boolean heldBack = fate.extraNanos() > jitterNanos;
    if (heldBack) {
      counts.heldBack++;
    } else if (profile.inOrder()) {
      parcel.due = Math.max(parcel.due, lastInOrder);
      lastInOrder = parcel.due;
    }
    counts.duplicated += fate.copies() - 1;
    counts.heldBytes += parcel.weight() * (fate.copies() - 1);
    for (int i = 0; i < fate.copies(); i++) {
      Parcel copy = i == 0 ? parcel : parcel.copy();
      copy.order = order++;
      wire.add(copy);
    }
  }

  /**
   * Hands out the next packet that is due.
   *
   * @param now nanoseconds, never less than before
   * @return the packet, which may come again if it was duplicated, so do not change it; null if
   *     none is due
   */
  public byte[] poll(long now) {
    advance(now);
    Parcel first = wire.peek();
    if (first == null || first.due > now) {
      return null;
    }
    wire.remove();
    counts.heldBytes -= first.weight();
    counts.delivered++;
    counts.deliveredBytes += first.packet.length;
    return first.packet;
  }

  /**
   * Tells when the next packet may be due. {@link #poll} answers none before.
   *
   * @return nanoseconds, or {@link Link#NEVER} if none is under way
   */
  public long nextDue() {
    Parcel first = wire.peek();
    long arrival = first == null ? Link.NEVER : first.due;
    long departure = transmitter.nextDeparture();
    return departure == Link.NEVER ? arrival : Math.min(arrival, departure + delayNanos);
  }

  /**
   * Tells how many packets are under way or wait at the bottleneck.
   *
   * @return packets, copies included
   */
  public int underWay() {
    return wire.size() + transmitter.queuedPackets();
  }

  /** Loses everything that is under way or waits. */
  public void clear() {
    wire.clear();
    transmitter.clear();
    counts.heldBytes = 0;
    lastInOrder = Long.MIN_VALUE;
  }

  /**
   * Tells what has become of the packets so far.
   *
   * @return a snapshot
   */
  public LineStatistics statistics() {
    return counts.snapshot(transmitter.queuedBytes());
  }

  /**
   * Tells how many packets were offered.
   *
   * @return packets
   */
  public long offered() {
    return counts.offered;
  }

  /**
   * Tells how many packets were lost, by their fate or because the line was off.
   *
   * @return packets
   */
  public long lost() {
    return counts.lost;
  }

  /**
   * Tells how many copies were made.
   *
   * @return packets beyond the first of each
   */
  public long duplicated() {
    return counts.duplicated;
  }

  /**
   * Tells how many packets had a bit flipped.
   *
   * @return packets
   */
  public long corrupted() {
    return counts.corrupted;
  }

  /**
   * Tells how many packets were lost because {@link #MAX_HELD_BYTES} were on the line.
   *
   * @return packets
   */
  public long overflowed() {
    return counts.overflowed;
  }
}
