package io.tunstack.tcp;

/** A port in LISTEN: a passive open that any number of connections come from. */
public final class Listener {
  private final Tcp tcp;
  final int port;
  final Acceptor acceptor;

  /** Connections in SYN-RECEIVED that came from here. */
  int halfOpen;

  boolean closed;

  Listener(Tcp tcp, int port, Acceptor acceptor) {
    this.tcp = tcp;
    this.port = port;
    this.acceptor = acceptor;
  }

  /**
   * Returns the port.
   *
   * @return 1 to 65,535
   */
  public int port() {
    return port;
  }

  /** Leaves LISTEN: half-open connections are reset, established ones live on. */
  public void close() {
    tcp.unlisten(this);
  }
}
