package io.tunstack.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.LinkException;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.WaitableLink;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A link in memory that a test pulls the strings of, from another thread than the stack's. */
public final class PuppetLink implements WaitableLink {
  private static final int PATIENCE_SECONDS = 20;

  private final ConcurrentLinkedQueue<byte[]> inbox = new ConcurrentLinkedQueue<>();
  private final Semaphore signals = new Semaphore(0);
  private final Semaphore sleeps = new Semaphore(0);
  final BlockingQueue<Long> timeouts = new LinkedBlockingQueue<>();
  final AtomicInteger wakeups = new AtomicInteger();
  private volatile String failure;
  private volatile RuntimeException defect;
  private volatile boolean closed;

  // ---- the test's side ---------------------------------------------------------------------

  /** Waits until the stack's thread sleeps, once more than it was waited for before. */
  void awaitAsleep() throws InterruptedException {
    if (!sleeps.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the stack's thread does not sleep");
    }
  }

  void deliver(byte[] packet) {
    inbox.add(packet);
    signals.release();
  }

  /** Whether the stack has closed it. */
  public boolean isClosed() {
    return closed;
  }

  /** The device goes away. */
  void fail(String message) {
    failure = message;
    signals.release();
  }

  /** Every read fails from now on, as by a defect. */
  void failReads(RuntimeException exception) {
    defect = exception;
    signals.release();
  }

  // ---- the stack's side --------------------------------------------------------------------

  @Override
  public int mtu() {
    return 1500;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    if (defect != null) {
      throw defect;
    }
    byte[] packet = inbox.poll();
    if (packet == null) {
      return 0;
    }
    into.clear().writeBytes(Unpooled.wrappedBuffer(packet));
    return packet.length;
  }

  @Override
  public void await(long timeoutNanos) {
    timeouts.add(timeoutNanos);
    sleeps.release();
    signals.acquireUninterruptibly();
    signals.drainPermits();
    if (failure != null) {
      throw new LinkException(failure);
    }
  }

  @Override
  public void wakeup() {
    wakeups.incrementAndGet();
    signals.release();
  }

  @Override
  public void close() {
    closed = true;
  }
}
