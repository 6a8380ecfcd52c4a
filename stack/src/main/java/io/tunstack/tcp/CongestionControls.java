package io.tunstack.tcp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The congestion-control algorithms there are, by the names they are chosen by. */
public final class CongestionControls {
  /** What a stack uses unless it is told otherwise. */
  public static final String DEFAULT = "cubic";

  private static final Map<String, Function<CongestionWindow, CongestionControl>> BY_NAME =
      new TreeMap<>(Map.of("bbr", Bbr::new, "cubic", Cubic::new, "newreno", NewReno::new));

  private CongestionControls() {}

  /**
   * Lists the names.
   *
   * @return in alphabetical order
   */
  public static Set<String> names() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /**
   * Checks a name.
   *
   * @param name such as {@code newreno}, in any case
   * @return the name as {@link #names} has it
   * @throws IllegalArgumentException if there is no such algorithm; the message lists those there
   *     are
   */
  public static String require(String name) {
    String known = name.toLowerCase(Locale.ROOT);
    if (!BY_NAME.containsKey(known)) {
      throw new IllegalArgumentException(
          "there is no congestion control '"
              + name
              + "'; there is "
              + String.join(", ", BY_NAME.keySet()));
    }
    return known;
  }

  /** A new one of its kind, which moves the window given. */
  static CongestionControl create(String name, CongestionWindow window) {
    return BY_NAME.get(require(name)).apply(window);
  }
}
