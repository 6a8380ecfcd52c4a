package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryLinkTest {
  private static final int MTU = 68;

  private final InMemoryLink.Pair pair = InMemoryLink.pair(MTU);
  private final OutboundPacket packet = new OutboundPacket();
  private final ByteBuf into = Unpooled.buffer(MTU);

  @AfterEach
  void release() {
    packet.close();
    into.release();
  }

  @Test
  void shouldHandOverInOrder_whatTheOtherEndSent() {
    for (int i = 1; i <= 3; i++) {
      packet.header().setByte(0, i);
      assertTrue(pair.left().send(packet));
    }
    assertEquals(3, pair.right().waiting());
    assertEquals(0, pair.left().waiting());
    for (int i = 1; i <= 3; i++) {
      assertEquals(OutboundPacket.IP_HEADER_ROOM, pair.right().receive(into));
      assertEquals(i, into.getByte(0));
    }
    assertEquals(0, pair.right().receive(into));
  }

  @Test
  void shouldHaveConsumedTheBytes_whenSendReturns() {
    packet.header().setByte(0, 5);
    pair.left().send(packet);
    packet.header().setByte(0, 6);
    pair.right().receive(into);
    assertEquals(5, into.getByte(0));
  }

  @Test
  void shouldRefuse_whatIsLargerThanTheMtu() {
    ByteBuf payload = Unpooled.buffer(MTU);
    packet.addRange(payload, 0, MTU - OutboundPacket.IP_HEADER_ROOM);
    assertTrue(pair.left().send(packet));
    packet.addRange(payload, 0, 1);
    assertFalse(pair.left().send(packet));
    payload.release();
  }

  @Test
  void shouldRefuse_whenTheQueueIsFull() {
    for (int i = 0; i < InMemoryLink.QUEUE_PACKETS; i++) {
      assertTrue(pair.left().send(packet));
    }
    assertFalse(pair.left().send(packet));
    pair.right().receive(into);
    assertTrue(pair.left().send(packet));
  }

  @Test
  void shouldRefuse_whenEitherEndIsClosed() {
    pair.left().send(packet);
    pair.right().close();
    assertEquals(0, pair.right().receive(into));
    assertFalse(pair.left().send(packet));
    assertFalse(pair.right().send(packet));
  }
}
