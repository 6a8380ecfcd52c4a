package io.tunstack.http.wire;

import java.util.Arrays;

/**
 * Finds the head of a request in bytes that come bit by bit: empty lines, request line, field lines
 * (RFC 9112 §2.2, §3, §5).
 *
 * <p>Each octet is looked at once, in order, and each line is judged as soon as its LF is there, so
 * what comes out depends on the octets only and not on how they arrived. A line ends in CRLF; a
 * bare LF or a bare CR is refused, because that is where two implementations may disagree on what a
 * message is.
 *
 * <p>Used again and again, one head after another. Not thread-safe.
 */
public final class RequestParser {
  /** Empty lines before a request that are forgiven (RFC 9112 §2.2 asks for "at least one"). */
  private static final int MAX_EMPTY_LINES = 8;

  private static final int INITIAL_FIELDS = 16;

  private static final int OFFSETS = RequestHead.OFFSETS;

  private static final int VERSION_LENGTH = "HTTP/1.1".length();

  private final HeadLimits limits;

  /** Octets looked at, from where the message starts; all other offsets count from there too. */
  private int scanned;

  private int lineStart;
  private boolean afterCarriageReturn;
  private boolean inFields;
  private int emptyLines;
  private int messageStart;
  private int fieldsStart;
  private HttpMethod method;
  private int targetStart;
  private int targetEnd;
  private int minorVersion;
  private int[] fields = new int[INITIAL_FIELDS * OFFSETS];
  private int fieldCount;

  /**
   * Makes a parser.
   *
   * @param limits what it refuses to go beyond
   */
  public RequestParser(HeadLimits limits) {
    this.limits = limits;
  }

  /** Forgets everything: the next call of {@link #parse} begins a new head. */
  public void reset() {
    scanned = 0;
    lineStart = 0;
    afterCarriageReturn = false;
    inFields = false;
    emptyLines = 0;
    fieldCount = 0;
  }

  /**
   * Tells whether anything is remembered.
   *
   * @return true if another parser would do as well
   */
  public boolean isFresh() {
    return scanned == 0;
  }

  /**
   * Tells whether a request has begun.
   *
   * @return false as long as nothing but empty lines came
   */
  public boolean hasBegun() {
    return scanned > lineStart || inFields;
  }

  /**
   * Goes on where the last call ended.
   *
   * @param array holds the head so far
   * @param start where it begins there; the array and the place may change between calls, the
   *     octets may not
   * @param end behind the last octet that has arrived
   * @return whether the head is complete
   * @throws BadMessageException if it cannot become a request; do not go on then
   */
  public boolean parse(byte[] array, int start, int end) throws BadMessageException {
    int at = start + scanned;
    while (true) {
      int mask = inFields ? Octets.FIELD : Octets.LINE;
      if (!afterCarriageReturn) {
        while (at < end && Octets.is(array[at], mask)) {
          at++;
        }
        requireWithinLimits(at - start);
      }
      scanned = at - start;
      if (at == end) {
        return false;
      }
      byte octet = array[at++];
      if (!afterCarriageReturn) {
        requireCarriageReturn(octet);
        afterCarriageReturn = true;
        continue;
      }
      if (octet != '\n') {
        throw new BadMessageException(400, "a CR without LF; lines end in CRLF");
      }
      afterCarriageReturn = false;
      int contentEnd = scanned - 1;
      scanned = at - start;
      if (endOfLine(array, start, contentEnd)) {
        return true;
      }
      lineStart = scanned;
    }
  }

  private void requireWithinLimits(int reached) throws BadMessageException {
    if (inFields) {
      if (reached - fieldsStart > limits.headerSectionBytes()) {
        throw new BadMessageException(
            431, "the header section is longer than " + limits.headerSectionBytes() + " bytes");
      }
    } else if (reached - lineStart > limits.requestLineBytes()) {
      throw new BadMessageException(
          414, "the request line is longer than " + limits.requestLineBytes() + " bytes");
    }
  }

  private static void requireCarriageReturn(byte octet) throws BadMessageException {
    if (octet == '\r') {
      return;
    }
    throw new BadMessageException(
        400,
        octet == '\n'
            ? "a LF without CR; lines end in CRLF"
            : "a control character where there must be none; this port speaks plain HTTP/1.1");
  }

  /** Judges the line that ends at {@code contentEnd}; answers whether it ends the head. */
  private boolean endOfLine(byte[] array, int start, int contentEnd) throws BadMessageException {
    if (inFields) {
      if (contentEnd == lineStart) {
        return true;
      }
      field(array, start, start + lineStart, start + contentEnd);
    } else if (contentEnd == lineStart) {
      if (++emptyLines > MAX_EMPTY_LINES) {
        throw new BadMessageException(400, "too many empty lines before the request");
      }
    } else {
      messageStart = lineStart;
      requestLine(array, start, start + lineStart, start + contentEnd);
      inFields = true;
      fieldsStart = scanned;
    }
    return false;
  }

  /** {@code method SP request-target SP HTTP-version}, one SP each (RFC 9112 §3). */
  private void requestLine(byte[] array, int start, int from, int to) throws BadMessageException {
    int methodEnd = Octets.indexOf(array, ' ', from, to);
    int end = Octets.indexOf(array, ' ', Math.min(methodEnd + 1, to), to);
    if (methodEnd == from || end == to || end == methodEnd + 1) {
      throw new BadMessageException(400, "a request line is: method, target, HTTP/1.1");
    }
    for (int at = from; at < methodEnd; at++) {
      if (!Octets.is(array[at], Octets.TOKEN)) {
        throw new BadMessageException(400, "the method is not a token");
      }
    }
    version(array, end + 1, to);
    method = HttpMethod.find(array, from, methodEnd);
    if (method == null) {
      throw new BadMessageException(501, "this method is not known here");
    }
    targetStart = methodEnd + 1 - start;
    targetEnd = end - start;
  }

  /** {@code HTTP/DIGIT.DIGIT}; a higher minor version counts as 1 (RFC 9110 §2.5). */
  private void version(byte[] array, int from, int to) throws BadMessageException {
    boolean wellFormed =
        to - from == VERSION_LENGTH
            && array[from] == 'H'
            && array[from + 1] == 'T'
            && array[from + 2] == 'T'
            && array[from + 3] == 'P'
            && array[from + 4] == '/'
            && Octets.isDigit(array[from + 5])
            && array[from + 6] == '.'
            && Octets.isDigit(array[from + 7]);
    if (!wellFormed) {
      throw new BadMessageException(400, "a request line ends in HTTP/1.1 or HTTP/1.0");
    }
    if (array[from + 5] != '1') {
      throw new BadMessageException(505, "this server speaks HTTP/1.1 and HTTP/1.0");
    }
    minorVersion = array[from + 7] == '0' ? 0 : 1;
  }

  /** {@code field-name ":" OWS field-value OWS} (RFC 9112 §5). */
  private void field(byte[] array, int start, int from, int to) throws BadMessageException {
    int nameEnd = from;
    while (nameEnd < to && Octets.is(array[nameEnd], Octets.TOKEN)) {
      nameEnd++;
    }
    if (nameEnd == from || nameEnd == to || array[nameEnd] != ':') {
      throw new BadMessageException(400, fieldFault(array, from, nameEnd, to));
    }
    if (fieldCount == limits.fields()) {
      throw new BadMessageException(431, "more than " + limits.fields() + " header fields");
    }
    int valueStart = Octets.skipOws(array, nameEnd + 1, to);
    int valueEnd = Octets.trimOws(array, valueStart, to);
    int at = fieldCount * OFFSETS;
    if (at == fields.length) {
      fields = Arrays.copyOf(fields, 2 * at);
    }
    fields[at] = from - start;
    fields[at + 1] = nameEnd - start;
    fields[at + 2] = valueStart - start;
    fields[at + 3] = valueEnd - start;
    fieldCount++;
  }

  private static String fieldFault(byte[] array, int from, int nameEnd, int to) {
    if (Octets.isOws(array[from])) {
      return "a header line begins with white space; folded lines are obsolete (RFC 9112 §5.2)";
    }
    if (nameEnd < to && Octets.isOws(array[nameEnd])) {
      return "white space between a header's name and its colon (RFC 9112 §5.1)";
    }
    return "a header line is: name, colon, value";
  }

  /**
   * Tells how long the head is, when it is complete.
   *
   * @return octets, empty lines before it included
   */
  public int length() {
    return scanned;
  }

  /**
   * Takes the complete head out, checked as a whole: target, Host, framing, expectations.
   *
   * @param array as given to {@link #parse}
   * @param start as given to {@link #parse}
   * @return the head, with its own copy of the octets
   * @throws BadMessageException if it is not a request to act on
   */
  public RequestHead head(byte[] array, int start) throws BadMessageException {
    RequestHead head = new RequestHead();
    head(head, array, start);
    return head;
  }

  /**
   * Takes the complete head out, checked as a whole, into one that is used again.
   *
   * @param head loses what it held; undefined if this throws
   * @param array as given to {@link #parse}
   * @param start as given to {@link #parse}
   * @throws BadMessageException if it is not a request to act on
   */
  public void head(RequestHead head, byte[] array, int start) throws BadMessageException {
    head.fill(array, start + messageStart, scanned - messageStart);
    head.fields(fields, fieldCount, messageStart);
    head.finish(method, targetStart - messageStart, targetEnd - messageStart, minorVersion);
  }
}
