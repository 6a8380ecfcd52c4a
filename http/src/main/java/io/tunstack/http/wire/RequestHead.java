package io.tunstack.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The head of a request: request line and fields, checked. Immutable. */
public final class RequestHead {
  private static final int OFFSETS = 4;

  private final HttpMethod method;
  private final Target target;
  private final int minorVersion;
  private final byte[] octets;

  /** For each field where name and value begin and end in {@link #octets}. */
  private final int[] offsets;

  private final Framing framing;

  RequestHead(HttpMethod method, Target target, int minorVersion, byte[] octets, int[] offsets)
      throws BadMessageException {
    this.method = method;
    this.target = target;
    this.minorVersion = minorVersion;
    this.octets = octets;
    this.offsets = offsets;
    this.framing = Framing.of(this);
  }

  /**
   * Returns the method.
   *
   * @return one that is known
   */
  public HttpMethod method() {
    return method;
  }

  /**
   * Returns what the request is for.
   *
   * @return the target
   */
  public Target target() {
    return target;
  }

  /**
   * Tells whether the client speaks HTTP/1.0: it understands neither chunked nor 100.
   *
   * @return false for 1.1 and every later 1.x
   */
  public boolean isHttp10() {
    return minorVersion == 0;
  }

  /**
   * Returns the Content-Length.
   *
   * @return bytes; -1 if the field is absent
   */
  public long contentLength() {
    return framing.contentLength();
  }

  /**
   * Tells whether the body is chunked.
   *
   * @return whether {@code Transfer-Encoding: chunked} was sent
   */
  public boolean isChunked() {
    return framing.chunked();
  }

  /**
   * Tells whether there is a body, which may turn out empty if it is chunked.
   *
   * @return false without framing fields, or with {@code Content-Length: 0}
   */
  public boolean hasBody() {
    return framing.chunked() || framing.contentLength() > 0;
  }

  /**
   * Tells whether the connection may go on after this request (RFC 9112 §9.3).
   *
   * @return false after {@code Connection: close}, or in HTTP/1.0 without {@code keep-alive}
   */
  public boolean keepAlive() {
    return framing.keepAlive();
  }

  /**
   * Tells whether the client waits for {@code 100 Continue} (RFC 9110 §10.1.1).
   *
   * @return true only if there is a body to wait for
   */
  public boolean expectsContinue() {
    return framing.expectContinue() && hasBody();
  }

  /**
   * Returns how many field lines there are.
   *
   * @return zero or more
   */
  public int fieldCount() {
    return offsets.length / OFFSETS;
  }

  /**
   * Returns a field's name as it was sent.
   *
   * @param index from 0
   * @return a token
   */
  public String fieldName(int index) {
    return text(offsets[index * OFFSETS], offsets[index * OFFSETS + 1]);
  }

  /**
   * Returns a field's value without white space around it.
   *
   * @param index from 0
   * @return ISO 8859-1, without control characters but HTAB
   */
  public String fieldValue(int index) {
    return text(valueStart(index), valueEnd(index));
  }

  /**
   * Returns the value of the field of that name; of several, all of them in order, joined by commas
   * (RFC 9110 §5.3).
   *
   * @param name in any case
   * @return empty if there is no such field
   */
  public Optional<String> field(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    String value = null;
    for (int i = 0; i < fieldCount(); i++) {
      if (isNamed(i, lowerCase)) {
        value = value == null ? fieldValue(i) : value + ", " + fieldValue(i);
      }
    }
    return Optional.ofNullable(value);
  }

  private String text(int from, int to) {
    return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
  }

  byte[] octets() {
    return octets;
  }

  int nameLength(int index) {
    return offsets[index * OFFSETS + 1] - offsets[index * OFFSETS];
  }

  int valueStart(int index) {
    return offsets[index * OFFSETS + 2];
  }

  int valueEnd(int index) {
    return offsets[index * OFFSETS + 3];
  }

  boolean isNamed(int index, String lowerCase) {
    return Octets.equalsIgnoreCase(
        octets, offsets[index * OFFSETS], offsets[index * OFFSETS + 1], lowerCase);
  }
}
