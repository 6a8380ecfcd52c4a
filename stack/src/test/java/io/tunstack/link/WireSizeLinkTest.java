package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WireSizeLinkTest {
  private final InMemoryLink.Pair pair = InMemoryLink.offloadingPair(1500);
  private final WireSizeLink link = new WireSizeLink(pair.right());
  private final OutboundPacket packet = new OutboundPacket();
  private final ByteBuf input = Unpooled.buffer(1500);

  @AfterEach
  void close() {
    link.close();
    packet.close();
  }

  private void sendLarge(int text) {
    packet.reset().header().writerIndex(20);
    TcpView.emit(packet.header(), 1, 2, 3, 4, TcpView.ACK, 5);
    TcpView.setHeaderLength(packet.header(), 20, 20);
    packet.addRange(Unpooled.buffer(text).writeZero(text), 0, text);
    packet.leaveToLink(1460);
    Ipv4View.write(packet.header(), 0, 0, 40 + text, 0, 0, 64, 6, 1, 2);
    pair.left().send(packet);
  }

  @Test
  void shouldDeliverSegmentBySegment() {
    sendLarge(3000);
    sendLarge(5);

    assertEquals(1500, link.receive(input));
    assertEquals(1500, link.receive(input));
    assertEquals(120, link.receive(input));
    assertEquals(45, link.receive(input));
    assertEquals(0, link.receive(input));
    assertEquals(ReceivedChecksum.UNVERIFIED, link.receivedChecksum());
  }

  @Test
  void shouldNotOffload() {
    assertFalse(link.offloads());
    assertEquals(1500, link.receiveBytes());
    assertEquals(1500, link.mtu());
    assertEquals(Link.NEVER, link.nextDeadline());
  }

  @Test
  void shouldPassOnWhatIsSent() {
    packet.header().writeZero(10);

    link.send(packet);
    link.flush();

    assertEquals(1, pair.left().waiting());
  }

  @Test
  void shouldDeliverNothing_whenClosed() {
    sendLarge(3000);
    link.receive(input);

    link.close();
    link.close();

    assertEquals(0, link.receive(input));
  }
}
