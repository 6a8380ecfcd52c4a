package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.ReceivedChecksum;

/** Alone in the world: every connection is one's own. */
final class NoSiblings implements Siblings {
  @Override
  public int count() {
    return 1;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public int ownerOf(int local, int localPort, int remote, int remotePort) {
    return NOBODY;
  }

  @Override
  public int claim(int local, int localPort, int remote, int remotePort) {
    return 0;
  }

  @Override
  public void release(int local, int localPort, int remote, int remotePort) {}

  @Override
  public void listening(int port, boolean on) {}

  @Override
  public int listenerOf(int port) {
    return NOBODY;
  }

  @Override
  public void cookieSent(long now) {}

  @Override
  public long lastCookie() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean handOver(
      int engine, ByteBuf packet, int at, int length, ReceivedChecksum checksum, int segmentBytes) {
    throw new IllegalStateException("there is no engine " + engine);
  }
}
