package io.tunstack.tcp;

import java.util.ArrayList;
import java.util.function.Supplier;

/**
 * Objects that a connection has only while it is busy, kept for the next one that becomes so: an
 * idle connection holds none, and one that goes from idle to busy and back, over and over, makes
 * none. What was given back last is handed out first, while the caches still know it.
 *
 * @param <T> what there are
 */
final class Spares<T> {
  private final Supplier<T> maker;

  /** With more in use at once than this, some become garbage. */
  private final int most;

  private final ArrayList<T> free = new ArrayList<>();

  Spares(Supplier<T> maker, int most) {
    this.maker = maker;
    this.most = most;
  }

  /** One that nobody else has, as {@link #give} took it or new. */
  T take() {
    int count = free.size();
    return count == 0 ? maker.get() : free.remove(count - 1);
  }

  /** Takes back one that is empty. */
  void give(T spare) {
    if (free.size() < most) {
      free.add(spare);
    }
  }
}
