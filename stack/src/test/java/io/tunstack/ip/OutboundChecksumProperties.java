package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.wire.Checksum;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

final class OutboundChecksumProperties {
  @Property
  void shouldSumThePiecesAsIfTheyWereOne(
      @ForAll @Size(max = 40) byte[] header,
      @ForAll @Size(max = 6) List<@Size(max = 50) byte[]> ranges) {
    OutboundPacket packet = new OutboundPacket();
    packet.header().writeBytes(header);
    for (byte[] range : ranges) {
      packet.addRange(Unpooled.wrappedBuffer(range), 0, range.length);
    }
    ByteBuf gathered = Unpooled.buffer(packet.length());
    packet.copyTo(gathered);
    int length = gathered.readableBytes() - OutboundPacket.IP_HEADER_ROOM;
    long expected = Checksum.sum(gathered, OutboundPacket.IP_HEADER_ROOM, length);
    assertEquals(Checksum.fold(expected), Checksum.fold(OutboundChecksum.sum(packet)));
    packet.close();
    int odd = header.length % 2;
    for (byte[] range : ranges) {
      odd += range.length % 2;
    }
    Statistics.label("odd pieces")
        .collect(Math.min(odd, 2))
        .coverage(coverage -> coverage.check(2).percentage(share -> share > 20));
  }
}
