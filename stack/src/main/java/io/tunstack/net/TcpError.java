package io.tunstack.net;

import io.tunstack.tcp.CloseReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/** What went wrong with a connection, and the exception that code written for the JDK expects. */
public sealed interface TcpError {
  /**
   * Makes the exception.
   *
   * @return a new one, with the JDK's words
   */
  IOException toException();

  /** The peer answered the request for a connection with a RST or "port unreachable". */
  record Refused() implements TcpError {
    @Override
    public IOException toException() {
      return new ConnectException(CloseReason.REFUSED.message());
    }
  }

  /** The peer sent a RST to a connection that stood. */
  record Reset() implements TcpError {
    @Override
    public IOException toException() {
      return new SocketException(CloseReason.RESET.message());
    }
  }

  /**
   * The peer left us without an answer for too long.
   *
   * @param connecting whether there was no connection yet
   */
  record TimedOut(boolean connecting) implements TcpError {
    @Override
    public IOException toException() {
      return connecting
          ? new ConnectException(CloseReason.TIMED_OUT.message())
          : new SocketTimeoutException(CloseReason.TIMED_OUT.message());
    }
  }

  /** A router said that there is no way to the peer. */
  record Unreachable() implements TcpError {
    @Override
    public IOException toException() {
      return new NoRouteToHostException(CloseReason.UNREACHABLE.message());
    }
  }

  /** We dropped the connection ourselves. */
  record Aborted() implements TcpError {
    @Override
    public IOException toException() {
      return new SocketException(CloseReason.ABORTED.message());
    }
  }

  /**
   * Tells what is wrong with an end.
   *
   * @param reason how a connection ended
   * @param connected whether it had been established
   * @return the error; empty if it ended in order
   */
  static Optional<TcpError> of(CloseReason reason, boolean connected) {
    return switch (reason) {
      case FINISHED -> Optional.empty();
      case REFUSED -> Optional.of(new Refused());
      case RESET -> Optional.of(new Reset());
      case TIMED_OUT -> Optional.of(new TimedOut(!connected));
      case UNREACHABLE -> Optional.of(new Unreachable());
      case ABORTED -> Optional.of(new Aborted());
    };
  }
}
