package io.tunstack.http.wire;

import io.tunstack.http.wire.ResponseHead.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the head of a response in bytes that come bit by bit: status line, field lines (RFC 9112
 * §4, §5).
 *
 * <p>Each octet is looked at once and each line is judged at its LF, so what comes out does not
 * depend on how the octets were split. Lines end in CRLF, or in LF alone as some old servers have
 * it (§2.2). A folded field line is joined with one space, because a user agent has to bear that in
 * a response (§5.2).
 *
 * <p>Used again and again, one head after another. Not thread-safe.
 */
public final class ResponseParser {
  private static final int INITIAL_LINE_BYTES = 256;

  /** {@code HTTP/1.1 200}, behind which a space and a reason may be missing. */
  private static final int SHORTEST_STATUS_LINE = 12;

  private static final int LOWEST_STATUS = 100;

  private final HeadLimits limits;
  private byte[] line = new byte[INITIAL_LINE_BYTES];
  private int length;
  private int sectionBytes;
  private boolean afterCarriageReturn;
  private boolean inFields;
  private int minorVersion;
  private int status;
  private String reason = "";
  private List<Field> fields = new ArrayList<>();
  private ResponseHead head;

  /**
   * Makes a parser.
   *
   * @param limits what it refuses to go beyond; the status line has the limit of a request line
   */
  public ResponseParser(HeadLimits limits) {
    this.limits = limits;
  }

  /** Forgets everything: the next call of {@link #parse} begins a new head. */
  public void reset() {
    length = 0;
    sectionBytes = 0;
    afterCarriageReturn = false;
    inFields = false;
    fields = new ArrayList<>();
    head = null;
  }

  /**
   * Tells whether any octet of a head has come.
   *
   * @return false right after {@link #reset}
   */
  public boolean hasBegun() {
    return length > 0 || inFields || afterCarriageReturn;
  }

  /**
   * Tells whether the status line is complete and was one.
   *
   * @return true until the next {@link #reset}
   */
  public boolean hasStatusLine() {
    return inFields;
  }

  /**
   * Goes on, up to the end of the head or of the input.
   *
   * @param array the input
   * @param from where to go on
   * @param to behind the last octet that has arrived
   * @return where it stopped; if {@link #isDone}, the body begins there
   * @throws BadMessageException if it cannot become a response; do not go on then
   */
  public int parse(byte[] array, int from, int to) throws BadMessageException {
    int at = from;
    while (at < to && head == null) {
      step(array[at]);
      at++;
    }
    return at;
  }

  private void step(byte octet) throws BadMessageException {
    if (afterCarriageReturn) {
      if (octet != '\n') {
        throw bad("a CR without LF in the response's head");
      }
      lineFeed();
    } else if (octet == '\n') {
      lineFeed();
    } else if (octet == '\r') {
      afterCarriageReturn = true;
    } else if (Octets.is(octet, Octets.FIELD)) {
      requireWithinLimits();
      append(octet);
    } else {
      throw bad("the answer is not HTTP/1.1: there is a control character in its head");
    }
  }

  private void lineFeed() throws BadMessageException {
    afterCarriageReturn = false;
    endOfLine();
    length = 0;
  }

  private void requireWithinLimits() throws BadMessageException {
    if (inFields) {
      if (++sectionBytes > limits.headerSectionBytes()) {
        throw bad("the header section is longer than " + limits.headerSectionBytes() + " bytes");
      }
    } else if (length == limits.requestLineBytes()) {
      throw bad("the status line is longer than " + limits.requestLineBytes() + " bytes");
    }
  }

  private void append(byte octet) {
    if (length == line.length) {
      line = Arrays.copyOf(line, 2 * length);
    }
    line[length++] = octet;
  }

  private void endOfLine() throws BadMessageException {
    if (!inFields) {
      statusLine();
      inFields = true;
    } else if (length == 0) {
      head = new ResponseHead(minorVersion, status, reason, fields);
    } else if (Octets.isOws(line[0])) {
      folded();
    } else {
      field();
    }
  }

  /** {@code HTTP-version SP status-code SP [reason-phrase]} (RFC 9112 §4). */
  private void statusLine() throws BadMessageException {
    boolean wellFormed =
        length >= SHORTEST_STATUS_LINE
            && text(0, 7).equals("HTTP/1.")
            && Octets.isDigit(line[7])
            && line[8] == ' '
            && Octets.isDigit(line[9])
            && Octets.isDigit(line[10])
            && Octets.isDigit(line[11])
            && (length == SHORTEST_STATUS_LINE || line[SHORTEST_STATUS_LINE] == ' ');
    if (!wellFormed) {
      throw bad("the answer does not begin with HTTP/1.1 and a status");
    }
    minorVersion = line[7] == '0' ? 0 : 1;
    status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
    if (status < LOWEST_STATUS) {
      throw bad("there is no status code below 100");
    }
    reason = text(Math.min(length, SHORTEST_STATUS_LINE + 1), length);
  }

  /** {@code field-name ":" OWS field-value OWS} (RFC 9112 §5). */
  private void field() throws BadMessageException {
    int nameEnd = 0;
    while (nameEnd < length && Octets.is(line[nameEnd], Octets.TOKEN)) {
      nameEnd++;
    }
    if (nameEnd == 0 || nameEnd == length || line[nameEnd] != ':') {
      throw bad("a header line is not: name, colon, value");
    }
    if (fields.size() == limits.fields()) {
      throw bad("more than " + limits.fields() + " header fields");
    }
    int valueStart = Octets.skipOws(line, nameEnd + 1, length);
    int valueEnd = Octets.trimOws(line, valueStart, length);
    fields.add(new Field(text(0, nameEnd), text(valueStart, valueEnd)));
  }

  private void folded() throws BadMessageException {
    if (fields.isEmpty()) {
      throw bad("the first header line begins with white space");
    }
    int start = Octets.skipOws(line, 0, length);
    int end = Octets.trimOws(line, start, length);
    Field last = fields.remove(fields.size() - 1);
    fields.add(new Field(last.name(), (last.value() + " " + text(start, end)).strip()));
  }

  private static BadMessageException bad(String explanation) {
    return new BadMessageException(ResponseHead.BAD_GATEWAY, explanation);
  }

  private String text(int from, int to) {
    return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /**
   * Tells whether the head is complete.
   *
   * @return true until the next {@link #reset}
   */
  public boolean isDone() {
    return head != null;
  }

  /**
   * Returns the complete head.
   *
   * @return immutable
   * @throws IllegalStateException if it is not complete yet
   */
  public ResponseHead head() {
    if (head == null) {
      throw new IllegalStateException("the head is not complete; parse on until isDone");
    }
    return head;
  }
}
