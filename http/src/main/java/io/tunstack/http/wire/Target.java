package io.tunstack.http.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What a request is for (RFC 9112 §3.2).
 *
 * <p>A path that tries to climb ({@code ..}, however it is encoded) is refused rather than
 * normalised: browsers and curl have normalised theirs before they send it, so who sends one is
 * probing.
 *
 * @param raw as it was sent
 * @param path percent-decoded; begins with a slash, or is {@code *}
 * @param query what follows the question mark, not decoded; empty if there is none
 */
public record Target(String raw, String path, String query) {
  private static final String HTTP_SCHEME = "http://";

  static Target parse(HttpMethod method, byte[] octets, int from, int to)
      throws BadMessageException {
    boolean percent = false;
    for (int at = from; at < to; at++) {
      byte octet = octets[at];
      if (!Octets.is(octet, Octets.TARGET)) {
        throw new BadMessageException(400, "the target has a character that must be %-encoded");
      }
      if (octet == '%') {
        percent = true;
        requireTriplet(octets, at, to);
      }
    }
    String raw = new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    if (method == HttpMethod.CONNECT) {
      throw new BadMessageException(501, "CONNECT is for proxies, and this is none");
    }
    if (raw.equals("*")) {
      if (method != HttpMethod.OPTIONS) {
        throw new BadMessageException(400, "the target * goes with OPTIONS only");
      }
      return new Target(raw, raw, "");
    }
    int pathStart = octets[from] == '/' ? from : pathOfAbsoluteForm(octets, from, to);
    int question = Octets.indexOf(octets, '?', pathStart, to);
    String path = question == pathStart ? "/" : decodePath(octets, pathStart, question, percent);
    requireNoClimbing(path);
    String query = question == to ? "" : raw.substring(question + 1 - from);
    return new Target(raw, path, query);
  }

  private static void requireTriplet(byte[] octets, int at, int to) throws BadMessageException {
    if (to - at < 3 || Octets.hex(octets[at + 1]) < 0 || Octets.hex(octets[at + 2]) < 0) {
      throw new BadMessageException(400, "a % in the target is not followed by two hex digits");
    }
    if (octets[at + 1] == '0' && octets[at + 2] == '0') {
      throw new BadMessageException(400, "%00 has no place in a target");
    }
  }

  /** {@code http://authority/path}: who is asked is not looked at beyond its form. */
  private static int pathOfAbsoluteForm(byte[] octets, int from, int to)
      throws BadMessageException {
    int authority = from + HTTP_SCHEME.length();
    if (to < authority || !Octets.equalsIgnoreCase(octets, from, authority, HTTP_SCHEME)) {
      throw new BadMessageException(400, "a target is a path, or http://host/path");
    }
    int end = authority;
    while (end < to && octets[end] != '/' && octets[end] != '?') {
      end++;
    }
    if (end == authority || !Framing.isHost(octets, authority, end)) {
      throw new BadMessageException(400, "the target's host is not valid");
    }
    return end;
  }

  private static String decodePath(byte[] octets, int from, int to, boolean percent)
      throws BadMessageException {
    if (!percent) {
      return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }
    byte[] decoded = new byte[to - from];
    int length = 0;
    for (int at = from; at < to; at++) {
      byte octet = octets[at];
      if (octet == '%') {
        octet = (byte) (Octets.hex(octets[at + 1]) << 4 | Octets.hex(octets[at + 2]));
        at += 2;
        if ((octet >= 0 && octet < ' ') || octet == 0x7f || octet == '\\') {
          throw new BadMessageException(400, "the path hides a character that is not allowed");
        }
      }
      decoded[length++] = octet;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(decoded, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new BadMessageException(400, "the path is not UTF-8");
    }
  }

  private static void requireNoClimbing(String path) throws BadMessageException {
    int at = path.indexOf("/.");
    while (at >= 0) {
      int end = path.indexOf('/', at + 1);
      int length = (end < 0 ? path.length() : end) - at - 1;
      if (length == 1 || (length == 2 && path.charAt(at + 2) == '.')) {
        throw new BadMessageException(400, "the path has . or .. as a segment");
      }
      at = path.indexOf("/.", at + 1);
    }
  }
}
