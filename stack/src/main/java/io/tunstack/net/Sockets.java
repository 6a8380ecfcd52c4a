package io.tunstack.net;

import io.tunstack.engine.Stack;
import io.tunstack.tcp.ConnectionOptions;
import io.tunstack.tcp.ForwardRequest;
import io.tunstack.tcp.Forwarding;
import io.tunstack.tcp.Listener;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.time.Clock;
import io.tunstack.time.Timer;
import io.tunstack.udp.ForwardedDatagram;
import io.tunstack.udp.UdpForwarding;
import io.tunstack.wire.FourTuple;
import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an application gets its sockets from. Engine thread only (or the caller's, if the caller
 * drives the stack).
 */
public final class Sockets {
  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  /** From no address and port of the caller's choice. */
  private static final InetSocketAddress ANY =
      new InetSocketAddress(IpAddress.UNSPECIFIED.toInetAddress(), 0);

  private final Stack stack;

  private Sockets(Stack stack) {
    this.stack = stack;
  }

  /**
   * Gives access to a stack.
   *
   * @param stack the stack
   * @return its sockets
   */
  public static Sockets on(Stack stack) {
    return new Sockets(stack);
  }

  /**
   * Listens on a port, on every address of the stack.
   *
   * @param port 1 to 65,535, or 0 for one that is free
   * @param acceptor answers the handler for each connection whose handshake is complete
   * @return what listens
   * @throws IllegalArgumentException if the port is out of range or taken
   */
  public TcpListener listen(int port, Function<TcpSocket, TcpHandler> acceptor) {
    return listen(IpAddress.UNSPECIFIED, port, Integer.MAX_VALUE, acceptor);
  }

  /**
   * Listens on a port of one address.
   *
   * @param local one of the stack's addresses, or {@code 0.0.0.0} for all of them, and a port, or 0
   *     for one that is free
   * @param backlog complete connections that may wait to be looked at, at least 1; more than 4,096
   *     count as that
   * @param acceptor answers the handler for each connection whose handshake is complete
   * @return what listens
   * @throws IllegalArgumentException if the address is not the stack's, the port is taken, or the
   *     backlog is below 1
   */
  public TcpListener listen(
      InetSocketAddress local, int backlog, Function<TcpSocket, TcpHandler> acceptor) {
    return listen(Addresses.ipv4(local), local.getPort(), backlog, acceptor);
  }

  private TcpListener listen(
      IpAddress local, int port, int backlog, Function<TcpSocket, TcpHandler> acceptor) {
    Listener listener =
        stack
            .tcp()
            .listen(
                local,
                port,
                backlog,
                connection -> {
                  ConnectionSocket socket = new ConnectionSocket(connection);
                  socket.handler = acceptor.apply(socket);
                  return socket;
                });
    InetSocketAddress address =
        new InetSocketAddress(listener.address().toInetAddress(), listener.port());
    return new PortListener(listener, address);
  }

  /**
   * Opens a connection. What {@code handler} hears first is {@link TcpHandler#onConnected}, or
   * {@link TcpHandler#onClosed} if it came to nothing.
   *
   * @param remote an IPv4 address, resolved, and a port
   * @param handler who hears of it
   * @return the socket, not connected yet; bytes may be written already
   * @throws IllegalArgumentException if the address is unresolved, IPv6, or not a host's
   * @throws IllegalStateException if every port or the cap on connections is used up
   */
  public TcpSocket connect(InetSocketAddress remote, TcpHandler handler) {
    return connect(ANY, remote, options(), handler);
  }

  /**
   * Opens a connection from an address and port of the caller's choice.
   *
   * @param local one of the stack's addresses, or {@code 0.0.0.0} for the one that suits the
   *     destination, and a port, or 0 for one that is free
   * @param remote an IPv4 address, resolved, and a port
   * @param handler who hears of it
   * @return the socket, not connected yet; bytes may be written already
   * @throws IllegalArgumentException if an address is unresolved or IPv6, {@code local} is not the
   *     stack's, or a connection with these two ends exists
   * @throws IllegalStateException if every port or the cap on connections is used up
   */
  public TcpSocket connect(InetSocketAddress local, InetSocketAddress remote, TcpHandler handler) {
    return connect(local, remote, options(), handler);
  }

  /**
   * Opens a connection from an address and port and with options of the caller's choice.
   *
   * @param local one of the stack's addresses, or {@code 0.0.0.0} for the one that suits the
   *     destination, and a port, or 0 for one that is free
   * @param remote an IPv4 address, resolved, and a port
   * @param options what it starts with, made from {@link #options}
   * @param handler who hears of it
   * @return the socket, not connected yet; bytes may be written already
   * @throws IllegalArgumentException if an address is unresolved or IPv6, {@code local} is not the
   *     stack's, or a connection with these two ends exists
   * @throws IllegalStateException if every port or the cap on connections is used up
   */
  public TcpSocket connect(
      InetSocketAddress local,
      InetSocketAddress remote,
      ConnectionOptions options,
      TcpHandler handler) {
    ConnectionSocket socket = new ConnectionSocket(null);
    socket.handler = handler;
    socket.connection =
        stack
            .tcp()
            .connect(
                Addresses.ipv4(local),
                local.getPort(),
                Addresses.ipv4(remote),
                remote.getPort(),
                options,
                socket);
    return socket;
  }

  /**
   * Returns what connections start with unless somebody chooses otherwise.
   *
   * @return what the stack's knobs say
   */
  public ConnectionOptions options() {
    return stack.tcp().defaultOptions();
  }

  /**
   * Stands in for every host: is asked about each connection that no listener takes, whatever its
   * destination. This is what a VPN client in user space is made of. A stack has one TCP forwarder
   * at most, and while it has one, it answers segments of unknown connections with a RST in
   * everybody's name.
   *
   * @param maxPending requests that may wait for a decision at once, at least 1; SYNs beyond that
   *     are dropped and counted
   * @param decider is called on the engine thread, like a handler; decides now or later. If it
   *     throws, the request is rejected and the exception counted and logged
   * @return stops it when closed
   * @throws IllegalArgumentException if {@code maxPending} is below 1
   * @throws IllegalStateException if the stack has a TCP forwarder already
   */
  public Forwarder forwardTcp(int maxPending, Consumer<TcpRequest> decider) {
    Forwarding forwarding =
        stack
            .tcp()
            .forward(maxPending, request -> decider.accept(new ForwardedConnection(request)));
    return forwarding::close;
  }

  /**
   * Binds a UDP socket on every address of the stack.
   *
   * @param port 1 to 65,535, or 0 for one that nobody can guess
   * @param handler who hears of what arrives
   * @return the socket, not connected
   * @throws IllegalArgumentException if the port is out of range or taken
   * @throws IllegalStateException if every ephemeral port is taken
   */
  public UdpSocket bindUdp(int port, UdpHandler handler) {
    return bindUdp(Addresses.socketAddress(IpAddress.UNSPECIFIED, port), handler);
  }

  /**
   * Binds a UDP socket on one address of the stack.
   *
   * @param local the address, and a port or 0
   * @param handler who hears of what arrives
   * @return the socket, not connected
   * @throws IllegalArgumentException if the address is not the stack's, or the port taken
   * @throws IllegalStateException if every ephemeral port is taken
   */
  public UdpSocket bindUdp(InetSocketAddress local, UdpHandler handler) {
    return new UdpSocket(stack.udp(), local, handler);
  }

  /**
   * Stands in for every host: is handed each datagram that no UDP socket takes, whatever its
   * destination. A stack has one UDP forwarder at most.
   *
   * @param maxQueuedBytes memory of datagrams that may wait for the end of a batch, text and some
   *     overhead, at least 1; more are dropped and counted
   * @param taker is called on the engine thread, like a handler; answers now, later or never. What
   *     it throws is counted and logged
   * @return stops it when closed
   * @throws IllegalArgumentException if {@code maxQueuedBytes} is below 1
   * @throws IllegalStateException if the stack has a UDP forwarder already
   */
  public Forwarder forwardUdp(int maxQueuedBytes, Consumer<UdpRequest> taker) {
    UdpForwarding forwarding =
        stack.udp().forward(maxQueuedBytes, datagram -> taker.accept(new ForwardedText(datagram)));
    return forwarding::close;
  }

  /**
   * Makes a timer on the stack's clock.
   *
   * @param action what happens when it rings; what it throws is logged
   * @return not armed yet
   */
  public Alarm alarm(Runnable action) {
    return new WheelAlarm(action);
  }

  /**
   * Returns the stack's clock.
   *
   * @return monotonic nanoseconds
   */
  public Clock clock() {
    return stack.clock();
  }

  /**
   * Lists the stack's connections.
   *
   * @return snapshots
   */
  public List<TcpInfo> connections() {
    return stack.tcp().connections();
  }

  /**
   * Copies the stack's counters.
   *
   * @return names and counts
   */
  public Map<String, Long> counters() {
    return stack.counters().snapshot();
  }

  /**
   * Tells what the stack holds at this moment: what has to come down again when its peers have
   * gone.
   *
   * @return connections in a state from SYN-SENT to LAST-ACK, entries in TIME-WAIT, and slabs of
   *     bytes that wait to be sent or read, in this order
   */
  public Map<String, Long> gauges() {
    Map<String, Long> gauges = new LinkedHashMap<>();
    gauges.put("Connections", (long) stack.tcp().connectionCount());
    gauges.put("TimeWait", (long) stack.tcp().timeWaitCount());
    gauges.put("SlabsInUse", (long) stack.slabsInUse());
    return gauges;
  }

  private record PortListener(Listener listener, InetSocketAddress localAddress)
      implements TcpListener {
    @Override
    public void limit(int backlog, IntSupplier waiting) {
      listener.limit(backlog, waiting);
    }

    @Override
    public void setOptions(ConnectionOptions options) {
      listener.setOptions(options);
    }

    @Override
    public ConnectionOptions options() {
      return listener.options();
    }

    @Override
    public void close() {
      listener.close();
    }
  }

  private record ForwardedConnection(ForwardRequest request) implements TcpRequest {
    @Override
    public InetSocketAddress source() {
      FourTuple tuple = request.tuple();
      return new InetSocketAddress(tuple.remote().toInetAddress(), tuple.remotePort());
    }

    @Override
    public InetSocketAddress destination() {
      FourTuple tuple = request.tuple();
      return new InetSocketAddress(tuple.local().toInetAddress(), tuple.localPort());
    }

    @Override
    public boolean isPending() {
      return request.isPending();
    }

    @Override
    public TcpSocket accept(TcpHandler handler) {
      ConnectionSocket socket = new ConnectionSocket(null);
      socket.handler = handler;
      socket.connection = request.accept(socket);
      return socket;
    }

    @Override
    public void reject() {
      request.reject();
    }

    @Override
    public void unreachable(Unreachable why) {
      request.unreachable(why.code());
    }

    @Override
    public void ignore() {
      request.ignore();
    }
  }

  private record ForwardedText(ForwardedDatagram datagram) implements UdpRequest {
    @Override
    public InetSocketAddress source() {
      FourTuple tuple = datagram.tuple();
      return new InetSocketAddress(tuple.remote().toInetAddress(), tuple.remotePort());
    }

    @Override
    public InetSocketAddress destination() {
      FourTuple tuple = datagram.tuple();
      return new InetSocketAddress(tuple.local().toInetAddress(), tuple.localPort());
    }

    @Override
    public ByteBuffer text() {
      return datagram.text();
    }

    @Override
    public boolean answer(ByteBuffer text) {
      return datagram.answer(text);
    }

    @Override
    public void unreachable(Unreachable why) {
      datagram.unreachable(why.code());
    }
  }

  private final class WheelAlarm implements Alarm {
    private final Timer timer;

    WheelAlarm(Runnable action) {
      timer =
          Timer.of(
              now -> {
                try {
                  action.run();
                } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
                  LOG.error("an alarm's action failed", e);
                }
              });
    }

    @Override
    public void arm(Duration delay) {
      stack.wheel().arm(timer, stack.clock().nanos() + Math.max(0, delay.toNanos()));
    }

    @Override
    public void cancel() {
      stack.wheel().cancel(timer);
    }

    @Override
    public boolean isArmed() {
      return timer.isArmed();
    }
  }
}
