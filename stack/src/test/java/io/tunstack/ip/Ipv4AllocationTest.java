package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.stats.Counters;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class Ipv4AllocationTest {
  private static final int PACKETS = 20_000;

  /** Less than a byte a packet; what is left is the measurement's own. */
  private static final long TOLERATED_BYTES = 10_000;

  @Test
  void shouldAllocateNothing_whenPacketsAreWhole() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported(), "this JVM does not count allocations");
    CountingLink link = new CountingLink();
    SplittableRandom random = new SplittableRandom(1);
    Ipv4 ip = new Ipv4(link, Ipv4Config.of("10.77.0.2/24"), new Counters(), random::nextLong);
    ByteBuf ping = Unpooled.directBuffer().writeBytes(Packets.ping(Packets.data(1000)));
    byte[] unknown = Packets.datagram(Packets.UNKNOWN_PROTOCOL, Packets.data(1000));
    ByteBuf error = Unpooled.directBuffer().writeBytes(unknown);
    run(ip, ping, error);
    long before = threads.getCurrentThreadAllocatedBytes();
    run(ip, ping, error);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < TOLERATED_BYTES, allocated + " bytes for " + 2 * PACKETS + " packets");
    // The rate limit lets one error through every hundredth of a second.
    assertTrue(link.sent > 2 * PACKETS, link.sent + " packets sent");
    ping.release();
    error.release();
    ip.close();
    assertEquals(0, ip.fragmentBytesHeld());
  }

  private static void run(Ipv4 ip, ByteBuf ping, ByteBuf error) {
    for (int i = 0; i < PACKETS; i++) {
      long now = i * 1_000_000L;
      ip.receive(ping, now);
      ip.receive(error, now);
      ip.expire(now);
    }
  }

  private static final class CountingLink implements Link {
    private int sent;

    @Override
    public int mtu() {
      return 1500;
    }

    @Override
    public boolean send(OutboundPacket packet) {
      sent++;
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
