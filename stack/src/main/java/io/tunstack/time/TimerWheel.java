package io.tunstack.time;

/**
 * A hierarchical timer wheel: arming and cancelling are O(1), and each timer holds its exact
 * deadline.
 *
 * <pre>
 *   level 0   64 slots of  65.5 µs   |#| |#| ...   the next 4.2 ms
 *   level 1   64 slots of   4.2 ms   | |#| |       the next 268 ms
 *   level 2   64 slots of   268 ms                 the next 17 s
 *   ...
 * </pre>
 *
 * <p>A timer lives at the level of the highest bit in which its tick differs from the present one,
 * so every timer of a level fires before any timer of the level above, and the first occupied slot
 * of the lowest occupied level holds the next one. When the present reaches a slot of a higher
 * level, its timers move down. Not thread-safe.
 */
public final class TimerWheel {
  /** What {@link #nextDeadline()} answers when no timer is armed. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int TICK_SHIFT = 16;
  private static final int SLOT_BITS = 6;
  private static final int SLOTS = 1 << SLOT_BITS;

  /** 16 + 8 × 6 = 64 bits: every deadline that a long can hold has a slot. */
  private static final int LEVELS = 8;

  /** The list of timers about to be fired. */
  private static final int FIRING = LEVELS * SLOTS;

  /**
   * A slot of a higher level with more timers than this is not searched for its earliest: its start
   * is answered instead, and the search happens when its timers have moved down. So ten thousand
   * idle connections cost nothing per turn.
   */
  private static final int SEARCH_LIMIT = 64;

  private final Timer[] heads = new Timer[LEVELS * SLOTS + 1];
  private final long[] occupied = new long[LEVELS];
  private long tick;
  private int armed;

  /** Makes an empty wheel at instant 0. */
  public TimerWheel() {
    for (int i = 0; i < heads.length; i++) {
      heads[i] = Timer.of(now -> {});
      heads[i].makeHead();
    }
  }

  /**
   * Arms a timer, or moves one that is armed.
   *
   * @param timer the timer
   * @param deadline nanoseconds; one in the past fires at the next {@link #expire}
   */
  public void arm(Timer timer, long deadline) {
    timer.deadline = deadline;
    int slot = slotOf(deadline);
    if (timer.slot == slot) {
      // Most are put off by little: its neighbours in the list need not be touched.
      return;
    }
    if (timer.slot != Timer.UNARMED) {
      remove(timer);
    }
    armed++;
    insert(timer, slot);
  }

  /**
   * Cancels a timer; does nothing if it is not armed.
   *
   * @param timer the timer
   */
  public void cancel(Timer timer) {
    if (timer.slot != Timer.UNARMED) {
      remove(timer);
    }
  }

  /**
   * Tells how many timers are armed.
   *
   * @return timers
   */
  public int armed() {
    return armed;
  }

  /**
   * Fires every timer whose deadline is not after {@code now}, in the order of their ticks.
   *
   * @param now nanoseconds, never less than at an earlier call
   * @return how many fired
   */
  public int expire(long now) {
    long nowTick = now >>> TICK_SHIFT;
    int fired = 0;
    while (true) {
      int level = lowestOccupiedLevel();
      if (level < 0) {
        break;
      }
      int slot = firstSlot(level);
      long slotTick = slotStart(level, slot);
      if (slotTick > nowTick) {
        break;
      }
      tick = Math.max(tick, slotTick);
      if (level > 0) {
        moveDown(level, slot);
      } else {
        int firedHere = fireSlot(slot, now);
        fired += firedHere;
        if (slotTick >= nowTick && firedHere == 0) {
          break;
        }
      }
    }
    tick = Math.max(tick, nowTick);
    return fired;
  }

  /**
   * Tells when {@link #expire} should be called next. Nothing fires before; if very many timers
   * share a distant slot, nothing may fire then either.
   *
   * @return nanoseconds, or {@link #NEVER}
   */
  public long nextDeadline() {
    int level = lowestOccupiedLevel();
    if (level < 0) {
      return NEVER;
    }
    int slot = firstSlot(level);
    Timer head = heads[level * SLOTS + slot];
    long earliest = NEVER;
    int searched = 0;
    for (Timer timer = head.next; timer != head; timer = timer.next) {
      if (level > 0 && ++searched > SEARCH_LIMIT) {
        return slotStart(level, slot) << TICK_SHIFT;
      }
      earliest = Math.min(earliest, timer.deadline);
    }
    return earliest;
  }

  /** The slot for a deadline, all levels' counted on. */
  private int slotOf(long deadline) {
    long at = Math.max(Math.max(deadline, 0) >>> TICK_SHIFT, tick);
    int level = (63 - Long.numberOfLeadingZeros((at ^ tick) | (SLOTS - 1))) / SLOT_BITS;
    return level * SLOTS + ((int) (at >>> (level * SLOT_BITS)) & (SLOTS - 1));
  }

  private void insert(Timer timer, int slot) {
    timer.slot = slot;
    timer.linkBefore(heads[slot]);
    occupied[slot / SLOTS] |= 1L << (slot % SLOTS);
  }

  private void remove(Timer timer) {
    int index = timer.slot;
    timer.unlink();
    timer.slot = Timer.UNARMED;
    armed--;
    if (index != FIRING && heads[index].next == heads[index]) {
      occupied[index / SLOTS] &= ~(1L << (index % SLOTS));
    }
  }

  private int lowestOccupiedLevel() {
    for (int level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        return level;
      }
    }
    return -1;
  }

  private int firstSlot(int level) {
    // No occupied slot lies before the present one: those have been fired or moved down.
    return Long.numberOfTrailingZeros(occupied[level]);
  }

  private long slotStart(int level, int slot) {
    int shift = level * SLOT_BITS;
    long above = shift + SLOT_BITS >= Long.SIZE ? 0 : tick >>> (shift + SLOT_BITS);
    return (above << SLOT_BITS | slot) << shift;
  }

  private void moveDown(int level, int slot) {
    Timer head = heads[level * SLOTS + slot];
    occupied[level] &= ~(1L << slot);
    while (head.next != head) {
      Timer timer = head.next;
      timer.unlink();
      insert(timer, slotOf(timer.deadline));
    }
  }

  private int fireSlot(int slot, long now) {
    Timer head = heads[slot];
    Timer firing = heads[FIRING];
    for (Timer timer = head.next; timer != head; ) {
      Timer following = timer.next;
      if (timer.deadline <= now) {
        timer.unlink();
        timer.slot = FIRING;
        timer.linkBefore(firing);
      }
      timer = following;
    }
    if (head.next == head) {
      occupied[0] &= ~(1L << slot);
    }
    int fired = 0;
    while (firing.next != firing) {
      Timer timer = firing.next;
      remove(timer);
      fired++;
      timer.onTimer(now);
    }
    return fired;
  }
}
