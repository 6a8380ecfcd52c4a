package io.tunstack.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A response taken apart by a strict reader written for the tests, which shares nothing with the
 * server. Whatever is out of order is an {@link AssertionError}.
 */
public final class ParsedResponse {
  private final int status;
  private final List<String[]> fields;
  private final byte[] body;
  private final String framing;

  private ParsedResponse(int status, List<String[]> fields, byte[] body, String framing) {
    this.status = status;
    this.fields = fields;
    this.body = body;
    this.framing = framing;
  }

  public int status() {
    return status;
  }

  public byte[] body() {
    return body;
  }

  /** How its end was found: length, chunked, close, or none. */
  public String framing() {
    return framing;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The only field of that name; null if there is none. */
  public String field(String name) {
    String found = null;
    for (String[] field : fields) {
      if (field[0].equalsIgnoreCase(name)) {
        if (found != null) {
          throw new AssertionError("two fields " + name);
        }
        found = field[1];
      }
    }
    return found;
  }

  public static List<ParsedResponse> all(byte[] stream) {
    return all(stream, new boolean[64]);
  }

  /** Reads responses until the stream is used up; what is incomplete fails. */
  static List<ParsedResponse> all(byte[] stream, boolean[] headRequests) {
    List<ParsedResponse> responses = new ArrayList<>();
    int request = 0;
    int[] at = {0};
    while (at[0] < stream.length) {
      ParsedResponse response = read(stream, at, headRequests[request]);
      responses.add(response);
      if (response.status >= 200) {
        request++;
      }
    }
    return responses;
  }

  private static ParsedResponse read(byte[] stream, int[] at, boolean headRequest) {
    String statusLine = line(stream, at);
    if (!statusLine.matches("HTTP/1\\.1 [1-5][0-9][0-9] .*")) {
      throw new AssertionError("not a status line: " + statusLine);
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    List<String[]> fields = new ArrayList<>();
    for (String line = line(stream, at); !line.isEmpty(); line = line(stream, at)) {
      int colon = line.indexOf(": ");
      if (colon < 1) {
        throw new AssertionError("not a field line: " + line);
      }
      fields.add(new String[] {line.substring(0, colon), line.substring(colon + 2)});
    }
    ParsedResponse head = new ParsedResponse(status, fields, new byte[0], "");
    String length = head.field("Content-Length");
    String coding = head.field("Transfer-Encoding");
    if (length != null && coding != null) {
      throw new AssertionError("two framings");
    }
    boolean bodyless = headRequest || status < 200 || status == 204 || status == 304;
    if ((status < 200 || status == 204) && (length != null || coding != null)) {
      throw new AssertionError("framing on a " + status);
    }
    if (coding != null) {
      return new ParsedResponse(
          status, fields, bodyless ? new byte[0] : chunks(stream, at), "chunked");
    }
    if (length != null) {
      int count = bodyless ? 0 : Integer.parseInt(length);
      return new ParsedResponse(status, fields, take(stream, at, count), "length");
    }
    if (bodyless) {
      return new ParsedResponse(status, fields, new byte[0], "none");
    }
    if (!"close".equals(head.field("Connection"))) {
      throw new AssertionError("no framing at all on a " + status);
    }
    return new ParsedResponse(status, fields, take(stream, at, stream.length - at[0]), "close");
  }

  private static byte[] chunks(byte[] stream, int[] at) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(stream, at);
      if (!size.equals(size.toLowerCase(Locale.ROOT)) || !size.matches("0|[1-9a-f][0-9a-f]*")) {
        throw new AssertionError("not a chunk size: " + size);
      }
      int count = Integer.parseInt(size, 16);
      body.writeBytes(take(stream, at, count));
      if (!line(stream, at).isEmpty()) {
        throw new AssertionError("no CRLF behind a chunk");
      }
      if (count == 0) {
        return body.toByteArray();
      }
    }
  }

  private static byte[] take(byte[] stream, int[] at, int count) {
    if (stream.length - at[0] < count) {
      throw new AssertionError("the body ends " + (count - stream.length + at[0]) + " bytes early");
    }
    byte[] bytes = new byte[count];
    System.arraycopy(stream, at[0], bytes, 0, count);
    at[0] += count;
    return bytes;
  }

  private static String line(byte[] stream, int[] at) {
    int end = at[0];
    while (end + 1 < stream.length && !(stream[end] == '\r' && stream[end + 1] == '\n')) {
      end++;
    }
    if (end + 1 >= stream.length) {
      throw new AssertionError("a line without an end");
    }
    String line = new String(stream, at[0], end - at[0], StandardCharsets.ISO_8859_1);
    if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
      throw new AssertionError("a line break in a line: " + line);
    }
    at[0] = end + 2;
    return line;
  }
}
