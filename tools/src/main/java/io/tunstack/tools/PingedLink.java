package io.tunstack.tools;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.LinkException;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.WaitableLink;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.Ipv4View;
import java.util.concurrent.locks.LockSupport;

/** A link that delivers one echo request, and goes away when it is told to. */
final class PingedLink implements WaitableLink {
  private static final int US = 0x0a4d0002;
  private static final int PEER = 0x0a4d0001;
  private static final int MTU = 1500;
  private static final int ICMP = 1;
  private static final int ICMP_BYTES = 64;
  private static final int TTL = 64;
  private static final long NAP_NANOS = 1_000_000;

  private boolean delivered;

  /** Written by the stack's thread, read by who waits for its end. */
  private volatile boolean answered;

  private volatile boolean gone;

  /** Ends whoever waits for packets, with an exception; any thread may call it. */
  void goAway() {
    gone = true;
  }

  boolean isAnswered() {
    return answered;
  }

  @Override
  public int mtu() {
    return MTU;
  }

  @Override
  public boolean offloads() {
    return true;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    answered = true;
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    if (delivered) {
      return 0;
    }
    delivered = true;
    int length = Ipv4View.MIN_HEADER_LENGTH + ICMP_BYTES;
    into.clear();
    Ipv4View.write(into, 0, 0, length, 0, 0, TTL, ICMP, PEER, US);
    into.writerIndex(Ipv4View.MIN_HEADER_LENGTH).writeByte(IcmpView.ECHO_REQUEST);
    into.writeZero(ICMP_BYTES - 1);
    long sum = Checksum.sum(into, Ipv4View.MIN_HEADER_LENGTH, ICMP_BYTES);
    into.setShort(Ipv4View.MIN_HEADER_LENGTH + Short.BYTES, Checksum.finish(sum));
    return length;
  }

  @Override
  public void await(long timeoutNanos) {
    if (gone) {
      throw new LinkException("it was for one ping");
    }
    LockSupport.parkNanos(Math.min(timeoutNanos, NAP_NANOS));
  }

  @Override
  public void wakeup() {
    // It never sleeps for long.
  }

  @Override
  public void close() {
    // There is nothing to let go of.
  }
}
