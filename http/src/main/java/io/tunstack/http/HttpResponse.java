package io.tunstack.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A response: status, header fields and body. The server adds Date, Connection and what frames the
 * body; a handler cannot set those and cannot put a line break anywhere.
 *
 * <p>One object answers one request.
 */
public final class HttpResponse {
  /** The length of a body that is not known beforehand. */
  static final long UNKNOWN_LENGTH = -1;

  /**
   * All header fields of a response together, characters at most: they are put into the output
   * buffer in one piece.
   */
  static final int MAX_HEADER_CHARS = 8_192;

  private static final int FIRST_STATUS = 200;
  private static final int LAST_STATUS = 599;
  private static final int MAX_ASCII = 0x7f;

  /** Each exchange in work has so much: enough for a line or two. */
  private static final int REFILLABLE_BYTES = 256;

  private static final List<String> PLAIN_TEXT =
      List.of("Content-Type", "text/plain; charset=utf-8");

  private static final byte[] NO_CONTENT = {};

  private static final String FRAMING_FIELDS =
      "|content-length|transfer-encoding|connection|date|keep-alive|upgrade|trailer|te|";

  private int status;

  /** Names and values in turn. */
  private final List<String> headers;

  /** Null if {@link #content} is all of the body. */
  private final BodyProducer body;

  /** Null if {@link #body} gives the body; what is behind {@link #length} does not count. */
  private byte[] content;

  private long length;
  private final boolean close;

  private HttpResponse(Builder builder) {
    this.status = builder.status;
    this.headers = List.copyOf(builder.headers);
    this.body = builder.body;
    this.content = builder.content;
    this.length = builder.length;
    this.close = builder.close;
  }

  private HttpResponse(int status, List<String> headers, byte[] content) {
    this.status = requireStatus(status);
    this.headers = headers;
    this.body = null;
    this.content = content;
    this.length = content.length;
    this.close = false;
  }

  static int requireStatus(int status) {
    if (status < FIRST_STATUS || status > LAST_STATUS) {
      throw new IllegalArgumentException("status is " + status + "; use 200 to 599");
    }
    return status;
  }

  private static void requireBodyAllowed(int status, long length) {
    if (HttpStatus.hasNoBody(status) && length != 0) {
      throw new IllegalStateException("a response with status " + status + " has no body");
    }
  }

  /**
   * Starts a response.
   *
   * @param status 200 to 599
   * @return a builder without fields and with an empty body
   */
  public static Builder status(int status) {
    return new Builder(status);
  }

  /**
   * Makes a short text for people.
   *
   * @param status 200 to 599
   * @param text ends in a line break, by custom
   * @return {@code text/plain} in UTF-8
   */
  public static HttpResponse text(int status, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    requireBodyAllowed(status, content.length);
    return new HttpResponse(status, PLAIN_TEXT, content);
  }

  /** Makes an empty text that {@link #refill} makes another of. */
  static HttpResponse refillable() {
    return new HttpResponse(FIRST_STATUS, PLAIN_TEXT, new byte[REFILLABLE_BYTES]);
  }

  /**
   * Makes another text of one whose request is over, for a server that makes no garbage.
   *
   * @return whether that can be done: only short ASCII is copied without garbage
   */
  boolean refill(int newStatus, String text) {
    int chars = text.length();
    if (chars > REFILLABLE_BYTES) {
      return false;
    }
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c > MAX_ASCII) {
        return false;
      }
      content[i] = (byte) c;
    }
    requireBodyAllowed(newStatus, chars);
    status = requireStatus(newStatus);
    length = chars;
    return true;
  }

  int status() {
    return status;
  }

  List<String> headers() {
    return headers;
  }

  /** Gives the body; null if {@link #content} does. */
  BodyProducer body() {
    return body;
  }

  /** All of the body, not to be changed; null if {@link #body} gives it. */
  byte[] content() {
    return content;
  }

  long length() {
    return length;
  }

  boolean close() {
    return close;
  }

  /** Puts a response together. */
  public static final class Builder {
    private final int status;
    private final List<String> headers = new ArrayList<>();
    private int headerChars;
    private BodyProducer body;
    private byte[] content = NO_CONTENT;
    private long length;
    private boolean close;

    private Builder(int status) {
      this.status = requireStatus(status);
    }

    /**
     * Adds a field.
     *
     * @param name a token; not one of those that frame the message
     * @param value visible characters of ISO 8859-1, spaces and tabs
     * @return this builder
     * @throws IllegalArgumentException if either has other characters, such as line breaks, or the
     *     fields have become too long
     */
    public Builder header(String name, String value) {
      if (name.isEmpty() || !isToken(name)) {
        throw new IllegalArgumentException("a header's name is a token");
      }
      if (FRAMING_FIELDS.contains("|" + name.toLowerCase(Locale.ROOT) + "|")) {
        throw new IllegalArgumentException(name + " is the server's to set");
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
          throw new IllegalArgumentException(
              "the value of " + name + " has a character that no header may have, at " + i);
        }
      }
      headerChars += name.length() + value.length() + ": \r\n".length();
      if (headerChars > MAX_HEADER_CHARS) {
        throw new IllegalArgumentException("header fields of more than 8,192 characters");
      }
      headers.add(name);
      headers.add(value);
      return this;
    }

    private static boolean isToken(String name) {
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        boolean alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
          return false;
        }
      }
      return true;
    }

    /**
     * Sets the body.
     *
     * @param contentType the media type
     * @param text sent in UTF-8
     * @return this builder
     */
    public Builder body(String contentType, String text) {
      return body(contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sets the body.
     *
     * @param contentType the media type
     * @param bytes not copied, not to be changed any more
     * @return this builder
     */
    public Builder body(String contentType, byte[] bytes) {
      set(contentType, bytes.length, null);
      content = bytes;
      return this;
    }

    /**
     * Sets the body.
     *
     * @param contentType the media type
     * @param bytes from position to limit; not copied, not to be changed any more
     * @return this builder
     */
    public Builder body(String contentType, ByteBuffer bytes) {
      ByteBuffer own = bytes.duplicate();
      return stream(contentType, own.remaining(), new BufferProducer(own));
    }

    /**
     * Sets a body of known length.
     *
     * @param contentType the media type
     * @param bytes how long it is; a producer that ends early costs the connection
     * @param producer gives it
     * @return this builder
     */
    public Builder stream(String contentType, long bytes, BodyProducer producer) {
      if (bytes < 0) {
        throw new IllegalArgumentException("a body of " + bytes + " bytes");
      }
      return set(contentType, bytes, producer);
    }

    /**
     * Sets a body that ends when its producer says so: chunked, or delimited by the end of the
     * connection for a client of HTTP/1.0.
     *
     * @param contentType the media type
     * @param producer gives it
     * @return this builder
     */
    public Builder stream(String contentType, BodyProducer producer) {
      return set(contentType, UNKNOWN_LENGTH, producer);
    }

    private Builder set(String contentType, long bytes, BodyProducer producer) {
      body = producer;
      content = null;
      length = bytes;
      return header("Content-Type", contentType);
    }

    /**
     * Ends the connection after this response.
     *
     * @return this builder
     */
    public Builder close() {
      close = true;
      return this;
    }

    /**
     * Builds the response.
     *
     * @return for one request
     * @throws IllegalStateException if a body was given with a status that has none
     */
    public HttpResponse build() {
      requireBodyAllowed(status, length);
      return new HttpResponse(this);
    }
  }

  /** A body that is all there. */
  private record BufferProducer(ByteBuffer bytes) implements BodyProducer {
    @Override
    public int produce(ByteBuffer target) {
      int count = Math.min(target.remaining(), bytes.remaining());
      if (count == 0) {
        return END;
      }
      target.put(target.position(), bytes, bytes.position(), count);
      target.position(target.position() + count);
      bytes.position(bytes.position() + count);
      return count;
    }
  }
}
