package io.tunstack.http.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a request: request line and fields, checked. Stays as it is until {@link
 * RequestParser#head(RequestHead, byte[], int)} fills it anew.
 */
public final class RequestHead {
  /** A field is four offsets: name from and to, value from and to. */
  static final int OFFSETS = 4;

  /** Room for what a program sends; a browser's head makes it grow once. */
  private static final int INITIAL_OCTETS = 256;

  private static final int INITIAL_FIELDS = 8;

  private final Target target = new Target();
  private final Framing framing = new Framing();
  private HttpMethod method = HttpMethod.GET;
  private int minorVersion;
  private byte[] octets = new byte[INITIAL_OCTETS];

  /** For each field where name and value begin and end in {@link #octets}. */
  private int[] offsets = new int[INITIAL_FIELDS * OFFSETS];

  private int fieldCount;

  /** Makes one that nothing has been read into yet. */
  public RequestHead() {}

  /** Takes a copy of a head's octets; where its fields are comes next. */
  void fill(byte[] array, int from, int length) {
    if (octets.length < length) {
      octets = new byte[Integer.highestOneBit(length) * 2];
    }
    System.arraycopy(array, from, octets, 0, length);
  }

  /** Takes where the fields are, each {@code shift} later in {@code fields} than in the octets. */
  void fields(int[] fields, int count, int shift) {
    if (offsets.length < count * OFFSETS) {
      offsets = new int[count * OFFSETS];
    }
    for (int i = 0; i < count * OFFSETS; i++) {
      offsets[i] = fields[i] - shift;
    }
    fieldCount = count;
  }

  /** Checks the whole, which is complete with this. */
  void finish(HttpMethod itsMethod, int targetStart, int targetEnd, int itsMinorVersion)
      throws BadMessageException {
    method = itsMethod;
    minorVersion = itsMinorVersion;
    target.read(itsMethod, octets, targetStart, targetEnd);
    framing.read(this);
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
    return fieldCount;
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
