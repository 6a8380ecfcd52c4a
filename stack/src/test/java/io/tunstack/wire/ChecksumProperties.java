package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

final class ChecksumProperties {
  @Property
  void shouldAgreeWithTheDefinition(
      @ForAll @Size(max = 300) byte[] data, @ForAll @IntRange(max = 9) int offset) {
    assertEquals(naive(data), Checksum.fold(Checksum.sum(at(offset, data), offset, data.length)));
    Statistics.label("length mod 8")
        .collect(data.length % 8)
        .coverage(
            coverage -> {
              for (int rest = 0; rest < 8; rest++) {
                coverage.check(rest).count(count -> count > 10);
              }
            });
  }

  @Property
  void shouldNotDependOnWhereTheDataIsSplit(
      @ForAll @Size(min = 1, max = 200) byte[] data,
      @ForAll @IntRange(max = 200) int first,
      @ForAll @IntRange(max = 200) int second) {
    int a = Math.min(first, second) % (data.length + 1);
    int b = Math.max(a, Math.max(first, second) % (data.length + 1));
    ByteBuf buf = at(3, data);
    long sum = Checksum.sum(buf, 3, a);
    sum = Checksum.combine(sum, Checksum.sum(buf, 3 + a, b - a), a % 2 != 0);
    sum = Checksum.combine(sum, Checksum.sum(buf, 3 + b, data.length - b), b % 2 != 0);
    assertEquals(naive(data), Checksum.fold(sum));
    Statistics.label("odd splits")
        .collect(a % 2, b % 2)
        .coverage(coverage -> coverage.check(1, 1).percentage(share -> share > 2));
  }

  @Property
  void shouldValidateWhatItFinished(
      @ForAll @Size(min = 2, max = 200) byte[] data,
      @ForAll int source,
      @ForAll int destination,
      @ForAll @IntRange(max = 255) int protocol) {
    ByteBuf buf = at(0, data);
    buf.setShort(0, 0);
    long pseudoHeader = Checksum.pseudoHeader(source, destination, protocol, data.length);
    buf.setShort(0, Checksum.finish(pseudoHeader + Checksum.sum(buf, 0, data.length)));
    assertTrue(Checksum.isValid(pseudoHeader + Checksum.sum(buf, 0, data.length)));
  }

  /** RFC 1071 §1, word by word. */
  private static int naive(byte[] data) {
    int sum = 0;
    for (int i = 0; i < data.length; i += 2) {
      int low = i + 1 < data.length ? data[i + 1] & 0xff : 0;
      sum += (data[i] & 0xff) << 8 | low;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  private static ByteBuf at(int offset, byte[] data) {
    ByteBuf buf = Unpooled.buffer(offset + data.length, offset + data.length);
    return buf.setBytes(offset, data);
  }
}
