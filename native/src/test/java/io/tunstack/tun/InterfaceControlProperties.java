package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tunstack.tun.InterfaceControl.Assigned;
import io.tunstack.wire.IpAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

class InterfaceControlProperties {
  /** The second address differs from the first in one bit, so that neither answer is rare. */
  @Property
  void networksOverlapExactlyWhenTheirRangesDo(
      @ForAll int bits,
      @ForAll @IntRange(min = 0, max = 31) int different,
      @ForAll @IntRange(min = 0, max = 32) int prefix,
      @ForAll @IntRange(min = 0, max = 32) int otherPrefix) {
    IpAddress address = new IpAddress(bits);
    IpAddress other = new IpAddress(bits ^ 1 << different);

    boolean overlaps = new Assigned("a", address, prefix).overlaps(other, otherPrefix);

    long start = Math.max(first(address, prefix), first(other, otherPrefix));
    long end = Math.min(last(address, prefix), last(other, otherPrefix));
    assertEquals(start <= end, overlaps);
    assertEquals(overlaps, new Assigned("b", other, otherPrefix).overlaps(address, prefix));
    Statistics.collect(overlaps);
    Statistics.coverage(
        coverage -> {
          coverage.check(true).percentage(share -> share > 10);
          coverage.check(false).percentage(share -> share > 10);
        });
  }

  private static long first(IpAddress address, int prefix) {
    long size = 1L << (32 - prefix);
    return Integer.toUnsignedLong(address.bits()) / size * size;
  }

  private static long last(IpAddress address, int prefix) {
    return first(address, prefix) + (1L << (32 - prefix)) - 1;
  }
}
