package io.tunstack.tools;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers with units, as people who know {@code tc} and {@code ip} type them. Case does not matter.
 *
 * <p>A kB is 1000 bytes and a KiB 1024. Without a unit there is no number: {@code tc} itself reads
 * {@code 20} as 20 bits in one place, as 20 bytes in another and as 20 % in a third.
 */
final class Units {
  private static final Pattern NUMBER = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([a-z/%]*)");

  private static final Map<String, Long> BITS_PER_SECOND =
      Map.ofEntries(
          Map.entry("bit", 1L),
          Map.entry("kbit", 1_000L),
          Map.entry("mbit", 1_000_000L),
          Map.entry("gbit", 1_000_000_000L),
          Map.entry("bit/s", 1L),
          Map.entry("kbit/s", 1_000L),
          Map.entry("mbit/s", 1_000_000L),
          Map.entry("gbit/s", 1_000_000_000L));

  private static final Map<String, Long> NANOS =
      Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);

  private static final Map<String, Long> BYTES =
      Map.of(
          "b",
          1L,
          "kb",
          1_000L,
          "mb",
          1_000_000L,
          "gb",
          1_000_000_000L,
          "kib",
          1L << 10,
          "mib",
          1L << 20,
          "gib",
          1L << 30);

  private Units() {}

  /** Bits each second. */
  static long rate(String text) {
    return scaled(text, BITS_PER_SECOND, "a rate such as 20mbit, 500kbit or 1gbit");
  }

  static Duration time(String text) {
    return Duration.ofNanos(scaled(text, NANOS, "a time such as 25ms, 200us or 1.5s"));
  }

  static long bytes(String text) {
    return scaled(text, BYTES, "a size such as 125kB, 64KiB or 1500B");
  }

  /** A share of one, 0 to 1. */
  static double share(String text) {
    String wanted = "a share such as 1% or 0.1%";
    Matcher number = match(text, wanted);
    if (!number.group(2).equals("%")) {
      throw refused(text, wanted);
    }
    double share = new BigDecimal(number.group(1)).movePointLeft(2).doubleValue();
    if (share > 1) {
      throw refused(text, "up to 100%");
    }
    return share;
  }

  private static long scaled(String text, Map<String, Long> units, String wanted) {
    Matcher number = match(text, wanted);
    Long unit = units.get(number.group(2));
    if (unit == null) {
      throw refused(text, wanted);
    }
    BigDecimal value = new BigDecimal(number.group(1)).multiply(BigDecimal.valueOf(unit));
    if (value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw refused(text, "something smaller");
    }
    return value.setScale(0, RoundingMode.HALF_UP).longValue();
  }

  private static Matcher match(String text, String wanted) {
    Matcher number = NUMBER.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!number.matches()) {
      throw refused(text, wanted);
    }
    return number;
  }

  private static IllegalArgumentException refused(String text, String wanted) {
    return new IllegalArgumentException("'" + text + "' does not do; type " + wanted);
  }

  /** Writes a rate with the largest unit that leaves it a number of at least 1. */
  static String showRate(long bitsPerSecond) {
    if (bitsPerSecond >= 1_000_000_000) {
      return number(bitsPerSecond / 1e9) + " Gbit/s";
    }
    if (bitsPerSecond >= 1_000_000) {
      return number(bitsPerSecond / 1e6) + " Mbit/s";
    }
    return number(bitsPerSecond / 1e3) + " kbit/s";
  }

  /** Writes a time in milliseconds. */
  static String showMillis(long nanos) {
    return number(nanos / 1e6) + " ms";
  }

  /** Writes a share as people say it. */
  static String showShare(double share) {
    return number(share * 100) + " %";
  }

  /** Writes a number without zeros that say nothing, to three places. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.3f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}
