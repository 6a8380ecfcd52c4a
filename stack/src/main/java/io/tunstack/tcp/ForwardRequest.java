package io.tunstack.tcp;

import io.tunstack.time.Timer;

/**
 * A SYN that waits for an application to say what becomes of it. Engine thread only.
 *
 * <p>One of {@link #accept}, {@link #reject}, {@link #unreachable} and {@link #ignore} decides it.
 * Until then nothing is sent; the peer's SYN may be repeated, and is not asked about again. After
 * {@link TcpConfig#synAckTimeout}, or when the peer gives up with a RST, nothing is left to decide.
 */
public final class ForwardRequest extends TupleNode {
  private final Forwarding forwarding;
  final Timer timer;

  /** The IPv4 packet, as much of it as an ICMP error quotes. */
  final byte[] packet;

  /** Our initial sequence number must lie above this one; null for any. */
  final Integer isnAbove;

  boolean pending = true;

  ForwardRequest(Forwarding forwarding, Segment segment, byte[] packet, Integer isnAbove) {
    super(segment.local, segment.localPort, segment.remote, segment.remotePort);
    this.forwarding = forwarding;
    this.packet = packet;
    this.isnAbove = isnAbove;
    this.timer = Timer.of(now -> forwarding.expire(this));
  }

  /**
   * Tells whether there is something to decide.
   *
   * @return false once it has been decided, the time is over, or the peer has given up
   */
  public boolean isPending() {
    return pending;
  }

  /**
   * Goes on with the handshake; the SYN,ACK has left when this returns.
   *
   * @param handler who hears of the connection
   * @return the connection, in SYN-RECEIVED; its local address is the one that the peer asked for
   * @throws IllegalStateException if it is not pending any more
   */
  public TcpConnection accept(ConnectionHandler handler) {
    return forwarding.accept(this, handler);
  }

  /**
   * Refuses with a RST, as if nobody listened there.
   *
   * @throws IllegalStateException if it is not pending any more
   */
  public void reject() {
    forwarding.reject(this);
  }

  /**
   * Refuses with "destination unreachable", subject to the rate limit on ICMP errors.
   *
   * @param code one of ICMP's, 0 to 15, such as 1, host unreachable
   * @throws IllegalArgumentException if it is not a code
   * @throws IllegalStateException if it is not pending any more
   */
  public void unreachable(int code) {
    forwarding.unreachable(this, code);
  }

  /**
   * Forgets it without an answer: the peer's next SYN is a new request.
   *
   * @throws IllegalStateException if it is not pending any more
   */
  public void ignore() {
    forwarding.ignore(this);
  }
}
