package io.tunstack.http.wire;

/**
 * Where the body ends, whether the connection goes on, what is expected: what the fields of a
 * request say about the message rather than about the resource (RFC 9112 §6, §9; RFC 9110 §7.2,
 * §10.1.1). Read anew for each head.
 */
final class Framing {
  private static final int NO_LENGTH = -1;

  private RequestHead head;
  private byte[] octets;
  private int hosts;
  private int contentLengths;
  private long contentLength;
  private boolean transferEncoding;
  private boolean unknownCoding;
  private boolean chunked;
  private boolean close;
  private boolean keepAlive;
  private boolean expectContinue;

  /** Reads the fields of a head, once. */
  void read(RequestHead ofHead) throws BadMessageException {
    head = ofHead;
    octets = ofHead.octets();
    hosts = 0;
    contentLengths = 0;
    contentLength = NO_LENGTH;
    transferEncoding = false;
    unknownCoding = false;
    chunked = false;
    close = false;
    keepAlive = false;
    expectContinue = false;
    for (int i = 0; i < ofHead.fieldCount(); i++) {
      field(i);
    }
    finish();
  }

  /** -1 if there is no Content-Length. */
  long contentLength() {
    return contentLength;
  }

  /** Whether the body is chunked. */
  boolean chunked() {
    return chunked;
  }

  /** Whether the client lets the connection go on. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Whether the client waits for {@code 100 Continue} before it sends the body. */
  boolean expectContinue() {
    return expectContinue;
  }

  /** {@code uri-host [":" port]} (RFC 9110 §7.2); empty is allowed. */
  static boolean isHost(byte[] octets, int from, int to) {
    int at = from;
    if (at < to && octets[at] == '[') {
      at++;
      while (at < to && (Octets.hex(octets[at]) >= 0 || octets[at] == ':' || octets[at] == '.')) {
        at++;
      }
      if (at == to || octets[at] != ']' || at == from + 1) {
        return false;
      }
      at++;
    } else {
      while (at < to && Octets.is(octets[at], Octets.HOST)) {
        at++;
      }
    }
    if (at < to && octets[at] == ':') {
      at++;
      while (at < to && Octets.isDigit(octets[at])) {
        at++;
      }
    }
    return at == to;
  }

  private void field(int i) throws BadMessageException {
    int from = head.valueStart(i);
    int to = head.valueEnd(i);
    // The lengths of the five names differ: one comparison rules out nearly every other field.
    switch (head.nameLength(i)) {
      case 4 -> {
        if (head.isNamed(i, "host")) {
          host(from, to);
        }
      }
      case 6 -> {
        if (head.isNamed(i, "expect")) {
          expect(from, to);
        }
      }
      case 10 -> {
        if (head.isNamed(i, "connection")) {
          connection(from, to);
        }
      }
      case 14 -> {
        if (head.isNamed(i, "content-length")) {
          contentLength(from, to);
        }
      }
      case 17 -> {
        if (head.isNamed(i, "transfer-encoding")) {
          transferEncoding(from, to);
        }
      }
      default -> {
        // Says nothing about the message.
      }
    }
  }

  private void host(int from, int to) throws BadMessageException {
    if (++hosts > 1) {
      throw new BadMessageException(400, "more than one Host field");
    }
    if (!isHost(octets, from, to)) {
      throw new BadMessageException(400, "the Host field is not a host and a port");
    }
  }

  private void expect(int from, int to) throws BadMessageException {
    if (head.isHttp10()) {
      return;
    }
    if (!Octets.equalsIgnoreCase(octets, from, to, "100-continue")) {
      throw new BadMessageException(417, "the only expectation met here is 100-continue");
    }
    expectContinue = true;
  }

  private void connection(int from, int to) {
    int at = from;
    while (at < to) {
      int comma = Octets.indexOf(octets, ',', at, to);
      int start = Octets.skipOws(octets, at, comma);
      int end = Octets.trimOws(octets, start, comma);
      close |= Octets.equalsIgnoreCase(octets, start, end, "close");
      keepAlive |= Octets.equalsIgnoreCase(octets, start, end, "keep-alive");
      at = comma + 1;
    }
  }

  /** Digits and nothing but digits, once (RFC 9112 §6.3). */
  private void contentLength(int from, int to) throws BadMessageException {
    if (++contentLengths > 1) {
      throw new BadMessageException(400, "more than one Content-Length field");
    }
    if (from == to) {
      throw new BadMessageException(400, "the Content-Length is empty");
    }
    long value = 0;
    boolean tooLarge = false;
    for (int at = from; at < to; at++) {
      if (!Octets.isDigit(octets[at])) {
        throw new BadMessageException(400, "the Content-Length is not a number");
      }
      int digit = octets[at] - '0';
      tooLarge |= value > (Long.MAX_VALUE - digit) / 10;
      value = value * 10 + digit;
    }
    if (tooLarge) {
      throw new BadMessageException(413, "the Content-Length is beyond all measure");
    }
    contentLength = value;
  }

  private void transferEncoding(int from, int to) throws BadMessageException {
    transferEncoding = true;
    int at = from;
    do {
      int comma = Octets.indexOf(octets, ',', at, to);
      int start = Octets.skipOws(octets, at, comma);
      coding(start, Octets.trimOws(octets, start, comma));
      at = comma + 1;
    } while (at <= to);
  }

  private void coding(int from, int to) throws BadMessageException {
    if (from == to) {
      throw new BadMessageException(400, "an empty transfer coding");
    }
    if (chunked) {
      throw new BadMessageException(400, "chunked must be the last transfer coding, once");
    }
    int nameEnd = from;
    while (nameEnd < to && Octets.is(octets[nameEnd], Octets.TOKEN)) {
      nameEnd++;
    }
    boolean namedChunked = Octets.equalsIgnoreCase(octets, from, nameEnd, "chunked");
    if (namedChunked && nameEnd < to) {
      throw new BadMessageException(400, "chunked takes no parameters");
    }
    chunked = namedChunked;
    unknownCoding |= !namedChunked;
  }

  private void finish() throws BadMessageException {
    boolean http10 = head.isHttp10();
    if (hosts == 0 && !http10) {
      throw new BadMessageException(400, "an HTTP/1.1 request needs a Host field");
    }
    if (transferEncoding) {
      if (contentLengths > 0) {
        throw new BadMessageException(400, "both Content-Length and Transfer-Encoding");
      }
      if (http10) {
        throw new BadMessageException(400, "HTTP/1.0 knows no Transfer-Encoding");
      }
      if (unknownCoding) {
        throw new BadMessageException(501, "the only transfer coding known here is chunked");
      }
    }
    keepAlive = !close && (!http10 || keepAlive);
  }
}
