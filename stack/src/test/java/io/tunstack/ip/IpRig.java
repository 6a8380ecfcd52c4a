package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.stats.Counters;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.Ipv4Fault;
import io.tunstack.wire.Ipv4View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One IP layer at 10.77.0.2/24 with a link below that records and judges everything sent. Close it
 * at the end: it checks that nothing is held once time is over.
 */
public final class IpRig implements AutoCloseable {
  /** Longer than any reassembly waits here. */
  public static final long MINUTES = 300_000_000_000L;

  /** The stack's counters. */
  public final Counters counters = new Counters();

  /** The layer. */
  public final Ipv4 ip;

  /** The clock's nanoseconds; starts where a difference from zero shows. */
  public long now = 5_000_000_000L;

  /** Whether the link takes what it is given. */
  public boolean linkAccepts = true;

  private final ArrayDeque<byte[]> sent = new ArrayDeque<>();

  /** Makes a layer with the default limits and an MTU of 1500. */
  public IpRig() {
    this(Ipv4Config.of("10.77.0.2/24"), 1500);
  }

  /** Makes a layer. */
  public IpRig(Ipv4Config config, int mtu) {
    SplittableRandom random = new SplittableRandom(42);
    ip = new Ipv4(new Recorder(mtu), config, counters, random::nextLong);
  }

  /** Lets a packet arrive, in the middle of a larger buffer, and checks that it is not changed. */
  public void inject(byte[] packet) {
    ByteBuf buffer = Unpooled.buffer(packet.length + 9, packet.length + 9);
    buffer.writeZero(5).writeBytes(packet).readerIndex(5);
    byte[] before = ByteBufUtil.getBytes(buffer, 0, buffer.capacity());
    ip.receive(buffer, now);
    assertArrayEquals(before, ByteBufUtil.getBytes(buffer, 0, buffer.capacity()));
    assertEquals(5, buffer.readerIndex());
    assertEquals(5 + packet.length, buffer.writerIndex());
    assertEquals(1, buffer.refCnt());
    buffer.release();
  }

  /** Takes the oldest packet sent. */
  public byte[] expect() {
    byte[] packet = sent.poll();
    assertNotNull(packet, "a packet was expected");
    return packet;
  }

  /** Takes the only packet sent. */
  public byte[] expectOne() {
    byte[] packet = expect();
    expectNothing();
    return packet;
  }

  /** Takes everything sent. */
  public List<byte[]> expectAll() {
    List<byte[]> all = new ArrayList<>(sent);
    sent.clear();
    return all;
  }

  /** Checks that nothing was sent. */
  public void expectNothing() {
    assertEquals(0, sent.size(), "packets that should not have been sent");
  }

  /** Lets time pass, and the layer act on it when it said it would. */
  public void advance(long nanos) {
    now += nanos;
    if (ip.nextDeadline() <= now) {
      ip.expire(now);
    }
    assertTrue(ip.nextDeadline() > now, "nothing overdue is left");
  }

  /** Checks that a good echo request is still answered. */
  public void assertAlive() {
    sent.clear();
    inject(Packets.ping(Packets.data(33)));
    assertArrayEquals(
        Packets.icmp(0, 0, 0x1234_0007, Packets.data(33)), Packets.payload(expectOne()));
  }

  @Override
  public void close() {
    advance(MINUTES);
    assertEquals(0, ip.fragmentBytesHeld(), "fragment bytes held");
    assertEquals(0, ip.fragmentedDatagramsHeld(), "datagrams held");
    assertEquals(Link.NEVER, ip.nextDeadline());
    ip.close();
    ip.close();
  }

  /** A link that checks each packet as a peer would (IP-011) and keeps a copy. */
  private final class Recorder implements Link {
    private final int mtu;

    Recorder(int mtu) {
      this.mtu = mtu;
    }

    @Override
    public int mtu() {
      return mtu;
    }

    @Override
    public boolean send(OutboundPacket packet) {
      if (!linkAccepts) {
        return false;
      }
      byte[] bytes = new byte[packet.length()];
      ByteBuf buf = Unpooled.wrappedBuffer(bytes);
      packet.copyTo(buf.writerIndex(0));
      assertEquals(Ipv4Fault.NONE, Ipv4View.check(buf, 0, bytes.length));
      assertEquals(bytes.length, Ipv4View.totalLength(buf, 0));
      assertTrue(bytes.length <= mtu, "fits the link");
      assertTrue(ip.isLocal(Ipv4View.source(buf, 0)), "comes from an address of ours");
      assertTrue(ip.isUsableRemote(Ipv4View.destination(buf, 0)), "goes to one host");
      if (!Ipv4View.isFragment(buf, 0) && Ipv4View.protocol(buf, 0) == Icmp.PROTOCOL) {
        assertTrue(Checksum.isValid(Checksum.sum(buf, 20, bytes.length - 20)), "ICMP checksum");
      }
      sent.add(bytes);
      return true;
    }

    @Override
    public int receive(ByteBuf into) {
      return 0;
    }

    @Override
    public void close() {}
  }
}
