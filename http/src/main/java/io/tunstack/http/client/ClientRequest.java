package io.tunstack.http.client;

import io.tunstack.http.BodyProducer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A request: method, target, header fields and body. The client adds what frames the body; a caller
 * cannot set that and cannot put a line break anywhere.
 *
 * <p>One whose body comes from a producer can be sent once, any other as often as one likes.
 */
public final class ClientRequest {
  private static final Set<String> FRAMING_FIELDS =
      Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te");

  /** Methods that may be repeated when nobody knows whether they arrived (RFC 9110 §9.2.2). */
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  /** Methods whose requests tell a length even if it is zero (RFC 9110 §8.6). */
  private static final Set<String> EXPECT_CONTENT = Set.of("POST", "PUT", "PATCH");

  private static final int UNKNOWN_LENGTH = -1;
  private static final byte[] NO_BYTES = {};

  private final String method;
  private final List<String> lines;
  private final byte[] bytes;

  /** Null if the body is in {@link #bytes}. */
  private final BodyProducer producer;

  private final long length;
  private final boolean closesAfter;

  private ClientRequest(Builder builder) {
    this.method = builder.method;
    this.closesAfter = builder.closesAfter;
    this.bytes = builder.bytes;
    this.producer = builder.producer;
    this.length = builder.length;
    this.lines = builder.lines();
  }

  /**
   * Starts a request without a body.
   *
   * @param method a token in its case, such as {@code GET}; not {@code CONNECT}
   * @param url what is asked for; its authority becomes the Host field
   * @return a builder
   * @throws IllegalArgumentException if the method is not a token, or {@code CONNECT}
   */
  public static Builder builder(String method, HttpUrl url) {
    return new Builder(method, url);
  }

  /**
   * Makes a GET without more fields than Host.
   *
   * @param url what is asked for
   * @return the request
   */
  public static ClientRequest get(HttpUrl url) {
    return builder("GET", url).build();
  }

  /**
   * Returns the method.
   *
   * @return a token
   */
  public String method() {
    return method;
  }

  /**
   * Returns the head as it will be sent, line by line, without line ends and without the empty
   * line.
   *
   * @return the request line first, then Host
   */
  public List<String> lines() {
    return lines;
  }

  byte[] head() {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  byte[] bytes() {
    return bytes;
  }

  BodyProducer producer() {
    return producer;
  }

  long length() {
    return length;
  }

  boolean isChunked() {
    return length == UNKNOWN_LENGTH;
  }

  /** Whether the connection ends with this request. */
  boolean closesAfter() {
    return closesAfter;
  }

  /** Whether it may be sent once more when a connection died under it (RFC 9110 §9.2.2). */
  boolean mayBeRepeated() {
    return producer == null && IDEMPOTENT.contains(method);
  }

  /** Puts a request together. */
  public static final class Builder {
    private final String method;
    private final HttpUrl url;
    private final List<String> fields = new ArrayList<>();
    private String host;
    private byte[] bytes = NO_BYTES;
    private BodyProducer producer;
    private long length;
    private boolean closesAfter;

    private Builder(String method, HttpUrl url) {
      if (!isToken(method)) {
        throw new IllegalArgumentException("a method is a token such as GET");
      }
      if (method.equals("CONNECT")) {
        throw new IllegalArgumentException("CONNECT opens a tunnel, and this client makes none");
      }
      this.method = method;
      this.url = url;
      this.host = url.authority();
    }

    /**
     * Adds a field; {@code Host} replaces the URL's authority.
     *
     * @param name a token; not one of those that frame the message or rule the connection
     * @param value characters of ISO 8859-1 without control characters but tab
     * @return this builder
     * @throws IllegalArgumentException if either has other characters, such as line breaks
     */
    public Builder header(String name, String value) {
      if (!isToken(name)) {
        throw new IllegalArgumentException("not a header's name: '" + printable(name) + "'");
      }
      String lowerCase = name.toLowerCase(Locale.ROOT);
      if (FRAMING_FIELDS.contains(lowerCase)) {
        throw new IllegalArgumentException("the header " + name + " is the client's to set");
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
          throw new IllegalArgumentException(
              "the value of " + name + " has a character that no header may have, at " + i);
        }
      }
      if (lowerCase.equals("host")) {
        host = value.strip();
      } else {
        fields.add(name + ": " + value.strip());
      }
      return this;
    }

    private static String printable(String text) {
      return text.replaceAll("[^ -~]", "?");
    }

    private static boolean isToken(String text) {
      return text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    }

    /**
     * Sets a body that is there.
     *
     * @param content not copied: leave it as it is until the call is over
     * @return this builder
     */
    public Builder body(byte[] content) {
      bytes = content;
      producer = null;
      length = content.length;
      return this;
    }

    /**
     * Sets a body that is produced as the connection takes it.
     *
     * @param content asked for as many bytes as {@code contentLength}
     * @param contentLength bytes
     * @return this builder
     */
    public Builder body(BodyProducer content, long contentLength) {
      if (contentLength < 0) {
        throw new IllegalArgumentException(
            "the length is " + contentLength + "; of an unknown one use chunkedBody");
      }
      bytes = NO_BYTES;
      producer = content;
      length = contentLength;
      return this;
    }

    /**
     * Sets a body whose length nobody knows; it is sent in chunks. Only for a server that is known
     * to speak HTTP/1.1, as most do: one of HTTP/1.0 would take the chunks for data (RFC 9112
     * §6.1). A client that has seen its server answer in HTTP/1.0 refuses to send it.
     *
     * @param content asked until it answers {@link BodyProducer#END}
     * @return this builder
     */
    public Builder chunkedBody(BodyProducer content) {
      bytes = NO_BYTES;
      producer = content;
      length = UNKNOWN_LENGTH;
      return this;
    }

    /**
     * Asks the server to close the connection after its response.
     *
     * @return this builder
     */
    public Builder closeAfter() {
      closesAfter = true;
      return this;
    }

    private List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add(method + " " + url.target() + " HTTP/1.1");
      lines.add("Host: " + host);
      lines.addAll(fields);
      if (length == UNKNOWN_LENGTH) {
        lines.add("Transfer-Encoding: chunked");
      } else if (length > 0 || EXPECT_CONTENT.contains(method)) {
        lines.add("Content-Length: " + length);
      }
      if (closesAfter) {
        lines.add("Connection: close");
      }
      return List.copyOf(lines);
    }

    /**
     * Builds the request.
     *
     * @return what {@link HttpClient#send} takes
     */
    public ClientRequest build() {
      return new ClientRequest(this);
    }
  }
}
