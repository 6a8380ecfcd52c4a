package io.tunstack.link;

/** A link in front of another one: what a wrapper does not change, it passes on. */
abstract class WrappedLink implements Link {
  final Link wrapped;
  private boolean closed;

  WrappedLink(Link wrapped) {
    this.wrapped = wrapped;
  }

  /** Gives back what the wrapper itself holds; called once. */
  abstract void release();

  final boolean isClosed() {
    return closed;
  }

  @Override
  public final int mtu() {
    return wrapped.mtu();
  }

  @Override
  public final boolean send(OutboundPacket packet) {
    return wrapped.send(packet);
  }

  @Override
  public long nextDeadline() {
    return wrapped.nextDeadline();
  }

  @Override
  public final void batch() {
    wrapped.batch();
  }

  @Override
  public final int flush() {
    return wrapped.flush();
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      release();
      wrapped.close();
    }
  }
}
