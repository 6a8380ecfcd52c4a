package io.tunstack.ip;

import io.tunstack.wire.SipHash;
import java.util.function.LongSupplier;

/**
 * Chooses identifications for datagrams that may be cut (RFC 6864 §4.2: they must not repeat for a
 * source, destination and protocol while an older datagram may still live; RFC 7739 §3: nor may an
 * outsider be able to guess them).
 *
 * <pre>
 *   (source, destination, protocol) --keyed hash--&gt; counter of its bucket, and a tweak
 *   identification = permutation(counter++)     keyed by the stack's secret and the tweak
 * </pre>
 *
 * <p>A permutation of the 16-bit numbers repeats none before all 65,536 were used, which is the
 * best that the field allows; without the secret the next one cannot be told from the ones before,
 * nor one destination's from another's. Destinations that share a bucket only use up its counter
 * together. A datagram that must not be cut has no use for the field and carries zero (RFC 6864
 * §4.1).
 */
final class Identifications {
  /** Counters: enough that few busy destinations share one, small enough to stay in the cache. */
  private static final int BUCKETS = 1024;

  private static final int ROUNDS = 4;

  private final short[] counters = new short[BUCKETS];
  private final SipHash hash;

  /** A power of two. */
  private final int stride;

  Identifications(LongSupplier random) {
    this(random, 0, 1);
  }

  /** The {@code index}-th of {@code count} that share the secret, and take turns in the numbers. */
  Identifications(LongSupplier random, int index, int count) {
    hash = new SipHash(random.getAsLong(), random.getAsLong());
    stride = Integer.highestOneBit(2 * count - 1);
    for (int i = 0; i < BUCKETS; i++) {
      counters[i] = (short) ((random.getAsLong() & -stride) | index);
    }
  }

  /** Returns the next identification, 0 to 65,535. */
  int next(int source, int destination, int protocol) {
    long addresses = ((long) source << 32) | (destination & 0xffff_ffffL);
    long tweak = hash.hash(addresses, protocol);
    int bucket = (int) (tweak >>> 48) & (BUCKETS - 1);
    int count = counters[bucket] & 0xffff;
    counters[bucket] += (short) stride;
    return permute(count, tweak);
  }

  /** A Feistel network over two bytes: whatever the round function, it is a permutation. */
  private static int permute(int value, long key) {
    int left = value >>> 8;
    int right = value & 0xff;
    for (int round = 0; round < ROUNDS; round++) {
      int next = left ^ ((int) mix(key + (((long) round << 8) | right)) & 0xff);
      left = right;
      right = next;
    }
    return (left << 8) | right;
  }

  /** Spreads every input bit over the whole word (the finalizer of SplitMix64). */
  private static long mix(long value) {
    long z = value + 0x9e37_79b9_7f4a_7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return z ^ (z >>> 31);
  }
}
