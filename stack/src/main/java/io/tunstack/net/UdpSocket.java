package io.tunstack.net;

import io.tunstack.udp.EndpointHandler;
import io.tunstack.udp.Udp;
import io.tunstack.udp.UdpDatagram;
import io.tunstack.udp.UdpEndpoint;
import io.tunstack.udp.UdpError;
import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A non-blocking UDP socket, on the engine thread: {@link Sockets#bindUdp} makes it, {@link
 * UdpHandler#onReadable} tells that datagrams wait, {@link #receive} takes them one by one and
 * {@link #send(ByteBuffer, InetSocketAddress)} answers.
 *
 * <p>There is no back-pressure in UDP: what does not fit the receive buffer is dropped and counted.
 */
public final class UdpSocket {
  private final UdpHandler handler;
  private final UdpEndpoint endpoint;

  UdpSocket(Udp udp, InetSocketAddress local, UdpHandler handler) {
    this.handler = handler;
    endpoint = udp.bind(Addresses.ipv4(local), local.getPort(), new Callbacks());
  }

  /**
   * Returns our end.
   *
   * @return address and port; address 0.0.0.0 if it is every address of the stack
   */
  public InetSocketAddress localAddress() {
    return Addresses.socketAddress(endpoint.localAddress(), endpoint.localPort());
  }

  /**
   * Returns the peer's end.
   *
   * @return empty if the socket is not connected
   */
  public Optional<InetSocketAddress> remoteAddress() {
    return endpoint.isConnected()
        ? Optional.of(Addresses.socketAddress(endpoint.remoteAddress(), endpoint.remotePort()))
        : Optional.empty();
  }

  /**
   * Chooses a peer: datagrams of others are refused from now on. Sends nothing.
   *
   * @param peer an IPv4 address, resolved, and a port
   * @throws IllegalArgumentException if nobody can be there
   * @throws IllegalStateException after {@link #close}
   */
  public void connect(InetSocketAddress peer) {
    endpoint.connect(Addresses.ipv4(peer), peer.getPort());
  }

  /**
   * Lets go of the peer.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public void disconnect() {
    endpoint.disconnect();
  }

  /**
   * Takes the oldest datagram that waits.
   *
   * @return empty if none does, and after {@link #close}
   */
  public Optional<UdpDatagram> receive() {
    return endpoint.receive();
  }

  /**
   * Sends a datagram to the peer.
   *
   * @param text all that remains is sent, 0 to 65,507 bytes, and consumed
   * @return false if it was lost here already
   * @throws IllegalStateException if there is no peer, or after {@link #close}
   * @throws IllegalArgumentException if it is too long
   */
  public boolean send(ByteBuffer text) {
    return endpoint.send(text);
  }

  /**
   * Sends a datagram.
   *
   * @param text all that remains is sent, 0 to 65,507 bytes, and consumed
   * @param to a host's IPv4 address, resolved, and a port; no broadcast and no multicast
   * @return false if it was lost here already
   * @throws IllegalStateException after {@link #close}
   * @throws IllegalArgumentException if nobody can be there, if it is too long, or if the socket is
   *     connected to somebody else
   */
  public boolean send(ByteBuffer text, InetSocketAddress to) {
    IpAddress address = Addresses.ipv4(to);
    return endpoint.send(text, address, to.getPort());
  }

  /**
   * Tells how long a datagram to somebody may be so that it is not cut on its way.
   *
   * @param to a host's IPv4 address, resolved
   * @return bytes of text
   */
  public int uncutLength(InetSocketAddress to) {
    return endpoint.uncutLength(Addresses.ipv4(to));
  }

  /**
   * Forbids that datagrams are cut on their way, or allows it again; it is allowed by default.
   *
   * @param on whether a datagram that is too long for the path is refused instead
   */
  public void setDontFragment(boolean on) {
    endpoint.setDontFragment(on);
  }

  /**
   * Chooses the differentiated-services code point of what is sent from now on.
   *
   * @param dscp 0 to 63
   * @throws IllegalArgumentException if it is not
   */
  public void setDscp(int dscp) {
    endpoint.setDscp(dscp);
  }

  /**
   * Chooses the time to live of what is sent from now on.
   *
   * @param hops 1 to 255
   * @throws IllegalArgumentException if it is not
   */
  public void setTimeToLive(int hops) {
    endpoint.setTimeToLive(hops);
  }

  /**
   * Limits the memory of what waits to be received.
   *
   * @param bytes text and some overhead for each datagram, 1 or more
   * @throws IllegalArgumentException if it is less than 1
   */
  public void setReceiveBuffer(int bytes) {
    endpoint.setReceiveBuffer(bytes);
  }

  /** Gives the port back and drops what waits; no callback follows. */
  public void close() {
    endpoint.close();
  }

  /**
   * Tells whether the socket can be used.
   *
   * @return false after {@link #close}, after a callback that threw, and after the stack's end
   */
  public boolean isOpen() {
    return !endpoint.isClosed();
  }

  /** Apart, so that it is not part of the public face. */
  private final class Callbacks implements EndpointHandler {
    @Override
    public void onReadable() {
      handler.onReadable(UdpSocket.this);
    }

    @Override
    public void onError(UdpError error) {
      handler.onError(UdpSocket.this, error);
    }
  }
}
