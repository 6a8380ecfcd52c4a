package io.tunstack.packetdrill;

/** A script that says what this interpreter does not understand, or that asks for too much. */
final class ScriptError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  ScriptError(int line, String message) {
    super(message);
    this.line = line;
  }

  int line() {
    return line;
  }
}
