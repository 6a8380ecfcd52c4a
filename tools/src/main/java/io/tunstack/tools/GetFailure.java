package io.tunstack.tools;

import java.io.Serial;

/** Why {@code get} ends without what was asked for: an exit code and words. */
final class GetFailure extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final int code;

  GetFailure(int code, String message) {
    this(code, message, null);
  }

  GetFailure(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  int code() {
    return code;
  }
}
