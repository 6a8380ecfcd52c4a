package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

final class FourTupleTest {
  private static final IpAddress A = IpAddress.parse("10.77.0.2");
  private static final IpAddress B = IpAddress.parse("10.77.0.1");

  @Test
  void shouldPrintLocalFirst() {
    assertEquals("10.77.0.2:80 - 10.77.0.1:40000", new FourTuple(A, 80, B, 40_000).toString());
  }

  @Test
  void shouldTellTheTwoEndsApart() {
    assertEquals(new FourTuple(A, 80, B, 40_000), new FourTuple(A, 80, B, 40_000));
    assertNotEquals(new FourTuple(A, 80, B, 40_000), new FourTuple(B, 40_000, A, 80));
  }
}
