package io.tunstack.net;

import io.tunstack.tcp.ConnectionOptions;
import java.net.InetSocketAddress;
import java.util.function.IntSupplier;

/** A port that accepts connections. Engine thread only. */
public interface TcpListener {
  /**
   * Returns where it listens.
   *
   * @return address and port
   */
  InetSocketAddress localAddress();

  /**
   * Limits how many connections whose handshake is complete may wait to be looked at. Beyond that,
   * SYNs and the last segments of handshakes are dropped, and their senders try again.
   *
   * @param backlog at least 1; as with {@code listen(2)} one more than this fits
   * @param waiting tells how many the application was given and has not looked at; called on the
   *     engine thread. An application that looks at each as it gets it needs no limit
   */
  void limit(int backlog, IntSupplier waiting);

  /**
   * Chooses what connections start with whose SYN comes from now on: the receive buffer, and so the
   * window scale, is known before the handshake then.
   *
   * @param options replaces what was chosen before
   */
  void setOptions(ConnectionOptions options);

  /**
   * Returns what connections start with.
   *
   * @return the stack's defaults, or what was chosen
   */
  ConnectionOptions options();

  /** Stops accepting; connections already accepted live on, half-open ones are dropped. */
  void close();
}
