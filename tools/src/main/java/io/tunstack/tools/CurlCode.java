package io.tunstack.tools;

import io.tunstack.http.client.HttpFailure;
import io.tunstack.tun.TunException;
import io.tunstack.tun.TunException.Kind;

/**
 * The exit codes of {@code get}: curl's own, so that scripts need not learn others; and for what
 * curl never has to set up, those by which {@code docker run} tells its own failures from the
 * command's.
 */
final class CurlCode {
  static final int OK = 0;
  static final int UNSUPPORTED_PROTOCOL = 1;
  static final int USAGE = 2;
  static final int MALFORMED_URL = 3;
  static final int NOT_RESOLVED = 6;
  static final int NOT_CONNECTED = 7;
  static final int WEIRD_REPLY = 8;
  static final int PARTIAL = 18;
  static final int HTTP_ERROR = 22;
  static final int WRITE_ERROR = 23;
  static final int READ_ERROR = 26;
  static final int TIMEOUT = 28;
  static final int EMPTY_REPLY = 52;
  static final int RECEIVE_FAILURE = 56;

  /** The device could not be made, for another reason than a missing privilege. */
  static final int SET_UP = 125;

  /** The kernel wants a privilege that this process does not have. */
  static final int PERMISSION = 126;

  private CurlCode() {}

  /** What curl would say of a call that failed. */
  static int of(HttpFailure.Kind kind) {
    return switch (kind) {
      case REFUSED, UNREACHABLE -> NOT_CONNECTED;
      case CONNECT_TIMEOUT, TIMEOUT -> TIMEOUT;
      case EMPTY_REPLY -> EMPTY_REPLY;
      case PARTIAL -> PARTIAL;
      case RESET, BAD_BODY, CANCELLED -> RECEIVE_FAILURE;
      case NOT_HTTP -> UNSUPPORTED_PROTOCOL;
      case BAD_HEAD -> WEIRD_REPLY;
    };
  }

  /** What is said when there is no device. */
  static int of(TunException failure) {
    return failure.kind() == Kind.PERMISSION ? PERMISSION : SET_UP;
  }
}
