package io.tunstack.link;

import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Packets under way in one direction, each until its time has come.
 *
 * <pre>
 *   offer(packet, now) --&gt; fate: scripted, or f(seed, index)
 *                            | lost      | 1, 2 copies, perhaps with a wrong bit
 *                            v           v
 *                                  [ by due time, then by number ] --&gt; poll(now)
 * </pre>
 *
 * <p>What overtakes what follows from the fates alone: packets due at one instant keep their order.
 * Not thread-safe.
 */
public final class DelayLine {
  /**
   * Packets under way at most; more are lost and counted. Enough for a thousand connections with
   * ten full segments each, and for 64 kB segments still less than a gigabyte.
   */
  public static final int MAX_HELD = 10_000;

  private final long seed;
  private final PriorityQueue<Held> held = new PriorityQueue<>();
  private final Queue<Fate> script = new ArrayDeque<>();
  private Impairment impairment;
  private boolean up = true;
  private long index;
  private long order;
  private long lost;
  private long duplicated;
  private long corrupted;
  private long overflowed;

  /**
   * Makes an empty line.
   *
   * @param impairment what befalls packets
   * @param seed with the packet's number, decides its fate
   */
  public DelayLine(Impairment impairment, long seed) {
    this.impairment = impairment;
    this.seed = seed;
  }

  private static final class Held implements Comparable<Held> {
    private final long due;
    private final long order;
    private final byte[] packet;

    Held(long due, long order, byte[] packet) {
      this.due = due;
      this.order = order;
      this.packet = packet;
    }

    @Override
    public int compareTo(Held other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /**
   * Changes what befalls packets from now on; those under way are not affected.
   *
   * @param newImpairment for packets offered after this
   */
  public void setImpairment(Impairment newImpairment) {
    impairment = newImpairment;
  }

  /**
   * Returns what befalls packets.
   *
   * @return as set last
   */
  public Impairment impairment() {
    return impairment;
  }

  /**
   * Says what becomes of the next packets, one after another; the impairment's delay holds for them
   * too. What was scripted before and not used yet is forgotten.
   *
   * @param fates for the next packets; afterwards the impairment decides again
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
   * @param now nanoseconds
   * @return whether it will arrive at least once
   */
  public boolean offer(byte[] packet, long now) {
    Fate scripted = up ? script.poll() : Fate.DROP;
    Fate fate = scripted != null ? scripted : impairment.fate(seed, index);
    index++;
    if (fate.copies() == 0) {
      lost++;
      return false;
    }
    if (held.size() + fate.copies() > MAX_HELD) {
      overflowed++;
      return false;
    }
    if (fate.flippedBit() != Fate.INTACT && packet.length > 0) {
      corrupted++;
      int bit = fate.flippedBit() % (packet.length * Byte.SIZE);
      packet[bit / Byte.SIZE] ^= (byte) (0x80 >>> bit % Byte.SIZE);
    }
    duplicated += fate.copies() - 1;
    long due = now + impairment.delay().toNanos() + fate.extraNanos();
    for (int i = 0; i < fate.copies(); i++) {
      held.add(new Held(due, order++, packet));
    }
    return true;
  }

  /**
   * Hands out the next packet that is due.
   *
   * @param now nanoseconds
   * @return the packet, which may come again if it was duplicated, so do not change it; null if
   *     none is due
   */
  public byte[] poll(long now) {
    Held first = held.peek();
    if (first == null || first.due > now) {
      return null;
    }
    held.remove();
    return first.packet;
  }

  /**
   * Tells when the next packet is due.
   *
   * @return nanoseconds, or {@link Link#NEVER} if none is under way
   */
  public long nextDue() {
    Held first = held.peek();
    return first == null ? Link.NEVER : first.due;
  }

  /**
   * Tells how many packets are under way.
   *
   * @return packets, copies included
   */
  public int underWay() {
    return held.size();
  }

  /** Loses everything that is under way. */
  public void clear() {
    held.clear();
  }

  /**
   * Tells how many packets were offered.
   *
   * @return packets
   */
  public long offered() {
    return index;
  }

  /**
   * Tells how many packets were lost, by their fate or because the line was off.
   *
   * @return packets
   */
  public long lost() {
    return lost;
  }

  /**
   * Tells how many copies were made.
   *
   * @return packets beyond the first of each
   */
  public long duplicated() {
    return duplicated;
  }

  /**
   * Tells how many packets had a bit flipped.
   *
   * @return packets
   */
  public long corrupted() {
    return corrupted;
  }

  /**
   * Tells how many packets were lost because {@link #MAX_HELD} were under way.
   *
   * @return packets
   */
  public long overflowed() {
    return overflowed;
  }
}
