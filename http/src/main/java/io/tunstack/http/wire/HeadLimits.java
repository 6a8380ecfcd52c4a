package io.tunstack.http.wire;

/**
 * How much of a request is looked at before it is refused.
 *
 * @param requestLineBytes the request line without its CRLF; RFC 9112 §3 wants at least 8,000
 * @param headerSectionBytes all field lines together
 * @param fields field lines
 * @param trailerBytes the trailer section of a chunked body
 * @param chunkExtensionBytes extensions of all chunks of a body together
 */
public record HeadLimits(
    int requestLineBytes,
    int headerSectionBytes,
    int fields,
    int trailerBytes,
    int chunkExtensionBytes) {
  /** The least that RFC 9112 §3 asks of a server. */
  public static final int MIN_REQUEST_LINE_BYTES = 8_000;

  /**
   * Checks every range.
   *
   * @param requestLineBytes the request line without its CRLF; RFC 9112 §3 wants at least 8,000
   * @param headerSectionBytes all field lines together
   * @param fields field lines
   * @param trailerBytes the trailer section of a chunked body
   * @param chunkExtensionBytes extensions of all chunks of a body together
   */
  public HeadLimits {
    if (requestLineBytes < MIN_REQUEST_LINE_BYTES) {
      throw new IllegalArgumentException(
          "requestLineBytes is "
              + requestLineBytes
              + "; RFC 9112 §3 wants at least "
              + MIN_REQUEST_LINE_BYTES);
    }
    if (headerSectionBytes < 1 || fields < 1 || trailerBytes < 1 || chunkExtensionBytes < 0) {
      throw new IllegalArgumentException("limits on the header and trailer sections are positive");
    }
  }
}
