package io.tunstack.ip;

import static io.tunstack.ip.PartialDatagram.Fit.CONFLICT;
import static io.tunstack.ip.PartialDatagram.Fit.DUPLICATE;
import static io.tunstack.ip.PartialDatagram.Fit.NEW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Ipv4Header;
import io.tunstack.wire.Ipv4View;
import org.junit.jupiter.api.Test;

final class PartialDatagramTest {
  /** The payload, behind a header of 20 bytes. */
  private static final byte[] WHOLE = Packets.datagram(6, Packets.data(64));

  private static final ByteBuf BUFFER = Unpooled.wrappedBuffer(WHOLE);

  private final PartialDatagram partial =
      new PartialDatagram(new FragmentKey(1, 2, 3, 4), 1_000_000);

  private PartialDatagram.Fit judge(int start, int length, boolean last) {
    return partial.judge(start, length, last, BUFFER, 20 + start);
  }

  private void add(int start, int length, boolean last) {
    assertEquals(NEW, judge(start, length, last));
    partial.add(start, length, last, BUFFER, 20 + start);
  }

  @Test
  void shouldTakeWhatFillsAGap() {
    add(16, 16, false);
    assertEquals(NEW, judge(0, 16, false));
    assertEquals(NEW, judge(32, 8, false));
    assertEquals(NEW, judge(32, 32, true));
  }

  @Test
  void shouldTellDuplicatesFromForgeries() {
    add(16, 16, false);
    assertEquals(DUPLICATE, judge(16, 16, false));
    assertEquals(CONFLICT, judge(16, 16, true));
    ByteBuf forged = BUFFER.copy();
    forged.setByte(20 + 31, 0);
    assertEquals(CONFLICT, partial.judge(16, 16, false, forged, 36));
    forged.release();
  }

  @Test
  void shouldSeeEveryOverlap() {
    add(16, 16, false);
    assertEquals(CONFLICT, judge(8, 16, false));
    assertEquals(CONFLICT, judge(16, 8, false));
    assertEquals(CONFLICT, judge(24, 8, false));
    assertEquals(CONFLICT, judge(24, 16, false));
    assertEquals(CONFLICT, judge(8, 32, false));
  }

  @Test
  void shouldSeeEndsThatContradictEachOther() {
    add(16, 16, false);
    assertEquals(CONFLICT, judge(8, 8, true), "an end before what is here");
    add(48, 16, true);
    assertEquals(CONFLICT, judge(64, 8, false), "something behind the end");
    assertEquals(CONFLICT, judge(64, 8, true), "a second end");
    assertEquals(CONFLICT, judge(0, 8, true), "an end before the end");
    assertEquals(CONFLICT, judge(48, 16, false), "the end, but with more to come");
    assertEquals(DUPLICATE, judge(48, 16, true));
  }

  @Test
  void shouldWriteTheWhole_asIfItHadNeverBeenCut() {
    add(48, 16, true);
    add(0, 8, false);
    add(32, 16, false);
    add(8, 16, false);
    assertFalse(partial.isComplete());
    assertFalse(partial.hasFirstFragment());
    add(24, 8, false);
    ByteBuf first = Unpooled.wrappedBuffer(Packets.fragment(WHOLE, 99, 0, 8));
    partial.setHeader(first, 0, 20);
    assertTrue(partial.isComplete());
    assertTrue(partial.isSound());
    ByteBuf target = Unpooled.buffer();
    partial.writeWhole(target);
    Ipv4View.updateChecksum(target, 0, 20);
    assertEquals(84, target.readableBytes());
    Ipv4Header header = Ipv4Header.parse(target, 0, 84);
    assertEquals(84, header.totalLength());
    assertFalse(header.moreFragments());
    assertEquals(BUFFER.slice(20, 64), target.slice(20, 64));
    partial.writeFirstFragment(target);
    assertEquals(first, target);
  }

  @Test
  void shouldCostWhatItHolds_andLittleOnceAbandoned() {
    int empty = partial.cost();
    add(0, 40, false);
    partial.setHeader(BUFFER, 0, 20);
    assertEquals(empty + 40 + 20 + PartialDatagram.PIECE_OVERHEAD_BYTES, partial.cost());
    assertFalse(partial.isAbandoned());
    partial.abandon();
    assertTrue(partial.isAbandoned());
    assertFalse(partial.hasFirstFragment());
    assertEquals(empty, partial.cost());
  }
}
