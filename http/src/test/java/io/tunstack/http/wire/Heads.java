package io.tunstack.http.wire;

import java.nio.charset.StandardCharsets;

/** Heads for tests. */
final class Heads {
  static final HeadLimits LIMITS = new HeadLimits(8_000, 4_000, 20, 100, 50);

  private Heads() {}

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Parses a whole head with lines joined by CRLF. */
  static RequestHead parse(String... lines) throws BadMessageException {
    byte[] octets = octets(String.join("\r\n", lines) + "\r\n\r\n");
    RequestParser parser = new RequestParser(LIMITS);
    if (!parser.parse(octets, 0, octets.length)) {
      throw new AssertionError("the head is not complete");
    }
    return parser.head(octets, 0);
  }

  static int refusal(String... lines) {
    try {
      parse(lines);
      return 0;
    } catch (BadMessageException e) {
      return e.status();
    }
  }
}
