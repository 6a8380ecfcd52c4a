package io.tunstack.wire;

/**
 * Sequence-number arithmetic modulo 2³² (RFC 9293 §3.4).
 *
 * <p>Sequence numbers are bare {@code int}s. This is the only class that compares or measures them:
 * Java's {@code <} is wrong as soon as two numbers lie on either side of a wrap. A comparison means
 * something only while the two are less than 2³¹ apart, which every window guarantees.
 */
public final class Seq {
  private Seq() {}

  /**
   * Tells whether {@code a} comes before {@code b}.
   *
   * @param a a sequence number
   * @param b a sequence number
   * @return true if a &lt; b
   */
  public static boolean lt(int a, int b) {
    return a - b < 0;
  }

  /**
   * Tells whether {@code a} comes before {@code b} or is {@code b}.
   *
   * @param a a sequence number
   * @param b a sequence number
   * @return true if a ≤ b
   */
  public static boolean le(int a, int b) {
    return a - b <= 0;
  }

  /**
   * Tells whether {@code a} comes after {@code b}.
   *
   * @param a a sequence number
   * @param b a sequence number
   * @return true if a &gt; b
   */
  public static boolean gt(int a, int b) {
    return a - b > 0;
  }

  /**
   * Tells whether {@code a} comes after {@code b} or is {@code b}.
   *
   * @param a a sequence number
   * @param b a sequence number
   * @return true if a ≥ b
   */
  public static boolean ge(int a, int b) {
    return a - b >= 0;
  }

  /**
   * Returns the later of two.
   *
   * @param a a sequence number
   * @param b a sequence number
   * @return a or b
   */
  public static int max(int a, int b) {
    return a - b >= 0 ? a : b;
  }

  /**
   * Returns the earlier of two.
   *
   * @param a a sequence number
   * @param b a sequence number
   * @return a or b
   */
  public static int min(int a, int b) {
    return a - b <= 0 ? a : b;
  }

  /**
   * Measures the way from one number to another.
   *
   * @param from a sequence number
   * @param to a sequence number
   * @return bytes, negative if {@code to} comes before {@code from}
   */
  public static int distance(int from, int to) {
    return to - from;
  }

  /**
   * Tells whether a number lies in a window.
   *
   * @param seq a sequence number
   * @param start the window's first
   * @param length how many numbers the window has, 0 to 2³¹ - 1
   * @return true if start ≤ seq &lt; start + length
   */
  public static boolean inWindow(int seq, int start, int length) {
    return Integer.compareUnsigned(seq - start, length) < 0;
  }

  /**
   * Compares timestamps, which wrap as sequence numbers do (RFC 7323 §5.2).
   *
   * @param a a timestamp
   * @param b a timestamp
   * @return true if a is older than b
   */
  public static boolean olderTimestamp(int a, int b) {
    return a - b < 0;
  }
}
