package io.tunstack.http.client;

import io.tunstack.wire.IpAddress;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * An {@code http} URL (RFC 3986, RFC 9110 §4.2.1), ready to be asked for: dot segments are
 * resolved, the fragment is gone, and what may not stand in a request is percent-encoded.
 *
 * @param host a name in lower case, an IPv4 address, or an IPv6 address in brackets
 * @param port 1 to 65,535
 * @param target path and query; begins with a slash
 */
public record HttpUrl(String host, int port, String target) {
  private static final int DEFAULT_PORT = 80;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_HOST = 253;

  /** What stands in a request as it is; the rest is encoded. */
  private static final String TARGET = "!$%&'()*+,-./:;=?@[]_|~";

  /**
   * Checks the parts, so that none of them can break out of its line in a request.
   *
   * @param host a name in lower case, an IPv4 address, or an IPv6 address in brackets
   * @param port 1 to 65,535
   * @param target path and query; begins with a slash
   * @throws InvalidUrlException if one is malformed
   */
  public HttpUrl {
    requireHost(host);
    if (port < 1 || port > MAX_PORT) {
      throw malformed("a port is a number from 1 to 65535");
    }
    if (!target.startsWith("/") || !target.equals(encode(target))) {
      throw malformed("a target begins with a slash, and what is special in it is percent-encoded");
    }
  }

  /** Not a URL, or not one for this client; the message says why. */
  public static final class InvalidUrlException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1L;

    /** Whether it is only that its protocol is not spoken here. */
    private final boolean otherScheme;

    InvalidUrlException(String message, boolean otherScheme) {
      super(message);
      this.otherScheme = otherScheme;
    }

    /**
     * Tells whether it names a protocol other than HTTP.
     *
     * @return false if it is malformed
     */
    public boolean isOtherScheme() {
      return otherScheme;
    }
  }

  /**
   * Reads a URL. One without a scheme is taken for {@code http}, as curl does.
   *
   * @param text such as {@code http://10.77.0.1:8080/path?query}
   * @return what it says
   * @throws InvalidUrlException if it is malformed, or of another protocol
   */
  public static HttpUrl parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7f) {
        throw malformed("there is a space or a control character in it; write %20 for a space");
      }
    }
    String rest = withoutScheme(text);
    int end = indexOfAny(rest, "/?#\\");
    String authority = rest.substring(0, end);
    if (authority.indexOf('@') >= 0) {
      throw malformed("there is a user name in it, and this client does not log in");
    }
    int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    int port = colon < 0 ? DEFAULT_PORT : port(authority.substring(colon + 1));
    requireHost(host);
    String tail = rest.substring(end);
    int fragment = tail.indexOf('#');
    String target = encode(fragment < 0 ? tail : tail.substring(0, fragment));
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question);
    return new HttpUrl(host.toLowerCase(Locale.ROOT), port, withoutDots(path) + query);
  }

  private static InvalidUrlException malformed(String why) {
    return new InvalidUrlException("not a URL: " + why, false);
  }

  private static String withoutScheme(String text) {
    int end = text.indexOf("://");
    if (end < 0 || indexOfAny(text, "/?#") < end) {
      return text;
    }
    String scheme = text.substring(0, end).toLowerCase(Locale.ROOT);
    if (!scheme.matches("[a-z][a-z0-9+.-]*")) {
      throw malformed("what stands before :// is not the name of a protocol");
    }
    if (scheme.equals("https")) {
      throw new InvalidUrlException(
          "https is not spoken here, since there is no TLS yet; use http://", true);
    }
    if (!scheme.equals("http")) {
      throw new InvalidUrlException(scheme + " is not spoken here; use http://", true);
    }
    return text.substring(end + 3);
  }

  private static int indexOfAny(String text, String characters) {
    int at = 0;
    while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private static int port(String digits) {
    if (digits.isEmpty()) {
      return DEFAULT_PORT;
    }
    // Whatever is no number of at most five digits is out of range.
    return digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
  }

  private static void requireHost(String host) {
    boolean ipv6 = host.matches("\\[[0-9A-Fa-f:.]+]");
    if (!ipv6 && !host.matches("[A-Za-z0-9._~-]{1," + MAX_HOST + "}")) {
      throw malformed(
          host.isEmpty() ? "the host is missing" : "the host has a character that no host has");
    }
  }

  /** Percent-encodes what may not stand in a request; what is encoded stays as it is. */
  private static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.replace('\\', '/').getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean alphanumeric =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (alphanumeric || TARGET.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  /** Resolves {@code .} and {@code ..} (RFC 3986 §5.2.4). */
  private static String withoutDots(String path) {
    if (path.isEmpty()) {
      return "/";
    }
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      if (segments[i].equals("..")) {
        kept.pollLast();
      } else if (!segments[i].equals(".")) {
        kept.addLast(segments[i]);
        continue;
      }
      if (last) {
        kept.addLast("");
      }
    }
    return "/" + String.join("/", kept);
  }

  /**
   * Returns what the Host field says (RFC 9110 §7.2).
   *
   * @return the host, and the port unless it is 80
   */
  public String authority() {
    return port == DEFAULT_PORT ? host : host + ":" + port;
  }

  /**
   * Returns where to connect to, if the host is an IPv4 address.
   *
   * @return empty if it is a name or an IPv6 address
   */
  public Optional<InetSocketAddress> literalAddress() {
    try {
      return Optional.of(new InetSocketAddress(IpAddress.parse(host).toInetAddress(), port));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
