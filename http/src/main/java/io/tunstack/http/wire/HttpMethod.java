package io.tunstack.http.wire;

/** The methods of RFC 9110 §9.3 and RFC 5789. Any other is answered with 501. */
public enum HttpMethod {
  /** Transfer a representation of the resource. */
  GET,
  /** GET without the content. */
  HEAD,
  /** Let the resource process the content. */
  POST,
  /** Replace the resource by the content. */
  PUT,
  /** Remove the resource. */
  DELETE,
  /** Open a tunnel; for proxies. */
  CONNECT,
  /** Describe what the resource allows. */
  OPTIONS,
  /** Loop the request back. */
  TRACE,
  /** Change the resource as the content says (RFC 5789). */
  PATCH;

  private static final HttpMethod[] ALL = values();

  /** Finds a method by its octets, which are case-sensitive; null if it is not known. */
  static HttpMethod find(byte[] array, int from, int to) {
    for (HttpMethod method : ALL) {
      if (method.matches(array, from, to)) {
        return method;
      }
    }
    return null;
  }

  private boolean matches(byte[] array, int from, int to) {
    String name = name();
    if (to - from != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (array[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
