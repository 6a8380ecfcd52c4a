package io.tunstack.http.client;

/**
 * Why there is no complete response.
 *
 * @param kind for those who decide by it
 * @param message for people: what happened, in one line
 */
public record HttpFailure(Kind kind, String message) {
  /** What went wrong. */
  public enum Kind {
    /** Nobody listens on that port. */
    REFUSED,
    /** No way to that address. */
    UNREACHABLE,
    /** The handshake was not complete in time. */
    CONNECT_TIMEOUT,
    /** The response did not come, or not go on, in time. */
    TIMEOUT,
    /** The server closed the connection before it had sent a complete head. */
    EMPTY_REPLY,
    /** The server closed the connection in the middle of a body. */
    PARTIAL,
    /** The server reset the connection. */
    RESET,
    /** What came does not begin as a response does. */
    NOT_HTTP,
    /** The head of the response is malformed, or says two things about the body. */
    BAD_HEAD,
    /** The body's chunks are malformed. */
    BAD_BODY,
    /** Our side gave up, or the stack was closed. */
    CANCELLED
  }
}
