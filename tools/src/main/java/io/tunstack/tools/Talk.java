package io.tunstack.tools;

import io.tunstack.http.client.ClientRequest;
import io.tunstack.http.wire.ResponseHead;
import java.io.PrintWriter;

/**
 * What {@code get -v} tells on its way, as curl does: {@code *} news, {@code >} out, {@code <} in.
 */
final class Talk {
  private final PrintWriter err;
  private final boolean verbose;

  Talk(PrintWriter err, boolean verbose) {
    this.err = err;
    this.verbose = verbose;
  }

  void news(String text) {
    if (verbose) {
      err.println("* " + text);
    }
  }

  void sent(ClientRequest request) {
    if (verbose) {
      request.lines().forEach(line -> err.println("> " + line));
      err.println("> ");
    }
  }

  void received(ResponseHead head) {
    if (verbose) {
      text(head).lines().forEach(line -> err.println("< " + line));
      err.println("< ");
    }
  }

  /** Status line and fields, each with CRLF, without the empty line. */
  static String text(ResponseHead head) {
    StringBuilder text = new StringBuilder("HTTP/1.");
    text.append(head.minorVersion()).append(' ').append(head.status());
    if (!head.reason().isEmpty()) {
      text.append(' ').append(head.reason());
    }
    text.append("\r\n");
    head.fields()
        .forEach(
            field -> text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
    return text.toString();
  }
}
