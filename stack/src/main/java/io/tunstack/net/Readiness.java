package io.tunstack.net;

/** What a socket is ready for, as bits; {@code poll(2)}'s words for it in brackets. */
public final class Readiness {
  /** {@link TcpSocket#read} has bytes to give, or answers -1 [POLLIN]. */
  public static final int READABLE = 1;

  /** {@link TcpSocket#write} accepts at least a byte [POLLOUT]. */
  public static final int WRITABLE = 2;

  /** The peer's FIN has come, though there may be bytes left in front of it [POLLRDHUP]. */
  public static final int INPUT_ENDED = 4;

  /** Both sides have closed, though bytes may still be on their way [POLLHUP]. */
  public static final int HANGUP = 8;

  /** The connection ended other than in order: {@link TcpSocket#lastError} says how [POLLERR]. */
  public static final int ERROR = 16;

  private Readiness() {}
}
