package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FragmenterTest {
  @Test
  @Requirement({"FRAG-011", "IP-017"})
  void shouldCutAtMultiplesOfEight_withOneId() {
    try (IpRig rig = new IpRig()) {
      byte[] whole = Packets.ping(Packets.data(4000));
      rig.inject(Packets.fragment(whole, 9, 0, 2000));
      rig.inject(Packets.fragment(whole, 9, 2000, 2008));
      List<byte[]> fragments = rig.expectAll();
      assertEquals(3, fragments.size());
      int next = 0;
      int id = Ipv4View.identification(Unpooled.wrappedBuffer(fragments.get(0)), 0);
      for (byte[] fragment : fragments) {
        ByteBuf buf = Unpooled.wrappedBuffer(fragment);
        assertEquals(next, Ipv4View.fragmentOffset(buf, 0));
        assertEquals(id, Ipv4View.identification(buf, 0));
        next += fragment.length - 20;
        assertEquals(next != 4008, Ipv4View.moreFragments(buf, 0));
        assertFalse(Ipv4View.dontFragment(buf, 0));
      }
      assertEquals(4008, next);
      assertEquals(3, rig.counters.get(Counter.IP_FRAG_CREATES));
      assertEquals(1, rig.counters.get(Counter.IP_FRAG_OKS));
    }
  }

  @Test
  @Requirement({"ICMP-004", "FRAG-009"})
  void shouldCarryTheLargestEchoThereIs() {
    byte[] ping = Packets.ping(Packets.data(65_507));
    try (IpRig rig = new IpRig();
        IpRig peer = new IpRig(Ipv4Config.of("10.77.0.1/24"), 1500)) {
      for (int at = 0; at < 65_515; at += 1480) {
        rig.inject(Packets.fragment(ping, 7, at, Math.min(1480, 65_515 - at)));
      }
      RecordingTransport icmp = new RecordingTransport(6);
      peer.ip.register(icmp);
      for (byte[] fragment : rig.expectAll()) {
        assertTrue(fragment.length <= 1500);
        // The peer's own ICMP swallows replies; as TCP the recorder gets it.
        peer.inject(Packets.edit(fragment, b -> b.setByte(9, 6)));
      }
      assertArrayEquals(
          Packets.icmp(0, 0, 0x1234_0007, Packets.data(65_507)), icmp.payloads.get(0));
    }
  }

  /** A link that puts packets off copies their headers only: see {@link Link#batch}. */
  @Test
  void shouldNotPointToTheHeaderScratch_whichTheNextPacketIsWrittenTo() {
    byte[] data = Packets.data(3000);
    ByteBuf text = Unpooled.wrappedBuffer(data);
    OutboundPacket packet = new OutboundPacket();
    packet.header().writeBytes(Packets.data(40));
    packet.addRange(text, 0, data.length);
    int total = packet.length();
    Ipv4View.write(packet.header(), 0, 0, total, 7, 0, 64, TcpView.PROTOCOL, 1, 2);
    LateLink link = new LateLink();
    Fragmenter fragmenter = new Fragmenter(link, new Counters());

    assertTrue(fragmenter.send(packet));
    packet.reset().header().setZero(0, packet.header().capacity());

    assertEquals(3, link.late.size());
    ByteBuf payload = Unpooled.buffer(total);
    for (OutboundPacket fragment : link.late) {
      ByteBuf whole = Unpooled.buffer(fragment.length());
      fragment.copyTo(whole);
      payload.writeBytes(whole.skipBytes(20));
      fragment.close();
    }
    assertEquals(Unpooled.wrappedBuffer(Packets.data(40), data), payload);
    fragmenter.close();
    packet.close();
  }

  /** Keeps packets: a copy of the header, and ranges that are somebody else's. */
  private static final class LateLink implements Link {
    private final List<OutboundPacket> late = new ArrayList<>();

    @Override
    public boolean send(OutboundPacket packet) {
      OutboundPacket kept = new OutboundPacket();
      kept.header().clear().writeBytes(packet.header(), 0, packet.header().readableBytes());
      for (int i = 0; i < packet.rangeCount(); i++) {
        kept.addRange(packet.rangeBuffer(i), packet.rangeOffset(i), packet.rangeLength(i));
      }
      return late.add(kept);
    }

    @Override
    public int mtu() {
      return 1500;
    }

    @Override
    public int receive(ByteBuf into) {
      return 0;
    }

    @Override
    public void close() {}
  }
}
