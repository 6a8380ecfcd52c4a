package io.tunstack.tools;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.time.Clock;
import java.util.ArrayDeque;

/**
 * A link with a way to go: what the link below delivers at once arrives here some time later, so
 * that two segments can be on the way towards each other. Delays what is received, not what is
 * sent. One thread.
 */
final class DelayedLink implements Link {
  /** The largest IPv4 packet. */
  private static final int MAX_PACKET = 65_535;

  private final Link below;
  private final Clock clock;
  private final long delayNanos;
  private final ByteBuf scratch = Unpooled.buffer(MAX_PACKET, MAX_PACKET);
  private final ArrayDeque<Arrival> underway = new ArrayDeque<>();

  DelayedLink(Link below, Clock clock, long delayNanos) {
    this.below = below;
    this.clock = clock;
    this.delayNanos = delayNanos;
  }

  private record Arrival(long nanos, byte[] packet) {}

  @Override
  public int mtu() {
    return below.mtu();
  }

  @Override
  public boolean send(OutboundPacket packet) {
    return below.send(packet);
  }

  @Override
  public void flush() {
    below.flush();
  }

  @Override
  public int receive(ByteBuf into) {
    takeFromBelow();
    Arrival next = underway.peek();
    if (next == null || next.nanos > clock.nanos()) {
      return 0;
    }
    underway.remove();
    into.clear().writeBytes(next.packet);
    return next.packet.length;
  }

  private void takeFromBelow() {
    while (below.receive(scratch) > 0) {
      byte[] packet = new byte[scratch.readableBytes()];
      scratch.readBytes(packet);
      underway.add(new Arrival(clock.nanos() + delayNanos, packet));
    }
  }

  @Override
  public long nextDeadline() {
    Arrival next = underway.peek();
    return Math.min(below.nextDeadline(), next == null ? NEVER : next.nanos);
  }

  @Override
  public void close() {
    underway.clear();
    scratch.release();
    below.close();
  }
}
