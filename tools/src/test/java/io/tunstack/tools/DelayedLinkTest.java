package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.time.VirtualClock;
import org.junit.jupiter.api.Test;

final class DelayedLinkTest {
  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair pair = InMemoryLink.pair(1500);
  private final Link delayed = new DelayedLink(pair.right(), clock, 10);
  private final ByteBuf into = Unpooled.buffer(1500);

  private void send(Link link, int octet) {
    try (OutboundPacket packet = new OutboundPacket()) {
      packet.header().clear().writeByte(octet);
      link.send(packet);
    }
  }

  @Test
  void shouldDeliverInOrderAndNotBeforeItsTime() {
    send(pair.left(), 1);
    assertEquals(0, delayed.receive(into));
    assertEquals(10, delayed.nextDeadline());

    clock.advance(4);
    send(pair.left(), 2);
    assertEquals(0, delayed.receive(into));

    clock.advanceTo(10);
    assertEquals(1, delayed.receive(into));
    assertEquals(1, into.readByte());
    assertEquals(0, delayed.receive(into));
    assertEquals(14, delayed.nextDeadline());

    clock.advanceTo(14);
    assertEquals(1, delayed.receive(into));
    assertEquals(2, into.readByte());
    assertEquals(Link.NEVER, delayed.nextDeadline());
  }

  @Test
  void shouldSendAtOnce() {
    send(delayed, 3);

    assertEquals(1, pair.left().receive(into));
    assertEquals(1500, delayed.mtu());
  }

  @Test
  void shouldForgetWhatIsUnderway_whenClosed() {
    send(pair.left(), 1);
    assertEquals(0, delayed.receive(into));

    delayed.close();

    assertEquals(Link.NEVER, delayed.nextDeadline());
  }
}
