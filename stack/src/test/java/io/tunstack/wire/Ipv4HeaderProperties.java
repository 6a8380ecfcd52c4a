package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

final class Ipv4HeaderProperties {
  private static final int AT = 3;

  @Property
  void shouldComeBack_whenEmittedAndParsed(@ForAll("headers") Ipv4Header header) {
    ByteBuf buf = Unpooled.buffer(AT + header.totalLength(), AT + header.totalLength());
    assertEquals(header.headerLength(), header.emit(buf, AT));
    assertEquals(header, Ipv4Header.parse(buf, AT, header.totalLength()));
    Statistics.label("options")
        .collect(header.options().length() > 0)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 20));
  }

  /** Bytes that begin like a header, so that the later checks are reached too. */
  @Property(tries = 5000)
  void shouldGiveANameToAnyBytes_andNeverReadOutside(
      @ForAll @Size(max = 80) byte[] bytes,
      @ForAll @IntRange(min = 3, max = 15) int words,
      @ForAll @IntRange(min = 15, max = 81) int totalLength,
      @ForAll @IntRange(max = 3) int repaired) {
    // The capacity ends with the bytes: a read outside would throw.
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    if (bytes.length >= 20 && repaired > 0) {
      buf.setByte(0, 4 << 4 | words);
      buf.setShort(2, totalLength);
      if (repaired > 1 && words * 4 <= bytes.length && words >= 5) {
        Ipv4View.updateChecksum(buf, 0, words * 4);
      }
    }
    Ipv4Fault fault = Ipv4View.check(buf, 0, bytes.length);
    if (fault == Ipv4Fault.NONE) {
      Ipv4Header header = Ipv4Header.parse(buf, 0, bytes.length);
      assertTrue(header.headerLength() <= header.totalLength());
      assertTrue(header.totalLength() <= bytes.length);
    }
    Statistics.label("fault")
        .collect(fault)
        .coverage(
            coverage -> {
              for (Ipv4Fault each : Ipv4Fault.values()) {
                if (each != Ipv4Fault.SOURCE_ROUTE) {
                  coverage.check(each).count(count -> count > 5);
                }
              }
            });
  }

  @Property
  void shouldWalkAnyOptionsToAnEnd(@ForAll("optionBytes") byte[] options) {
    Ipv4Fault fault = Ipv4Options.check(Unpooled.wrappedBuffer(options), 0, options.length);
    assertTrue(
        fault == Ipv4Fault.NONE
            || fault == Ipv4Fault.OPTION_LENGTH
            || fault == Ipv4Fault.SOURCE_ROUTE);
    Statistics.label("fault")
        .collect(fault)
        .coverage(
            coverage -> {
              coverage.check(Ipv4Fault.NONE).percentage(share -> share > 5);
              coverage.check(Ipv4Fault.OPTION_LENGTH).percentage(share -> share > 5);
              coverage.check(Ipv4Fault.SOURCE_ROUTE).percentage(share -> share > 2);
            });
  }

  /** Bytes that are often a type or a length that means something. */
  @Provide
  Arbitrary<byte[]> optionBytes() {
    Arbitrary<Byte> telling =
        Arbitraries.of(0, 1, 2, 3, 4, 7, 68, 131, 137).map(Integer::byteValue);
    return Arbitraries.frequencyOf(Tuple.of(4, telling), Tuple.of(1, Arbitraries.bytes()))
        .array(byte[].class)
        .ofMaxSize(Ipv4Options.MAX_LENGTH);
  }

  @Provide
  Arbitrary<Ipv4Header> headers() {
    // Padding only: what the bytes of options mean is not the header's business here.
    Arbitrary<Ipv4Options> options =
        Arbitraries.bytes()
            .between((byte) 0, (byte) 1)
            .array(byte[].class)
            .ofMaxSize(Ipv4Options.MAX_LENGTH)
            .map(Ipv4Options::of);
    Arbitrary<Integer> octet = Arbitraries.integers().between(0, 255);
    return Combinators.combine(
            octet,
            Arbitraries.integers().between(60, 2000),
            Arbitraries.integers().between(0, 65_535),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 8191),
            Arbitraries.integers(),
            Arbitraries.integers(),
            options)
        .as(
            (tos, total, id, flags, offset, source, destination, o) ->
                new Ipv4Header(
                    tos,
                    total,
                    id,
                    (flags & 1) != 0,
                    (flags & 2) != 0,
                    offset * 8,
                    255 - tos,
                    id & 0xff,
                    new IpAddress(source),
                    new IpAddress(destination),
                    o));
  }
}
