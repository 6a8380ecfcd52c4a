package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.udp.EndpointHandler;
import io.tunstack.udp.Udp;
import io.tunstack.udp.UdpError;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4View;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/**
 * Any bytes, and packets damaged in every way, go in; no exception comes out, everything sent is
 * well-formed (the rig sees to that), the stack still answers, and in the end nothing is held.
 */
final class Ipv4Fuzz {
  private static final int TCP = 6;

  /** Every reason that a single stack without sockets can have to drop a received packet. */
  private static final Set<DropReason> REACHABLE =
      EnumSet.of(
          DropReason.IP_TOO_SHORT,
          DropReason.IP_NOT_VERSION_4,
          DropReason.IP_HEADER_LENGTH,
          DropReason.IP_TOTAL_LENGTH,
          DropReason.IP_CHECKSUM,
          DropReason.IP_OPTION,
          DropReason.IP_SOURCE_ADDRESS,
          DropReason.IP_NOT_FOR_US,
          DropReason.IP_UNKNOWN_PROTOCOL,
          DropReason.FRAGMENT_MALFORMED,
          DropReason.FRAGMENT_OVERLAP,
          DropReason.FRAGMENT_DUPLICATE,
          DropReason.FRAGMENT_TIMEOUT,
          DropReason.ICMP_TOO_SHORT,
          DropReason.ICMP_CHECKSUM,
          DropReason.ICMP_IGNORED,
          DropReason.ICMP_BAD_QUOTE,
          DropReason.UDP_LENGTH,
          DropReason.UDP_CHECKSUM,
          DropReason.UDP_NO_PORT,
          DropReason.UDP_RECEIVE_BUFFER);

  /** A layer with a transport that takes everything, and UDP with two sockets. */
  private record Bench(IpRig rig, Udp udp) {}

  private static Bench bench() {
    IpRig rig = new IpRig();
    rig.ip.register(new RecordingTransport(TCP));
    Udp udp = new Udp(rig.ip, rig.counters, () -> 7, () -> rig.now);
    rig.ip.register(udp);
    EndpointHandler handler = new Listening();
    udp.bind(IpAddress.UNSPECIFIED, 54, handler).setReceiveBuffer(150);
    udp.bind(IpAddress.UNSPECIFIED, 55, handler).connect(Packets.PEER, 5000);
    return new Bench(rig, udp);
  }

  /** Lets what arrives wait until its queue is full. */
  private static final class Listening implements EndpointHandler {
    @Override
    public void onReadable() {}

    @Override
    public void onError(UdpError error) {
      assertNotNull(error.toException().getMessage());
    }
  }

  private static void settle(Bench bench) {
    bench.udp.runCallbacks();
    bench.udp.close();
    assertEquals(0, bench.udp.queuedBytes());
    bench.rig.advance(IpRig.MINUTES);
    bench.rig.assertAlive();
    bench.rig.close();
  }

  @Property(tries = 500)
  void shouldSurviveAnyBytes(@ForAll List<@Size(max = 120) byte[]> packets) {
    Bench bench = bench();
    packets.forEach(bench.rig::inject);
    settle(bench);
  }

  @Property(tries = 3000)
  void shouldSurviveDamagedPackets(
      @ForAll @IntRange(min = 1, max = 30) int packets, @ForAll Random random) {
    Bench bench = bench();
    IpRig rig = bench.rig;
    for (int i = 0; i < packets; i++) {
      rig.inject(damage(pristine(random), random));
      if (random.nextInt(20) == 0) {
        rig.advance(random.nextInt(70) * 1_000_000_000L);
        bench.udp.runCallbacks();
      }
    }
    settle(bench);
    for (DropReason reason : REACHABLE) {
      Statistics.label(reason.name())
          .collect(rig.counters.get(reason) > 0)
          .coverage(coverage -> coverage.check(true).count(count -> count > 5));
    }
    Statistics.label("delivered to a UDP socket")
        .collect(rig.counters.get(Counter.UDP_IN_DATAGRAMS) > 0)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 12));
    Statistics.label("reassembled")
        .collect(rig.counters.get(Counter.IP_REASM_OKS) > 0)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
  }

  private static byte[] pristine(Random random) {
    byte[] data = Packets.data(random.nextInt(200));
    byte[] ours =
        Packets.datagram(TCP, "10.77.0.2", "10.77.0.1", Packets.data(8 + random.nextInt(30)));
    byte[] ping = Packets.ping(Packets.data(56));
    return switch (random.nextInt(10)) {
      case 0 -> Packets.ping(data);
      case 1 -> Packets.datagram(TCP, data);
      case 2 -> Packets.datagram(Udp.PROTOCOL, Packets.udp(5000, 53 + random.nextInt(3), data));
      case 3 -> Packets.datagram(Packets.UNKNOWN_PROTOCOL, data);
      case 4 -> error(random, random.nextBoolean() ? ours : ourDatagram(random));
      case 5 -> Packets.withOptions(1, Packets.echo(data), 7, 7, 4, 0, 0, 0, 0, 1, 0x1e, 2);
      case 6 -> Packets.datagram(1, Packets.data(random.nextInt(9)));
      case 7 -> Packets.fragment(ping, random.nextInt(2), 8 * random.nextInt(6), 16);
      default -> Packets.fragment(ping, random.nextInt(2), 32 * random.nextInt(2), 32);
    };
  }

  private static byte[] ourDatagram(Random random) {
    byte[] udp = Packets.udp(54 + random.nextInt(2), 5000, Packets.data(random.nextInt(30)));
    return Packets.datagram(Udp.PROTOCOL, "10.77.0.2", "10.77.0.1", udp);
  }

  private static byte[] error(Random random, byte[] quote) {
    int type = random.nextBoolean() ? 3 + 8 * random.nextInt(2) : random.nextInt(20);
    int quoted = random.nextInt(4) == 0 ? random.nextInt(quote.length) : quote.length;
    byte[] message = Packets.icmp(type, random.nextInt(5), 0, Arrays.copyOf(quote, quoted));
    return Packets.datagram(1, message);
  }

  /** Changes a few bytes or the length; half of the time the checksums are then made right. */
  private static byte[] damage(byte[] packet, Random random) {
    byte[] damaged = packet.clone();
    if (random.nextInt(4) == 0) {
      damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length + 20));
    }
    for (int changes = random.nextInt(3); changes > 0 && damaged.length > 0; changes--) {
      // Headers matter more than data.
      int at = random.nextInt(random.nextBoolean() ? Math.min(damaged.length, 28) : damaged.length);
      damaged[at] =
          (byte) (random.nextBoolean() ? damaged[at] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    if (random.nextInt(4) != 0) {
      repair(damaged);
    }
    return damaged;
  }

  /** Makes the checksums of IPv4 and, where there is one, of ICMP right. */
  private static void repair(byte[] packet) {
    ByteBuf buf = Unpooled.wrappedBuffer(packet);
    Packets.repair(buf);
    int header = packet.length == 0 ? 0 : Ipv4View.headerLength(buf, 0);
    int length = packet.length < 20 ? 0 : Ipv4View.totalLength(buf, 0) - header;
    boolean whole = length >= 4 && header >= 20 && header + length <= packet.length;
    if (whole && Ipv4View.protocol(buf, 0) == 1 && !Ipv4View.isFragment(buf, 0)) {
      buf.setShort(header + 2, 0);
      buf.setShort(header + 2, Checksum.finish(Checksum.sum(buf, header, length)));
    }
  }
}
