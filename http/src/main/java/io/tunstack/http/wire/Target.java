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
 * <p>It lies in the octets of its {@link RequestHead} and is valid as long as that is. Strings are
 * made when somebody asks for them, and a router need not.
 */
public final class Target {
  private static final String HTTP_SCHEME = "http://";

  private byte[] octets = {};
  private int from;
  private int to;

  /** The path and, behind a question mark or at {@link #to}, its end; not decoded. */
  private int pathStart;

  private int pathEnd;

  /** The path where it is not what the octets say; null if it is, or as long as nobody asked. */
  private String path;

  /** Whether the octets from {@link #pathStart} to {@link #pathEnd} are the path. */
  private boolean verbatim;

  Target() {}

  static Target parse(HttpMethod method, byte[] octets, int from, int to)
      throws BadMessageException {
    Target target = new Target();
    target.read(method, octets, from, to);
    return target;
  }

  /** Becomes the target that lies there. */
  void read(HttpMethod method, byte[] array, int start, int end) throws BadMessageException {
    octets = array;
    from = start;
    to = end;
    path = null;
    verbatim = true;
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
    if (method == HttpMethod.CONNECT) {
      throw new BadMessageException(501, "CONNECT is for proxies, and this is none");
    }
    pathStart = from;
    pathEnd = to;
    if (to - from == 1 && octets[from] == '*') {
      if (method != HttpMethod.OPTIONS) {
        throw new BadMessageException(400, "the target * goes with OPTIONS only");
      }
      return;
    }
    pathStart = octets[from] == '/' ? from : pathOfAbsoluteForm(octets, from, to);
    pathEnd = Octets.indexOf(octets, '?', pathStart, to);
    if (percent || pathEnd == pathStart) {
      verbatim = false;
      path = pathEnd == pathStart ? "/" : decodePath(octets, pathStart, pathEnd);
      requireNoClimbing(path);
    } else {
      requireNoClimbing(octets, pathStart, pathEnd);
    }
  }

  /**
   * Returns the target as it was sent.
   *
   * @return origin-form, absolute-form or {@code *}
   */
  public String raw() {
    return text(from, to);
  }

  /**
   * Returns the path.
   *
   * @return percent-decoded; begins with a slash, or is {@code *}
   */
  public String path() {
    if (path == null) {
      path = text(pathStart, pathEnd);
    }
    return path;
  }

  /**
   * Returns the query.
   *
   * @return what follows the question mark, not decoded; empty if there is none
   */
  public String query() {
    return pathEnd == to ? "" : text(pathEnd + 1, to);
  }

  /**
   * Finds what a map has for the path, without making a string of it where that can be helped.
   *
   * @param map by paths
   * @param <V> what the map holds
   * @return null if the map does not have the path
   */
  public <V> V lookUp(PathMap<V> map) {
    return verbatim ? map.get(octets, pathStart, pathEnd) : map.get(path);
  }

  private String text(int start, int end) {
    return new String(octets, start, end - start, StandardCharsets.ISO_8859_1);
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

  private static String decodePath(byte[] octets, int from, int to) throws BadMessageException {
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

  /** The same for octets that are the path as they are. */
  private static void requireNoClimbing(byte[] octets, int from, int to)
      throws BadMessageException {
    int segment = from + 1;
    while (segment < to) {
      if (octets[segment] == '.') {
        int end = Octets.indexOf(octets, '/', segment, to);
        int length = end - segment;
        if (length == 1 || (length == 2 && octets[segment + 1] == '.')) {
          throw new BadMessageException(400, "the path has . or .. as a segment");
        }
      }
      segment = Octets.indexOf(octets, '/', segment, to) + 1;
    }
  }
}
