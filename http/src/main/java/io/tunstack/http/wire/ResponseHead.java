package io.tunstack.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a response: status line and fields (RFC 9112 §4, §5). Immutable.
 *
 * @param minorVersion 0 for HTTP/1.0, 1 for 1.1 and every later 1.x
 * @param status 100 to 999; what is beyond 599 counts as 5xx (RFC 9110 §15)
 * @param reason what the server calls it; may be empty
 * @param fields in the order in which they came
 */
public record ResponseHead(int minorVersion, int status, String reason, List<Field> fields) {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int FIRST_FINAL = 200;
  private static final int FIRST_REDIRECTION = 300;

  /** What the status of {@link BadMessageException} is when a response is at fault. */
  static final int BAD_GATEWAY = 502;

  /**
   * Copies the list.
   *
   * @param minorVersion 0 for HTTP/1.0, 1 for 1.1 and every later 1.x
   * @param status 100 to 999; what is beyond 599 counts as 5xx (RFC 9110 §15)
   * @param reason what the server calls it; may be empty
   * @param fields in the order in which they came
   */
  public ResponseHead {
    fields = List.copyOf(fields);
  }

  /**
   * A field line.
   *
   * @param name as it was sent, a token
   * @param value without white space around it; ISO 8859-1, without control characters but HTAB
   */
  public record Field(String name, String value) {}

  /** How the end of a body is found (RFC 9112 §6.3). */
  public enum Framing {
    /** There is no body. */
    NONE,
    /** As many bytes as Content-Length says. */
    LENGTH,
    /** Chunks, and one of length zero at the end. */
    CHUNKED,
    /** Everything up to the end of the connection. */
    UNTIL_CLOSE
  }

  /**
   * Returns the value of the field of that name; of several, all of them in order, joined by commas
   * (RFC 9110 §5.3).
   *
   * @param name in any case
   * @return empty if there is no such field
   */
  public Optional<String> field(String name) {
    String value = null;
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        value = value == null ? field.value : value + ", " + field.value;
      }
    }
    return Optional.ofNullable(value);
  }

  /**
   * Tells whether the response proper is still to come (RFC 9110 §15.2).
   *
   * @return true for 1xx
   */
  public boolean isInterim() {
    return status < FIRST_FINAL;
  }

  /**
   * Tells how the end of the body is found (RFC 9112 §6.3).
   *
   * <p>A Transfer-Encoding beside a Content-Length, or in HTTP/1.0, is how responses are smuggled
   * past somebody who believes the other one, so it is refused (RFC 9112 §6.1 lets a recipient).
   *
   * @param method of the request, as it was sent
   * @return never null
   * @throws BadMessageException if the fields contradict each other or name a coding that is not
   *     known here
   */
  public Framing framing(String method) throws BadMessageException {
    boolean tunnel =
        method.equals("CONNECT") && status >= FIRST_FINAL && status < FIRST_REDIRECTION;
    if (method.equals("HEAD")
        || tunnel
        || isInterim()
        || status == NO_CONTENT
        || status == NOT_MODIFIED) {
      return Framing.NONE;
    }
    long length = contentLength();
    Optional<String> coding = field("Transfer-Encoding");
    if (coding.isPresent()) {
      if (length >= 0) {
        throw bad("there are a Transfer-Encoding and a Content-Length");
      }
      if (minorVersion == 0) {
        throw bad("there is a Transfer-Encoding in HTTP/1.0");
      }
      if (!coding.get().equalsIgnoreCase("chunked")) {
        throw bad("the transfer coding is not chunked, and nothing else was asked for");
      }
      return Framing.CHUNKED;
    }
    if (length < 0) {
      return Framing.UNTIL_CLOSE;
    }
    return length == 0 ? Framing.NONE : Framing.LENGTH;
  }

  private static BadMessageException bad(String explanation) {
    return new BadMessageException(BAD_GATEWAY, explanation);
  }

  /**
   * Returns the Content-Length.
   *
   * @return bytes; -1 if the field is absent
   * @throws BadMessageException if it is not a number, or several that differ
   */
  public long contentLength() throws BadMessageException {
    Optional<String> field = field("Content-Length");
    if (field.isEmpty()) {
      return -1;
    }
    long length = -1;
    // The same number several times is forgiven (RFC 9110 §8.6).
    for (String text : field.get().split(",", -1)) {
      long value = number(text.strip());
      if (length >= 0 && value != length) {
        throw bad("there are two Content-Lengths that differ");
      }
      length = value;
    }
    return length;
  }

  private static long number(String text) throws BadMessageException {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    long value = 0;
    for (byte octet : octets) {
      int digit = octet - '0';
      if (!Octets.isDigit(octet) || value > (Long.MAX_VALUE - digit) / 10) {
        throw bad("the Content-Length is not a number of bytes");
      }
      value = value * 10 + digit;
    }
    if (octets.length == 0) {
      throw bad("the Content-Length is empty");
    }
    return value;
  }

  /**
   * Tells whether the server lets the connection go on (RFC 9112 §9.3), as far as the fields say.
   *
   * @return false after {@code Connection: close}, or in HTTP/1.0 without {@code keep-alive}
   */
  public boolean keepAlive() {
    List<String> options =
        List.of(field("Connection").orElse("").toLowerCase(Locale.ROOT).split("[ \t]*,[ \t]*", -1));
    return !options.contains("close") && (minorVersion > 0 || options.contains("keep-alive"));
  }
}
