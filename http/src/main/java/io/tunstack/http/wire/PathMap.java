package io.tunstack.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * A map from paths to values that can be asked with octets, so that finding a route makes no
 * string. The paths are the program's own: nobody outside can choose keys that collide. Immutable.
 *
 * @param <V> what is found
 */
public final class PathMap<V> {
  /** Slots for each entry: few enough entries share one that a look-up compares one path. */
  private static final int SPARSENESS = 4;

  private final byte[][] paths;
  private final Object[] values;

  /**
   * Makes a map.
   *
   * @param entries decoded paths, and what they lead to
   */
  public PathMap(Map<String, V> entries) {
    int slots = Integer.highestOneBit(Math.max(1, entries.size()) * SPARSENESS);
    paths = new byte[slots][];
    values = new Object[slots];
    entries.forEach(
        (path, value) -> {
          byte[] octets = path.getBytes(StandardCharsets.UTF_8);
          int slot = slot(octets, 0, octets.length);
          while (paths[slot] != null) {
            slot = (slot + 1) & (slots - 1);
          }
          paths[slot] = octets;
          values[slot] = value;
        });
  }

  /** Finds a path in UTF-8; null if it is not there. */
  V get(byte[] octets, int from, int to) {
    int slot = slot(octets, from, to);
    while (paths[slot] != null) {
      if (Arrays.equals(paths[slot], 0, paths[slot].length, octets, from, to)) {
        return valueAt(slot);
      }
      slot = (slot + 1) & (paths.length - 1);
    }
    return null;
  }

  /** Finds a path; null if it is not there. */
  V get(String path) {
    byte[] octets = path.getBytes(StandardCharsets.UTF_8);
    return get(octets, 0, octets.length);
  }

  @SuppressWarnings("unchecked") // What is in there came in as a V.
  private V valueAt(int slot) {
    return (V) values[slot];
  }

  private int slot(byte[] octets, int from, int to) {
    int hash = 0;
    for (int at = from; at < to; at++) {
      hash = 31 * hash + octets[at];
    }
    return (hash ^ hash >>> 16) & (paths.length - 1);
  }
}
