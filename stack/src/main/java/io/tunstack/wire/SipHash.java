package io.tunstack.wire;

/**
 * SipHash-2-4 over a few words: the keyed hash behind initial sequence numbers (RFC 6528 §3),
 * ephemeral ports (RFC 6056 §3.3.3) and hash tables that an attacker must not steer. Immutable; any
 * thread may use it.
 */
public final class SipHash {
  private final long k0;
  private final long k1;

  /**
   * Makes a hash with a key.
   *
   * @param k0 the first half, secret
   * @param k1 the second half, secret
   */
  public SipHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /**
   * Hashes two words, little-endian, as SipHash hashes 16 bytes.
   *
   * @param m0 the first word
   * @param m1 the second word
   * @return 64 bits
   */
  public long hash(long m0, long m1) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    // Three message words: m0, m1 and the length block. Rounds are written out in a loop whose
    // body is one SipRound; the compiler unrolls it.
    for (int i = 0; i < 4; i++) {
      long m = i == 0 ? m0 : i == 1 ? m1 : i == 2 ? 16L << 56 : 0;
      int rounds = i == 3 ? 4 : 2;
      if (i == 3) {
        v2 ^= 0xff;
      }
      v3 ^= m;
      for (int r = 0; r < rounds; r++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= m;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /**
   * Hashes a 4-tuple.
   *
   * @param local our address, network order
   * @param localPort our port
   * @param remote the peer's address, network order
   * @param remotePort the peer's port
   * @return 64 bits
   */
  public long hash(int local, int localPort, int remote, int remotePort) {
    return hash(
        ((long) local << 32) | (remote & 0xffffffffL),
        ((long) localPort << 16) | (remotePort & 0xffffL));
  }
}
