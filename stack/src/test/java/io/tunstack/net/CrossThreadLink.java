package io.tunstack.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.WaitableLink;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One end of a pair whose two stacks live on two threads. */
public final class CrossThreadLink implements WaitableLink {
  private final ConcurrentLinkedQueue<byte[]> inbox = new ConcurrentLinkedQueue<>();
  private final Semaphore wake = new Semaphore(0);
  private CrossThreadLink peer;

  /** Makes two ends, each the other's peer. */
  public static CrossThreadLink[] pair() {
    CrossThreadLink[] pair = {new CrossThreadLink(), new CrossThreadLink()};
    pair[0].peer = pair[1];
    pair[1].peer = pair[0];
    return pair;
  }

  @Override
  public int mtu() {
    return 1500;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    byte[] bytes = new byte[packet.length()];
    packet.copyTo(Unpooled.wrappedBuffer(bytes).writerIndex(0));
    peer.inbox.add(bytes);
    peer.wakeup();
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    byte[] bytes = inbox.poll();
    if (bytes == null) {
      return 0;
    }
    into.clear().writeBytes(bytes);
    return bytes.length;
  }

  @Override
  public void await(long timeoutNanos) {
    if (!inbox.isEmpty()) {
      return;
    }
    try {
      if (wake.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void wakeup() {
    wake.release();
  }

  @Override
  public void close() {}
}
