package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.requirement.Requirement;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Numbers and their distance; often they lie on either side of 2³¹ or of 2³². */
@Requirement("TCP-009")
final class SeqProperties {
  private static final int NEAR = 2000;

  @Provide
  Arbitrary<Integer> number() {
    Arbitrary<Integer> near = Arbitraries.integers().between(-NEAR, NEAR);
    return Arbitraries.oneOf(
        near, near.map(offset -> Integer.MIN_VALUE + offset), Arbitraries.integers());
  }

  @Property
  void shouldOrderTwoNumbers_whereverTheyWrap(
      @ForAll("number") int a, @ForAll @IntRange(min = 1) int distance) {
    int b = a + distance;

    assertTrue(Seq.lt(a, b) && Seq.le(a, b) && Seq.gt(b, a) && Seq.ge(b, a));
    assertFalse(Seq.lt(b, a) || Seq.le(b, a) || Seq.gt(a, b) || Seq.ge(a, b));
    assertTrue(Seq.olderTimestamp(a, b) && !Seq.olderTimestamp(b, a));
    assertEquals(b, Seq.max(a, b));
    assertEquals(b, Seq.max(b, a));
    assertEquals(a, Seq.min(a, b));
    assertEquals(a, Seq.min(b, a));
    assertEquals(distance, Seq.distance(a, b));
    assertEquals(-distance, Seq.distance(b, a));
    Statistics.label("wraps")
        .collect(a > b ? "2^31" : Integer.compareUnsigned(a, b) > 0 ? "2^32" : "none")
        .coverage(
            coverage -> {
              coverage.check("2^31").percentage(share -> share > 5);
              coverage.check("2^32").percentage(share -> share > 5);
            });
  }

  @Property
  void shouldNotOrderANumberAndItself(@ForAll("number") int a) {
    assertTrue(Seq.le(a, a) && Seq.ge(a, a));
    assertFalse(Seq.lt(a, a) || Seq.gt(a, a) || Seq.olderTimestamp(a, a));
    assertEquals(0, Seq.distance(a, a));
  }

  @Property
  void shouldKnowWhatLiesInAWindow(
      @ForAll("number") int start,
      @ForAll @IntRange(max = 1 << 30) int length,
      @ForAll @IntRange(min = -(1 << 30), max = 1 << 30) int offset) {
    boolean inside = offset >= 0 && offset < length;

    assertEquals(inside, Seq.inWindow(start + offset, start, length));
    assertFalse(Seq.inWindow(start + length, start, length));
    assertFalse(Seq.inWindow(start - 1, start, length));
    assertEquals(length > 0, Seq.inWindow(start, start, length));
    Statistics.label("inside")
        .collect(inside)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
  }
}
