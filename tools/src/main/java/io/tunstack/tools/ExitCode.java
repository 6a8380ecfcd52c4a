package io.tunstack.tools;

import io.tunstack.tun.TunException;
import io.tunstack.tun.TunException.Kind;

/** What the command's exit codes mean. Usage errors are picocli's own 2. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILURE = 1;
  static final int USAGE = 2;

  /** EX_NOPERM of {@code sysexits.h}. */
  static final int PERMISSION = 77;

  private ExitCode() {}

  /** Tells how the command ends after an exception. */
  static int of(Throwable failure) {
    return failure instanceof TunException tun && tun.kind() == Kind.PERMISSION
        ? PERMISSION
        : FAILURE;
  }
}
