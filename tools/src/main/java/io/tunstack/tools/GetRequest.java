package io.tunstack.tools;

import io.tunstack.http.client.ClientRequest;
import io.tunstack.http.client.HttpUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Turns the flags of {@code get} into a request, as curl does. */
final class GetRequest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private GetRequest() {}

  /**
   * Makes the request.
   *
   * @param method empty for the one that the other flags suggest
   * @param head whether only the head is wanted
   * @param headers as {@code Name: value}; {@code Name:} removes one of our own, {@code Name;}
   *     sends an empty one
   * @param data the body's pieces, joined by ampersands; {@code @FILE} stands for a file's content
   * @param binary as {@code data}, of which line breaks are kept
   * @throws GetFailure if a flag makes no sense, or a file cannot be read
   */
  static ClientRequest of(
      HttpUrl url,
      String method,
      boolean head,
      List<String> headers,
      List<String> data,
      List<String> binary)
      throws GetFailure {
    boolean hasBody = !data.isEmpty() || !binary.isEmpty();
    if (head && hasBody) {
      throw new GetFailure(
          CurlCode.USAGE, "-I asks for the head only, and -d sends a body: use one");
    }
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String suggested = head ? "HEAD" : hasBody ? "POST" : "GET";
    try {
      ClientRequest.Builder builder =
          ClientRequest.builder(method.isEmpty() ? suggested : method, url);
      fields.put("User-Agent", userAgent());
      fields.put("Accept", "*/*");
      if (hasBody) {
        fields.put("Content-Type", FORM);
        builder.body(body(data, binary));
      }
      for (String header : headers) {
        header(builder, fields, header);
      }
      for (String own : List.of("User-Agent", "Accept", "Content-Type")) {
        if (fields.containsKey(own)) {
          builder.header(own, fields.get(own));
        }
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new GetFailure(CurlCode.USAGE, e.getMessage(), e);
    }
  }

  static String userAgent() {
    String version = GetRequest.class.getPackage().getImplementationVersion();
    return version == null ? "tunstack" : "tunstack/" + version;
  }

  /** Gives a header to the request, and takes our own of that name back. */
  private static void header(
      ClientRequest.Builder builder, Map<String, String> own, String header) {
    int colon = header.indexOf(':');
    boolean empty = colon < 0 && header.endsWith(";");
    if (colon < 0 && !empty) {
      throw new IllegalArgumentException(
          "-H: 'Name: value' is needed, or 'Name:' to leave one out; got '" + header + "'");
    }
    String name = header.substring(0, empty ? header.length() - 1 : colon);
    String value = empty ? "" : header.substring(colon + 1).strip();
    own.remove(name);
    if (name.toLowerCase(Locale.ROOT).equals("connection") && value.equals("close")) {
      builder.closeAfter();
    } else if (empty || !value.isEmpty()) {
      builder.header(name, value);
    }
  }

  private static byte[] body(List<String> data, List<String> binary) throws GetFailure {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String piece : data) {
      append(body, piece, false);
    }
    for (String piece : binary) {
      append(body, piece, true);
    }
    return body.toByteArray();
  }

  private static void append(ByteArrayOutputStream body, String piece, boolean binary)
      throws GetFailure {
    if (body.size() > 0) {
      body.write('&');
    }
    if (!piece.startsWith("@")) {
      body.writeBytes(piece.getBytes(StandardCharsets.UTF_8));
      return;
    }
    for (byte octet : content(piece.substring(1))) {
      if (binary || (octet != '\r' && octet != '\n' && octet != 0)) {
        body.write(octet);
      }
    }
  }

  private static byte[] content(String name) throws GetFailure {
    try {
      return name.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
    } catch (IOException e) {
      throw new GetFailure(CurlCode.READ_ERROR, "cannot read " + name + ": " + e.getMessage(), e);
    }
  }
}
