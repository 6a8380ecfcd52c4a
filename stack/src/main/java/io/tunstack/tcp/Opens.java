package io.tunstack.tcp;

import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Siblings;
import io.tunstack.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** OPEN, passive and active (RFC 9293 §3.10.1), and what it takes: addresses, ports, listeners. */
final class Opens {
  private final Tcp tcp;
  private final Ipv4 ipv4;
  private final Handshake handshake;
  private final TupleTable table;
  private final EphemeralPorts ports;
  private final ListenerTable listeners = new ListenerTable();

  Opens(Tcp tcp, Ipv4 ipv4, Handshake handshake, TupleTable table, EphemeralPorts ports) {
    this.tcp = tcp;
    this.ipv4 = ipv4;
    this.handshake = handshake;
    this.table = table;
    this.ports = ports;
  }

  ListenerTable listeners() {
    return listeners;
  }

  /** What {@link Tcp#listen} says. */
  Listener listen(IpAddress address, int port, int backlog, Acceptor acceptor) {
    if (address.bits() != Listener.ANY && !ipv4.isLocal(address.bits())) {
      throw new IllegalArgumentException(
          "cannot listen on " + address + ": it is not an address of this stack");
    }
    if (backlog < 1) {
      throw new IllegalArgumentException("the backlog is " + backlog + "; use at least 1");
    }
    int chosen = port == 0 ? freePort(address) : port;
    requirePort(chosen);
    if (listeners.isTaken(address.bits(), chosen)) {
      throw new IllegalArgumentException(
          "port " + chosen + " is already listened on; close that listener or choose another port");
    }
    int bounded = Math.min(backlog, Listener.DEFAULT_BACKLOG);
    Listener listener =
        new Listener(tcp, address.bits(), chosen, bounded, tcp.defaultOptions(), acceptor);
    listeners.add(listener);
    ipv4.siblings().listening(chosen, true);
    return listener;
  }

  private int freePort(IpAddress address) {
    int local = address.bits();
    int port = ports.pick(local, 0, 0, candidate -> !listeners.isTaken(local, candidate));
    if (port < 0) {
      throw new IllegalStateException("every port for listening on " + address + " is taken");
    }
    return port;
  }

  void unlisten(Listener listener) {
    if (listener.closed) {
      return;
    }
    listener.closed = true;
    listeners.remove(listener);
    ipv4.siblings().listening(listener.port(), false);
    abortHalfOpen(listener);
  }

  /** Resets the connections in SYN-RECEIVED that came from a listener. */
  void abortHalfOpen(Listener listener) {
    List<TcpConnection> halfOpen = new ArrayList<>();
    table.forEach(
        node -> {
          if (node instanceof TcpConnection c
              && c.listener == listener
              && c.state == TcpState.SYN_RECEIVED) {
            halfOpen.add(c);
          }
        });
    halfOpen.forEach(TcpConnection::abort);
  }

  /** What {@link Tcp#connect} says. */
  TcpConnection connect(
      IpAddress local,
      int localPort,
      IpAddress remote,
      int remotePort,
      ConnectionOptions options,
      ConnectionHandler handler) {
    requirePort(remotePort);
    if (!ipv4.isUsableRemote(remote.bits()) && !ipv4.isLocal(remote.bits())) {
      throw new IllegalArgumentException(
          "cannot connect to " + remote + ": it is not the address of a host");
    }
    boolean anywhere = local.bits() == Listener.ANY;
    if (!anywhere && !ipv4.isLocal(local.bits())) {
      throw new IllegalArgumentException(
          "cannot connect from " + local + ": it is not an address of this stack");
    }
    if (ipv4.isLoopback(local.bits()) && !ipv4.isLocal(remote.bits())) {
      throw new IllegalArgumentException(
          "cannot connect from " + local + " to " + remote + ": loopback does not leave this host");
    }
    if (tcp.isFull()) {
      throw new IllegalStateException(
          "there are " + table.size() + " connections, which is the cap; close some");
    }
    int from = anywhere ? ipv4.sourceFor(remote.bits()) : local.bits();
    int port = localPortFor(from, localPort, remote, remotePort);
    TcpConnection c = new TcpConnection(tcp, null, options, from, port, remote.bits(), remotePort);
    c.setHandler(handler);
    table.add(c);
    handshake.open(c, tcp.now());
    return c;
  }

  private int localPortFor(int from, int wanted, IpAddress remote, int remotePort) {
    int to = remote.bits();
    if (wanted != 0) {
      requirePort(wanted);
      if (!isFree(from, wanted, to, remotePort)) {
        throw new IllegalArgumentException(
            "there is a connection from port " + wanted + " to " + remote + ":" + remotePort);
      }
      return wanted;
    }
    int port =
        ports.pick(from, to, remotePort, candidate -> isFree(from, candidate, to, remotePort));
    if (port < 0) {
      throw new IllegalStateException(
          "every local port to " + remote + ":" + remotePort + " is in use");
    }
    return port;
  }

  /**
   * Whether a connection may have this tuple: no other has, and it does not name one end twice. If
   * so, it is this engine's from now on.
   */
  private boolean isFree(int from, int port, int to, int remotePort) {
    Siblings siblings = ipv4.siblings();
    return table.find(from, port, to, remotePort) == null
        && (from != to || port != remotePort)
        && siblings.claim(from, port, to, remotePort) == siblings.index();
  }

  private static void requirePort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 1 to 65535");
    }
  }
}
