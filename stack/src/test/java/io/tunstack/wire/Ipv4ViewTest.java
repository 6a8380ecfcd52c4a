package io.tunstack.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class Ipv4ViewTest {
  private static final int SOURCE = 0x0a4d0001;
  private static final int DESTINATION = 0xc0000299;
  private static final int AT = 5;

  /** A header with a different value in every field, and 30 bytes of payload behind it. */
  private static ByteBuf packet(int flagsAndOffset) {
    ByteBuf buf = Unpooled.buffer(AT + 50, AT + 50);
    Ipv4View.write(buf, AT, 0xb8, 50, 0xabcd, flagsAndOffset, 63, 17, SOURCE, DESTINATION);
    return buf;
  }

  private static Ipv4Fault checkWith(int index, int value, int available) {
    ByteBuf buf = packet(0);
    buf.setByte(AT + index, value);
    return Ipv4View.check(buf, AT, available);
  }

  @Test
  void shouldReadWhatWasWritten() {
    ByteBuf buf = packet(Ipv4View.MORE_FRAGMENTS | 185);
    assertEquals(4, Ipv4View.version(buf, AT));
    assertEquals(20, Ipv4View.headerLength(buf, AT));
    assertEquals(0xb8, Ipv4View.typeOfService(buf, AT));
    assertEquals(50, Ipv4View.totalLength(buf, AT));
    assertEquals(0xabcd, Ipv4View.identification(buf, AT));
    assertFalse(Ipv4View.dontFragment(buf, AT));
    assertTrue(Ipv4View.moreFragments(buf, AT));
    assertEquals(1480, Ipv4View.fragmentOffset(buf, AT));
    assertEquals(63, Ipv4View.timeToLive(buf, AT));
    assertEquals(17, Ipv4View.protocol(buf, AT));
    assertEquals(SOURCE, Ipv4View.source(buf, AT));
    assertEquals(DESTINATION, Ipv4View.destination(buf, AT));
    assertEquals(Ipv4Fault.NONE, Ipv4View.check(buf, AT, 50));
  }

  @Test
  void shouldTellFragmentsFromWholeDatagrams() {
    assertFalse(Ipv4View.isFragment(packet(0), AT));
    assertFalse(Ipv4View.isFragment(packet(Ipv4View.DONT_FRAGMENT), AT));
    assertFalse(Ipv4View.isFragment(packet(0x8000), AT), "the reserved flag means nothing");
    assertTrue(Ipv4View.isFragment(packet(Ipv4View.MORE_FRAGMENTS), AT));
    assertTrue(Ipv4View.isFragment(packet(1), AT));
  }

  @Test
  void shouldWriteTheChecksumOfTheTextbook() {
    ByteBuf buf = Unpooled.buffer(20, 20);
    Ipv4View.write(buf, 0, 0, 0x73, 0, Ipv4View.DONT_FRAGMENT, 64, 17, 0xc0a80001, 0xc0a800c7);
    assertEquals(0xb861, Ipv4View.checksum(buf, 0));
  }

  @Test
  void shouldSayTooShort_whenAHeaderIsNotThere() {
    for (int available = 0; available < 20; available++) {
      assertEquals(Ipv4Fault.TOO_SHORT, Ipv4View.check(packet(0), AT, available));
    }
  }

  @Test
  void shouldSayVersion_whenItIsNot4() {
    assertEquals(Ipv4Fault.VERSION, checkWith(0, 0x55, 50));
    assertEquals(Ipv4Fault.VERSION, checkWith(0, 0x60, 50));
  }

  @Test
  void shouldSayHeaderLength_whenItIsBelow20OrPastThePacket() {
    assertEquals(Ipv4Fault.HEADER_LENGTH, checkWith(0, 0x40, 50));
    assertEquals(Ipv4Fault.HEADER_LENGTH, checkWith(0, 0x41, 50));
    assertEquals(Ipv4Fault.HEADER_LENGTH, checkWith(0, 0x44, 50));
    assertEquals(Ipv4Fault.HEADER_LENGTH, checkWith(0, 0x4f, 50));
  }

  /** Five words of header stated as six, of a datagram of 20 bytes. */
  private static ByteBuf shortTotal() {
    ByteBuf buf = packet(0);
    buf.setByte(AT, 0x46);
    buf.setShort(AT + 2, 20);
    return buf;
  }

  @Test
  void shouldSayTotalLength_whenItIsBelowTheHeaderOrPastThePacket() {
    assertEquals(Ipv4Fault.TOTAL_LENGTH, Ipv4View.check(shortTotal(), AT, 50));
    assertEquals(Ipv4Fault.TOTAL_LENGTH, checkWith(3, 0, 50));
    assertEquals(Ipv4Fault.TOTAL_LENGTH, checkWith(3, 19, 50));
    assertEquals(Ipv4Fault.TOTAL_LENGTH, checkWith(3, 51, 50));
    assertEquals(Ipv4Fault.TOTAL_LENGTH, checkWith(2, 0x05, 50));
  }

  @Test
  void shouldSayChecksum_whenAnyOtherByteChanges() {
    for (int index = 4; index < 20; index++) {
      int original = packet(0).getUnsignedByte(AT + index);
      assertEquals(Ipv4Fault.CHECKSUM, checkWith(index, original ^ 1, 50), "byte " + index);
    }
  }
}
