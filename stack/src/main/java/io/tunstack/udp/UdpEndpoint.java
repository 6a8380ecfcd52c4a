package io.tunstack.udp;

import io.tunstack.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * A port that sends and receives datagrams (RFC 768). Engine thread only.
 *
 * <pre>
 *   bound      takes what comes to its port from anybody      sends to anybody
 *   connected  takes what comes from its peer, nothing else   sends to its peer
 * </pre>
 *
 * <p>What is received waits in a queue of limited size; what does not fit is dropped and counted
 * ({@code UdpRcvbufErrors}), as datagrams may be anywhere on their way.
 */
public final class UdpEndpoint {
  /** Linux's {@code rmem_default}: about a hundred full datagrams of an Ethernet. */
  static final int DEFAULT_RECEIVE_BYTES = 212_992;

  /** Errors that may wait to be told; the newest are no news any more when so many do. */
  private static final int MAX_ERRORS = 16;

  private final Udp udp;
  private final EndpointHandler handler;
  private final ArrayDeque<UdpDatagram> received = new ArrayDeque<>();
  private final ArrayDeque<UdpError> errors = new ArrayDeque<>();

  /** The address it was bound to; 0 is every address of the stack. */
  final int bound;

  final int localPort;

  /** The address it has now: the one bound, or what {@link #connect} chose. */
  int local;

  int remote;
  int remotePort;

  /** The table's. */
  UdpEndpoint nextOnPort;

  /** The table's. */
  UdpEndpoint nextConnected;

  boolean onReadyList;
  int typeOfService;
  int timeToLive;
  boolean dontFragment;
  private int receiveBytes = DEFAULT_RECEIVE_BYTES;
  private int queuedBytes;
  private boolean news;
  private boolean closed;

  UdpEndpoint(Udp udp, int bound, int localPort, int timeToLive, EndpointHandler handler) {
    this.udp = udp;
    this.bound = bound;
    this.local = bound;
    this.localPort = localPort;
    this.timeToLive = timeToLive;
    this.handler = handler;
  }

  boolean isBetween(int ours, int ourPort, int theirs, int theirPort) {
    return localPort == ourPort && remotePort == theirPort && remote == theirs && local == ours;
  }

  // ---- the user's calls --------------------------------------------------------------------

  /**
   * Returns our address.
   *
   * @return {@link IpAddress#UNSPECIFIED} if it is every address of the stack
   */
  public IpAddress localAddress() {
    return new IpAddress(local);
  }

  /**
   * Returns our port.
   *
   * @return 1 to 65,535
   */
  public int localPort() {
    return localPort;
  }

  /**
   * Returns the peer's address.
   *
   * @return {@link IpAddress#UNSPECIFIED} if there is no peer
   */
  public IpAddress remoteAddress() {
    return new IpAddress(remote);
  }

  /**
   * Returns the peer's port.
   *
   * @return 1 to 65,535; 0 if there is no peer
   */
  public int remotePort() {
    return remotePort;
  }

  /**
   * Tells whether there is a peer.
   *
   * @return true after {@link #connect}
   */
  public boolean isConnected() {
    return remotePort != 0;
  }

  /**
   * Chooses a peer, or another one: from now on datagrams of others are refused, and errors about
   * what is sent to it are reported. Nothing is sent. What waits already stays.
   *
   * @param peer whom to talk to
   * @param port 1 to 65,535
   * @throws IllegalArgumentException if nobody can be there, or if another endpoint on this port
   *     has the same peer
   * @throws IllegalStateException after {@link #close}
   */
  public void connect(IpAddress peer, int port) {
    requireOpen();
    udp.connect(this, peer.bits(), port);
  }

  /** Lets go of the peer: datagrams of anybody are taken again. */
  public void disconnect() {
    requireOpen();
    udp.disconnect(this);
  }

  /**
   * Takes the oldest datagram that waits.
   *
   * @return empty if none does
   */
  public Optional<UdpDatagram> receive() {
    UdpDatagram oldest = received.poll();
    if (oldest == null) {
      return Optional.empty();
    }
    queuedBytes -= oldest.cost();
    udp.queued(-oldest.cost());
    return Optional.of(oldest);
  }

  /**
   * Sends a datagram to the peer.
   *
   * @param text all that remains is sent, 0 to 65,507 bytes, and consumed
   * @return false if it was lost here, because the link refused it; it is gone then like one that
   *     was lost on the way
   * @throws IllegalStateException if there is no peer, or after {@link #close}
   * @throws IllegalArgumentException if it is too long, for UDP or (with {@link #setDontFragment})
   *     for the path
   */
  public boolean send(ByteBuffer text) {
    requireOpen();
    if (!isConnected()) {
      throw new IllegalStateException("the endpoint is not connected; say where to send to");
    }
    return udp.send(this, text, remote, remotePort);
  }

  /**
   * Sends a datagram to anybody.
   *
   * @param text all that remains is sent, 0 to 65,507 bytes, and consumed
   * @param to a host's address; this stack sends no broadcast and no multicast
   * @param port 1 to 65,535
   * @return false if it was lost here, because the link refused it
   * @throws IllegalStateException after {@link #close}
   * @throws IllegalArgumentException if nobody can be there, if it is too long, or if there is
   *     another peer
   */
  public boolean send(ByteBuffer text, IpAddress to, int port) {
    requireOpen();
    if (isConnected() && (to.bits() != remote || port != remotePort)) {
      throw new IllegalArgumentException(
          "the endpoint is connected to "
              + remoteAddress()
              + ":"
              + remotePort
              + " and to no other");
    }
    udp.requireUsable(to.bits(), port);
    return udp.send(this, text, to.bits(), port);
  }

  /**
   * Tells how long a datagram to somebody may be so that it is not cut.
   *
   * @param to a host's address
   * @return bytes of text; less after a router has said so (RFC 1191)
   */
  public int uncutLength(IpAddress to) {
    return udp.uncutLength(to.bits());
  }

  /**
   * Forbids that datagrams are cut on their way, or allows it again; it is allowed by default.
   *
   * @param on whether a datagram that is too long for the path is refused instead
   */
  public void setDontFragment(boolean on) {
    dontFragment = on;
  }

  /**
   * Chooses the differentiated-services field of what is sent from now on (RFC 1122 §4.1.4).
   *
   * @param dscp 0 to 63
   * @throws IllegalArgumentException if it is not
   */
  public void setDscp(int dscp) {
    if (dscp < 0 || dscp > 63) {
      throw new IllegalArgumentException("DSCP is " + dscp + "; use 0 to 63");
    }
    typeOfService = dscp << 2;
  }

  /**
   * Chooses the time to live of what is sent from now on (RFC 1122 §4.1.4).
   *
   * @param hops 1 to 255
   * @throws IllegalArgumentException if it is not
   */
  public void setTimeToLive(int hops) {
    if (hops < 1 || hops > 255) {
      throw new IllegalArgumentException("the time to live is " + hops + "; use 1 to 255");
    }
    timeToLive = hops;
  }

  /**
   * Limits the memory of what waits to be received. What waits already stays.
   *
   * @param bytes text and some overhead for each datagram, 1 or more; one datagram always fits
   * @throws IllegalArgumentException if it is less than 1
   */
  public void setReceiveBuffer(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("the receive buffer is " + bytes + "; use 1 or more");
    }
    receiveBytes = bytes;
  }

  /** Gives the port back and drops what waits. A second call does nothing. */
  public void close() {
    if (!closed) {
      closed = true;
      udp.queued(-queuedBytes);
      queuedBytes = 0;
      received.clear();
      errors.clear();
      udp.remove(this);
    }
  }

  /**
   * Tells whether it has been closed.
   *
   * @return true after {@link #close}, by the application or by the stack's end
   */
  public boolean isClosed() {
    return closed;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the endpoint is closed; bind another");
    }
  }

  // ---- what happens to it ------------------------------------------------------------------

  boolean hasRoomFor(int cost) {
    return queuedBytes == 0 || queuedBytes + cost <= receiveBytes;
  }

  void add(UdpDatagram datagram) {
    queuedBytes += datagram.cost();
    received.add(datagram);
    news = true;
  }

  /** Keeps an error until the end of the batch; answers false if too many wait. */
  boolean add(UdpError error) {
    return errors.size() < MAX_ERRORS && errors.add(error);
  }

  void runCallbacks() {
    for (UdpError error = errors.poll(); error != null; error = errors.poll()) {
      handler.onError(error);
    }
    if (news && !closed) {
      news = false;
      handler.onReadable();
    }
  }
}
