package io.tunstack.http;

import io.tunstack.http.wire.HttpMethod;
import io.tunstack.http.wire.RequestHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The head of a request, as a handler sees it. It is there until the exchange is over; who wants it
 * for longer, or in another thread, calls {@link #keep} before that. Later, everything but {@link
 * #toString} throws {@link IllegalStateException}.
 */
public final class HttpRequest {
  /** Null once the request is over. */
  private RequestHead head;

  private boolean kept;

  HttpRequest(RequestHead head) {
    this.head = head;
  }

  /**
   * Makes this request last: from now on nothing changes any more, and any thread may read it.
   *
   * @return this
   * @throws IllegalStateException if it is over
   */
  public HttpRequest keep() {
    requireHead();
    kept = true;
    return this;
  }

  /** It is over: gives the head back, unless it was kept, when there is none to give. */
  RequestHead end() {
    if (kept) {
      return null;
    }
    RequestHead free = head;
    head = null;
    return free;
  }

  private RequestHead requireHead() {
    if (head == null) {
      throw new IllegalStateException(
          "this request is over; keep() makes one last that is wanted for longer");
    }
    return head;
  }

  /**
   * Returns the method.
   *
   * @return HEAD is told from GET here only; the server leaves out the body by itself
   */
  public HttpMethod method() {
    return requireHead().method();
  }

  /**
   * Returns the target as it was sent.
   *
   * @return origin-form, absolute-form or {@code *}
   */
  public String target() {
    return requireHead().target().raw();
  }

  /**
   * Returns the path.
   *
   * @return percent-decoded; begins with a slash and has no segment {@code .} or {@code ..}
   */
  public String path() {
    return requireHead().target().path();
  }

  /**
   * Returns the query as it was sent.
   *
   * @return without the question mark; empty if there is none
   */
  public String query() {
    return requireHead().target().query();
  }

  /**
   * Returns a parameter of the query; of several with one name, the first.
   *
   * @param name decoded
   * @return its value, decoded; empty if there is none of that name
   */
  public Optional<String> queryParameter(String name) {
    String query = query();
    int at = 0;
    while (at < query.length()) {
      int end = query.indexOf('&', at);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', at);
      equals = equals < 0 || equals > end ? end : equals;
      if (decode(query.substring(at, equals)).equals(name)) {
        return Optional.of(decode(query.substring(Math.min(equals + 1, end), end)));
      }
      at = end + 1;
    }
    return Optional.empty();
  }

  /** Every percent sign is known to begin a triplet: the target would have been refused. */
  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /**
   * Returns a header field's value; of several fields all values, joined by commas.
   *
   * @param name in any case
   * @return ISO 8859-1, no control characters but HTAB; empty if there is no such field
   */
  public Optional<String> header(String name) {
    return requireHead().field(name);
  }

  /**
   * Returns how long the body will be.
   *
   * @return empty if it is chunked; 0 if there is none
   */
  public OptionalLong bodyLength() {
    RequestHead present = requireHead();
    return present.isChunked()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, present.contentLength()));
  }

  /**
   * Tells whether the client speaks HTTP/1.0.
   *
   * @return false for 1.1 and later
   */
  public boolean isHttp10() {
    return requireHead().isHttp10();
  }

  RequestHead head() {
    return requireHead();
  }

  /** For logs: method and target, which hold no control characters. */
  @Override
  public String toString() {
    return head == null ? "a request that is over" : method() + " " + target();
  }
}
