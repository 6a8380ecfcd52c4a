package io.tunstack.packetdrill;

import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpListener;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.tcp.ConnectionOptions;
import io.tunstack.tcp.KeepAlive;
import java.util.ArrayDeque;

/** What a file descriptor stands for: a socket as system calls know it, on a {@link TcpSocket}. */
final class Endpoint implements TcpHandler {
  ConnectionOptions options;
  int port;
  boolean nonBlocking;

  /** Null while it does not listen. */
  TcpListener listener;

  /** Connections that wait to be accepted. */
  final ArrayDeque<Endpoint> waiting = new ArrayDeque<>();

  /** Null while it is not connected, nor about to be. */
  TcpSocket socket;

  boolean connected;
  boolean connectReported;
  boolean readShut;
  boolean writeShut;
  boolean ended;

  /** SO_KEEPALIVE, and what its options say. */
  boolean keepAlive;

  KeepAlive keepAliveSettings = KeepAlive.DEFAULT;

  /** What SO_ERROR tells once; empty for nothing. */
  private String error = "";

  Endpoint(ConnectionOptions options) {
    this.options = options;
  }

  /** Tells what is wrong, once. */
  String takeError() {
    String taken = error;
    error = "";
    return taken;
  }

  boolean hasError() {
    return !error.isEmpty();
  }

  void setOptions(ConnectionOptions changed) {
    options = changed;
    if (socket != null) {
      socket.setOptions(changed);
    } else if (listener != null) {
      listener.setOptions(changed);
    }
  }

  @Override
  public void onConnected(TcpSocket where) {
    connected = true;
  }

  @Override
  public void onReadable(TcpSocket where) {
    // Read when the script says so.
  }

  @Override
  public void onClosed(TcpSocket where, CloseReason reason) {
    ended = true;
    error =
        switch (reason) {
          case FINISHED, ABORTED -> "";
          case REFUSED -> "ECONNREFUSED";
          case RESET -> where.isOpen() ? "" : "ECONNRESET";
          case TIMED_OUT -> "ETIMEDOUT";
          case UNREACHABLE -> "EHOSTUNREACH";
        };
  }
}
