package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.TcpView;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A link that leaves checksums out and delivers many segments as one. */
class OffloadTest {
  private static final int CHECKSUM_AT = 20 + 16;

  private static void spoil(TcpScript s) {
    byte[] packet = s.link.inbox.peekLast();
    packet[CHECKSUM_AT] ^= 0x55;
  }

  @Test
  void shouldNotVerify_whenTheLinkVouches() {
    for (ReceivedChecksum known :
        new ReceivedChecksum[] {ReceivedChecksum.PARTIAL, ReceivedChecksum.VERIFIED}) {
      try (TcpScript s = TcpScript.established()) {
        s.link.checksum = known;
        s.queue("P. 1:11(10) ack 1 win 65535");
        spoil(s);
        s.settle();
        s.expectReceived(10);
      }
    }
  }

  @Test
  void shouldVerify_whenTheLinkDoesNotVouch() {
    try (TcpScript s = TcpScript.established()) {
      s.queue("P. 1:11(10) ack 1 win 65535");
      spoil(s);
      s.settle();
      s.expectReceived(0);
      assertEquals(1, s.drops(DropReason.TCP_CHECKSUM));
    }
  }

  @Test
  void shouldAcknowledgeAtOnce_whenOnePacketIsSeveralSegments() {
    try (TcpScript s = TcpScript.established()) {
      s.link.segmentBytes = 1460;
      long before = s.counter(Counter.TCP_IN_SEGS);
      s.injectBatch(". 1:14601(14600) ack 1 win 65535");
      s.expect(". 1:1(0) ack 14601");
      assertEquals(10, s.counter(Counter.TCP_IN_SEGS) - before);
      s.injectBatch(". 14601:17522(2921) ack 1 win 65535");
      s.expect(". 1:1(0) ack 17522");
      assertEquals(13, s.counter(Counter.TCP_IN_SEGS) - before);
    }
  }

  @Test
  void shouldStillAcknowledgeEverySecondSegment_whenTheyComeOneByOneAfterwards() {
    try (TcpScript s = TcpScript.established(TcpScript.PATIENT)) {
      s.link.segmentBytes = 1460;
      s.injectBatch(". 1:14601(14600) ack 1 win 65535");
      s.expect(". 1:1(0) ack 14601");
      s.link.segmentBytes = 0;
      s.injectBatch(". 14601:16061(1460) ack 1 win 65535");
      s.expectNothing();
      s.injectBatch(". 16061:17521(1460) ack 1 win 65535");
      s.expect(". 1:1(0) ack 17521");
    }
  }

  @Test
  void shouldLeaveThePseudoHeadersSum_whenTheLinkOffloads() {
    try (TcpScript s = TcpScript.established()) {
      s.link.offloads = true;
      s.write(100);
      assertTrue(s.link.leftToLink);
      ByteBuf packet = Unpooled.wrappedBuffer(s.link.sent.peek());
      long pseudo =
          Checksum.pseudoHeader(
              packet.getInt(12), packet.getInt(16), TcpView.PROTOCOL, packet.readableBytes() - 20);
      assertEquals(Checksum.fold(pseudo), packet.getUnsignedShort(CHECKSUM_AT));
    }
  }

  @Test
  void shouldLeaveNothing_whenTheLinkDoesNotOffload() {
    try (TcpScript s = TcpScript.established()) {
      s.write(100);
      assertFalse(s.link.leftToLink);
    }
  }

  /** Established over a link that cuts packets; the peer's window is 65,535 unless said. */
  private static TcpScript cutting(int window) {
    TcpScript s = new TcpScript();
    s.link.offloads = true;
    s.inject("S 0:0(0) win " + window + " <mss 1460>");
    s.expect("S. 0:0(0) ack 1 <mss 1460>");
    s.inject(". 1:1(0) ack 1 win " + window);
    s.expectNothing();
    return s;
  }

  @Test
  void shouldSendTheCongestionWindowInOnePacket_thatCountsAsItsSegments() {
    try (TcpScript s = cutting(65535)) {
      long before = s.counter(Counter.TCP_OUT_SEGS);
      s.write(40_000);
      s.expect(". 1:14601(14600) ack 1");
      s.expectNothing();
      assertEquals(1460, s.link.sentSegmentBytes);
      assertEquals(10, s.counter(Counter.TCP_OUT_SEGS) - before);
    }
  }

  @Test
  void shouldOpenTheWindowByWhatIsAcknowledged_whenOneAckIsForManySegments() {
    try (TcpScript s = cutting(65535)) {
      s.write(60_000);
      s.expect(". 1:14601(14600) ack 1");
      s.inject(". 1:1(0) ack 14601 win 65535");
      s.expect(". 14601:43801(29200) ack 1");
      s.expectNothing();
    }
  }

  @Test
  void shouldKeepBackTheTail_whenNagleWould() {
    try (TcpScript s = cutting(65535)) {
      s.write(5000);
      s.expect("P. 1:5001(5000) ack 1");
      s.write(3000);
      s.expect(". 5001:7921(2920) ack 1");
      s.expectNothing();
      s.inject(". 1:1(0) ack 7921 win 65535");
      s.expect("P. 7921:8001(80) ack 1");
    }
  }

  @Test
  void shouldLetTheTailGoAlong_whenNagleIsOff() {
    try (TcpScript s = cutting(65535)) {
      s.app.socket.setNoDelay(true);
      s.write(5000);
      s.expect("P. 1:5001(5000) ack 1");
      assertEquals(1460, s.link.sentSegmentBytes);
    }
  }

  @Test
  void shouldLetTailAndFinGoAlong_whenTheApplicationCloses() {
    try (TcpScript s = cutting(65535)) {
      s.app.socket.write(ByteBuffer.allocate(5000));
      s.app.socket.shutdownOutput();
      s.settle();
      assertEquals(1, s.link.sent.size());
      s.drain();
      s.inject(". 1:1(0) ack 5002 win 65535");
      s.expectNothing();
    }
  }

  @Test
  void shouldSendNoMoreThanThePeersWindow_inWholeSegments() {
    try (TcpScript s = cutting(5000)) {
      s.write(20_000);
      s.expect(". 1:4381(4380) ack 1");
      s.expectNothing();
      assertEquals(1460, s.link.sentSegmentBytes);
    }
  }

  @Test
  void shouldSendSegmentsAgainOneByOne_afterATimeOut() {
    try (TcpScript s = cutting(65535)) {
      s.write(14_600);
      s.expect("P. 1:14601(14600) ack 1");
      s.afterMillis(210);
      s.expect(". 1:1461(1460) ack 1");
      assertEquals(0, s.link.sentSegmentBytes);
      s.inject(". 1:1(0) ack 14601 win 65535");
      s.afterMillis(60_000);
      s.expectNothing();
    }
  }
}
