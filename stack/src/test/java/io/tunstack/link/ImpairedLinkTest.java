package io.tunstack.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.time.VirtualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImpairedLinkTest {
  private static final int MTU = 100;

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair pair = InMemoryLink.pair(MTU);
  private final ImpairedLink link =
      new ImpairedLink(
          pair.left(), clock, Impairment.NONE.withDelay(Duration.ofMillis(4), Duration.ZERO), 1);
  private final ByteBuf into = Unpooled.buffer(MTU);

  @AfterEach
  void close() {
    link.close();
    link.close();
    into.release();
  }

  private static OutboundPacket packet(int mark) {
    OutboundPacket packet = new OutboundPacket();
    packet.header().setByte(0, mark);
    return packet;
  }

  private void arrives(int mark) {
    try (OutboundPacket packet = packet(mark)) {
      assertTrue(pair.right().send(packet));
    }
  }

  @Test
  void shouldDeliverLate_andSayWhen() {
    assertEquals(MTU, link.mtu());
    assertEquals(Link.NEVER, link.nextDeadline());
    arrives(7);
    assertEquals(0, link.receive(into));
    assertEquals(Duration.ofMillis(4).toNanos(), link.nextDeadline());
    clock.advance(Duration.ofMillis(4));
    assertEquals(OutboundPacket.IP_HEADER_ROOM, link.receive(into));
    assertEquals(7, into.getByte(0));
    assertEquals(0, link.receive(into));
  }

  @Test
  void shouldLetPacketsOvertake_whenOneIsHeldBack() {
    link.line().script(List.of(Fate.delayed(Duration.ofMillis(1).toNanos())));
    arrives(1);
    arrives(2);
    link.receive(into);
    clock.advance(Duration.ofMillis(5));
    link.receive(into);
    assertEquals(2, into.getByte(0));
    link.receive(into);
    assertEquals(1, into.getByte(0));
  }

  @Test
  void shouldPassOnUntouched_whatIsSent() {
    try (OutboundPacket packet = packet(3)) {
      assertTrue(link.send(packet));
    }
    link.flush();
    assertEquals(1, pair.right().waiting());
  }

  @Test
  void shouldCloseWhatItWraps_andDeliverNothingAfter() {
    arrives(1);
    link.close();
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, link.receive(into));
    try (OutboundPacket packet = packet(1)) {
      assertFalse(pair.right().send(packet), "the peer is closed");
    }
  }
}
