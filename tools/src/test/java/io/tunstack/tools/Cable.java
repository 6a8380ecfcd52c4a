package io.tunstack.tools;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.LinkException;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.WaitableLink;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One end of a cable between two stacks with a thread each; it can be cut. */
final class Cable implements WaitableLink {
  private static final int MTU = 1500;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
  private Cable peer;
  private boolean awake;
  private boolean cut;
  private boolean closed;

  private Cable() {}

  record Ends(Cable left, Cable right) {}

  static Ends lay() {
    Cable left = new Cable();
    Cable right = new Cable();
    left.peer = right;
    right.peer = left;
    return new Ends(left, right);
  }

  /** Makes this end fail, as a device does that is deleted. */
  void cut() {
    change(() -> cut = true);
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int mtu() {
    return MTU;
  }

  @Override
  public boolean send(OutboundPacket packet) {
    byte[] bytes = new byte[packet.length()];
    packet.copyTo(Unpooled.wrappedBuffer(bytes).writerIndex(0));
    peer.change(() -> peer.inbox.add(bytes));
    return true;
  }

  @Override
  public int receive(ByteBuf into) {
    lock.lock();
    try {
      if (cut) {
        throw new LinkException("the cable was cut");
      }
      byte[] bytes = inbox.poll();
      if (bytes == null) {
        return 0;
      }
      into.clear().writeBytes(bytes);
      return bytes.length;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void await(long timeoutNanos) {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (left > 0 && inbox.isEmpty() && !awake && !cut) {
        left = changed.awaitNanos(left);
      }
      awake = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wakeup() {
    change(() -> awake = true);
  }

  @Override
  public void close() {
    change(() -> closed = true);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
