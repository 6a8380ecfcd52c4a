package io.tunstack.tcp;

import io.tunstack.wire.SipHash;

/**
 * Initial sequence numbers and timestamp offsets (RFC 6528 §3, RFC 7323 §5.4): a clock that ticks
 * every 4 µs, plus a keyed hash of the 4-tuple that nobody outside can compute.
 */
final class IsnGenerator {
  private static final long TICK_NANOS = 4_000;

  private final SipHash isnHash;
  private final SipHash timestampHash;

  IsnGenerator(long k0, long k1) {
    isnHash = new SipHash(k0, k1);
    // A key of its own, derived, so that timestamps say nothing about sequence numbers.
    timestampHash = new SipHash(isnHash.hash(k1, k0), isnHash.hash(k0, k1));
  }

  int isn(int local, int localPort, int remote, int remotePort, long now) {
    return (int) (isnHash.hash(local, localPort, remote, remotePort) + now / TICK_NANOS);
  }

  int timestampOffset(int local, int localPort, int remote, int remotePort) {
    return (int) timestampHash.hash(local, localPort, remote, remotePort);
  }
}
