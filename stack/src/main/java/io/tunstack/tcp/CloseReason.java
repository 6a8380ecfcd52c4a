package io.tunstack.tcp;

/** How a connection ended, from the application's side. */
public enum CloseReason {
  /** Both directions were closed in order. */
  FINISHED("connection closed"),
  /** The peer answered a connection request with a RST. */
  REFUSED("Connection refused"),
  /** The peer sent a RST. */
  RESET("Connection reset"),
  /** We aborted. */
  ABORTED("Connection aborted"),
  /** Retransmissions went unanswered too long, or a connect did. */
  TIMED_OUT("Connection timed out"),
  /** An ICMP error ended a connection that was being opened. */
  UNREACHABLE("No route to host");

  private final String message;

  CloseReason(String message) {
    this.message = message;
  }

  /**
   * Returns the words that the JDK uses for it.
   *
   * @return a message for people
   */
  public String message() {
    return message;
  }
}
