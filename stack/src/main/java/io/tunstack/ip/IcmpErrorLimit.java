package io.tunstack.ip;

import io.tunstack.stats.DropReason;
import io.tunstack.wire.SipHash;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * How many ICMP errors leave (RFC 1812 §4.3.2.8): so many at once and per second to all together,
 * and a fifth of the rate to one host, so that whoever makes us answer him takes nothing from
 * others.
 *
 * <p>A bucket of tokens is one number, the instant at which it will be full again. Taking a token
 * moves that instant on, and there is none left when it lies a whole bucket in the future. So there
 * is nothing to refill and nothing to round.
 *
 * <pre>
 *   destination --keyed hash--&gt; one of 256 hosts' buckets --token?--&gt; everybody's bucket --token?
 * </pre>
 *
 * <p>What is left for everybody can be measured by any of them, and tells how many errors went to
 * others: so the open port of a resolver has been found (CVE-2020-25705). Tokens of everybody's
 * bucket therefore have a random size.
 */
final class IcmpErrorLimit {
  private static final long SECOND = 1_000_000_000L;

  /** Hosts share a bucket only if they are many; then each gets less than its part, not more. */
  private static final int HOSTS = 256;

  /** A host may use one part in so many of the rate. */
  private static final int RATE_SHARE = 5;

  /** And of the burst: more, because a traceroute or a scan is a burst. */
  private static final double BURST_SHARE = 0.4;

  private final long[] hostFullAt = new long[HOSTS];
  private final long hostToken;
  private final long hostCapacity;
  private final long token;
  private final long capacity;
  private final SipHash hash;
  private final SplittableRandom sizes;
  private long fullAt = Long.MIN_VALUE;

  /** Drawn once and kept until it is used: who asks again and again must not get the small ones. */
  private long nextSize;

  /**
   * Makes full buckets.
   *
   * @param perSecond errors per second, 1 or more
   * @param burst errors at once, 1 or more
   * @param random seeds what outsiders must not guess
   */
  IcmpErrorLimit(int perSecond, int burst, LongSupplier random) {
    token = SECOND / perSecond;
    capacity = token * burst;
    hostToken = token * RATE_SHARE;
    hostCapacity = hostToken * Math.max(1, (int) (burst * BURST_SHARE));
    hash = new SipHash(random.getAsLong(), random.getAsLong());
    sizes = new SplittableRandom(random.getAsLong());
    nextSize = size();
    Arrays.fill(hostFullAt, Long.MIN_VALUE);
  }

  /** Takes a token for an error to a host; answers null, or why there is none. */
  DropReason take(int destination, long now) {
    int host = (int) hash.hash(destination, 0) & (HOSTS - 1);
    long hostNext = Math.max(hostFullAt[host], now) + hostToken;
    if (hostNext - now > hostCapacity) {
      return DropReason.ICMP_RATE_LIMIT_HOST;
    }
    long next = Math.max(fullAt, now) + nextSize;
    if (next - now > capacity + token / 2) {
      return DropReason.ICMP_RATE_LIMIT;
    }
    hostFullAt[host] = hostNext;
    fullAt = next;
    nextSize = size();
    return null;
  }

  /** Half a token to one and a half. */
  private long size() {
    return token / 2 + sizes.nextLong(token + 1);
  }
}
