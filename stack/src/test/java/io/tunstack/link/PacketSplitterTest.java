package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.Ipv4Fault;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import io.tunstack.wire.UdpView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PacketSplitterTest {
  private static final int SEQ = 0xffff_ff00;
  private static final int ALL_FLAGS = TcpView.ACK | TcpView.PSH | TcpView.FIN | TcpView.CWR;
  private static final int OPTIONS = 12;
  private static final int HEADERS = 20 + TcpView.MIN_HEADER + OPTIONS;
  private static final int SOURCE = 0x0a4d0001;
  private static final int DESTINATION = 0x0a4d0002;

  private final PacketSplitter splitter = new PacketSplitter();

  /** A TCP packet as an offloading device delivers it, somewhere in a buffer. */
  private static ByteBuf large(int text) {
    ByteBuf packet = Unpooled.buffer(70_000).setIndex(10, 10);
    packet.writeZero(20);
    Ipv4View.write(
        packet, 10, 0, HEADERS + text, 0xfffe, Ipv4View.DONT_FRAGMENT, 64, 6, SOURCE, DESTINATION);
    TcpView.emit(packet, 80, 4711, SEQ, 5, ALL_FLAGS, 1000);
    packet.writeZero(OPTIONS);
    TcpView.setHeaderLength(packet, 30, TcpView.MIN_HEADER + OPTIONS);
    TcpView.setChecksum(
        packet,
        30,
        Checksum.fold(Checksum.pseudoHeader(SOURCE, DESTINATION, 6, HEADERS - 20 + text)));
    for (int i = 0; i < text; i++) {
      packet.writeByte(i % 251);
    }
    return packet;
  }

  private List<ByteBuf> split(ByteBuf packet, ReceivedChecksum checksum, int segmentBytes) {
    List<ByteBuf> all = new ArrayList<>();
    splitter.start(packet, checksum, segmentBytes);
    ByteBuf into = Unpooled.buffer(70_000);
    while (splitter.next(into) > 0) {
      all.add(into.copy());
    }
    return all;
  }

  private static void assertIntact(ByteBuf packet) {
    assertEquals(Ipv4Fault.NONE, Ipv4View.check(packet, 0, packet.readableBytes()));
    assertEquals(packet.readableBytes(), Ipv4View.totalLength(packet, 0));
    int length = packet.readableBytes() - 20;
    long pseudo = Checksum.pseudoHeader(SOURCE, DESTINATION, Ipv4View.protocol(packet, 0), length);
    assertTrue(Checksum.isValid(pseudo + Checksum.sum(packet, 20, length)));
  }

  @Test
  void shouldCutIntoWholePackets_whenThereAreSeveralSegments() {
    List<ByteBuf> packets = split(large(3501), ReceivedChecksum.PARTIAL, 1000);

    assertEquals(4, packets.size());
    int expected = 0;
    for (ByteBuf packet : packets) {
      assertIntact(packet);
      assertEquals(SEQ + expected, TcpView.sequence(packet, 20));
      int text = packet.readableBytes() - HEADERS;
      for (int i = 0; i < text; i++) {
        assertEquals((expected + i) % 251, packet.getUnsignedByte(HEADERS + i));
      }
      expected += text;
    }
    assertEquals(3501, expected);
    assertEquals(HEADERS + 501, packets.get(3).readableBytes());
  }

  @Test
  void shouldKeepFlagsWhereTheyBelong_andCountIdentificationsUp() {
    List<ByteBuf> packets = split(large(3000), ReceivedChecksum.PARTIAL, 1000);

    assertEquals(
        List.of(TcpView.ACK | TcpView.CWR, TcpView.ACK, TcpView.ACK | TcpView.PSH | TcpView.FIN),
        packets.stream().map(packet -> (int) packet.getUnsignedByte(33)).toList());
    assertEquals(
        List.of(0xfffe, 0xffff, 0),
        packets.stream().map(packet -> Ipv4View.identification(packet, 0)).toList());
  }

  @Test
  void shouldOnlyCompleteTheChecksum_whenItIsOneSegment() {
    List<ByteBuf> packets = split(large(1000), ReceivedChecksum.PARTIAL, 1000);

    assertEquals(1, packets.size());
    assertIntact(packets.get(0));
    assertEquals(ALL_FLAGS, packets.get(0).getUnsignedByte(33));
  }

  @Test
  void shouldNotTouchAByte_whenTheChecksumIsWhole() {
    ByteBuf packet = large(10);
    TcpView.setChecksum(packet, 30, 0x1234);

    for (ReceivedChecksum known : List.of(ReceivedChecksum.UNVERIFIED, ReceivedChecksum.VERIFIED)) {
      assertEquals(List.of(packet), split(packet, known, 0));
    }
  }

  @Test
  void shouldCompleteUdpsChecksumToo() {
    ByteBuf packet = Unpooled.buffer().writeZero(28).writeBytes(new byte[] {1, 2, 3});
    Ipv4View.write(packet, 0, 0, 31, 7, 0, 64, 17, SOURCE, DESTINATION);
    UdpView.write(packet, 20, 53, 4711, 11);
    packet.setShort(26, Checksum.fold(Checksum.pseudoHeader(SOURCE, DESTINATION, 17, 11)));

    List<ByteBuf> packets = split(packet, ReceivedChecksum.PARTIAL, 0);

    assertEquals(1, packets.size());
    assertIntact(packets.get(0));
  }

  @Test
  void shouldPassOnWhatItCannotRead() {
    ByteBuf runt = Unpooled.wrappedBuffer(new byte[] {0x45, 1, 2});
    ByteBuf noTransport = large(0).writerIndex(10 + 39);

    assertEquals(List.of(runt), split(runt, ReceivedChecksum.PARTIAL, 1000));
    assertEquals(List.of(noTransport), split(noTransport, ReceivedChecksum.PARTIAL, 1000));
    assertEquals(List.of(), split(Unpooled.EMPTY_BUFFER, ReceivedChecksum.PARTIAL, 0));
  }
}
