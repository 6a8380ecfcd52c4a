package io.tunstack.wire;

import io.netty.buffer.ByteBuf;

/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit
 * words.
 *
 * <p>A partial sum is a {@code long}. Partial sums of ranges with an even number of bytes may
 * simply be added with {@code +}: each is below 2<sup>48</sup>, so thousands of them fit. When the
 * ranges before one have an odd number of bytes in total, its words straddle theirs and {@link
 * #combine} has to join it. {@link #fold} and {@link #finish} end the computation.
 *
 * <p>Inside, words are added in little-endian order, because that is how a processor reads them
 * fastest, and the result is swapped once at the end (RFC 1071 §2 (B): the sum does not care).
 */
public final class Checksum {
  private static final long LOW_32 = 0xffff_ffffL;
  private static final int LOW_16 = 0xffff;

  private Checksum() {}

  /**
   * Sums a range. An odd last byte counts as if a zero followed it.
   *
   * @param buf any buffer
   * @param offset absolute index of the first byte; needs no alignment
   * @param length bytes, 0 to 262,144; the range must lie inside the buffer's capacity
   * @return a partial sum
   */
  public static long sum(ByteBuf buf, int offset, int length) {
    long sum = 0;
    int at = offset;
    int end = offset + length;
    // Two 32-bit halves into a 64-bit accumulator: no carry to look after in the loop.
    for (int last = end - Long.BYTES; at <= last; at += Long.BYTES) {
      long word = buf.getLongLE(at);
      sum += (word & LOW_32) + (word >>> 32);
    }
    if (end - at >= Integer.BYTES) {
      sum += buf.getUnsignedIntLE(at);
      at += Integer.BYTES;
    }
    if (end - at >= Short.BYTES) {
      sum += buf.getUnsignedShortLE(at);
      at += Short.BYTES;
    }
    if (at < end) {
      sum += buf.getUnsignedByte(at);
    }
    return sum;
  }

  /**
   * Joins the sums of two ranges that follow each other.
   *
   * @param first partial sum of what comes first
   * @param second partial sum of what follows
   * @param secondStartsAtOddOffset whether the second range starts an odd number of bytes behind
   *     the start of the summed data, so that its bytes are in the other halves of the words
   * @return the partial sum of both
   */
  public static long combine(long first, long second, boolean secondStartsAtOddOffset) {
    return first + (secondStartsAtOddOffset ? (long) fold16(second) << 8 : second);
  }

  /**
   * Folds a partial sum to the 16-bit ones' complement sum.
   *
   * @param sum a partial sum
   * @return 0 to 65,535 in network order, not inverted: 65,535 over data that includes a correct
   *     checksum, and what an offloading device wants to find in the field
   */
  public static int fold(long sum) {
    int folded = fold16(sum);
    return ((folded & 0xff) << 8) | (folded >>> 8);
  }

  /**
   * Ends a computation.
   *
   * @param sum a partial sum over everything, the checksum field taken as zero
   * @return 0 to 65,535, for {@link ByteBuf#setShort}; UDP must write 65,535 instead of 0
   */
  public static int finish(long sum) {
    return ~fold(sum) & LOW_16;
  }

  /**
   * Tells whether data that includes its checksum field is intact.
   *
   * @param sum a partial sum over everything, the checksum field and any pseudo-header included
   * @return true if the checksum is right
   */
  public static boolean isValid(long sum) {
    return fold16(sum) == LOW_16;
  }

  /**
   * Sums the pseudo-header that TCP and UDP put in front (RFC 9293 §3.1, RFC 768).
   *
   * @param src source address in network order, as an int
   * @param dst destination address in network order, as an int
   * @param protocol 0 to 255
   * @param length bytes of transport header and payload, 0 to 65,535
   * @return a partial sum
   */
  public static long pseudoHeader(int src, int dst, int protocol, int length) {
    return (Integer.reverseBytes(src) & LOW_32)
        + (Integer.reverseBytes(dst) & LOW_32)
        + (protocol << 8)
        + (((length & 0xff) << 8) | ((length >>> 8) & 0xff));
  }

  /** Folds to 16 bits in the little-endian order of the partial sums. */
  private static int fold16(long sum) {
    long s = (sum & LOW_32) + (sum >>> 32);
    s = (s & LOW_16) + (s >>> 16);
    s = (s & LOW_16) + (s >>> 16);
    return (int) ((s & LOW_16) + (s >>> 16));
  }
}
