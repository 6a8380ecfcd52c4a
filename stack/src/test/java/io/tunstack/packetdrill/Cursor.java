package io.tunstack.packetdrill;

/** A place in the text of a script; blanks, ends of lines and comments count for nothing. */
final class Cursor {
  /** Of what fits a long, whatever the base. */
  private static final int MAX_DIGITS = 15;

  private final String text;
  private int at;

  Cursor(String text) {
    this.text = text;
  }

  /** Skips what says nothing; answers whether anything is left. */
  boolean hasMore() {
    skipBlank();
    return at < text.length();
  }

  int line() {
    int line = 1;
    for (int i = 0; i < at; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  int position() {
    return at;
  }

  void backTo(int earlier) {
    at = earlier;
  }

  /** The text from {@code start} to here, on one line. */
  String since(int start) {
    return text.substring(start, at).strip().replaceAll("\\s+", " ");
  }

  private void skipBlank() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("//", at) || text.charAt(at) == '#') {
        skipBehind("\n");
      } else if (text.startsWith("/*", at)) {
        skipBehind("*/");
      } else {
        return;
      }
    }
  }

  private void skipBehind(String end) {
    int found = text.indexOf(end, at);
    at = found < 0 ? text.length() : found + end.length();
  }

  /** Whether {@code what} comes next; stays in front of it. */
  boolean sees(String what) {
    skipBlank();
    return text.startsWith(what, at);
  }

  /** The next character that counts; a zero at the end. */
  char peek() {
    return hasMore() ? text.charAt(at) : 0;
  }

  /** Steps over {@code what} if it comes next. */
  boolean take(String what) {
    boolean there = sees(what);
    at += there ? what.length() : 0;
    return there;
  }

  void require(String what) {
    if (!take(what)) {
      throw error("expected " + what);
    }
  }

  /** Takes everything up to {@code end}, and steps over that. */
  String upTo(String end) {
    int found = text.indexOf(end, at);
    if (found < 0) {
      throw error("no " + end + " follows");
    }
    String between = text.substring(at, found);
    at = found + end.length();
    return between;
  }

  /** Takes the rest of the line. */
  String restOfLine() {
    int start = at;
    skipBehind("\n");
    return text.substring(start, at).strip();
  }

  boolean seesWord() {
    char c = peek();
    return Character.isLetter(c) || c == '_';
  }

  /** Takes a name. */
  String word() {
    if (!seesWord()) {
      throw error("expected a name");
    }
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return text.substring(start, at);
  }

  boolean seesNumber() {
    char c = peek();
    boolean signed = c == '-' && at + 1 < text.length();
    return isDigit(signed ? text.charAt(at + 1) : c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Takes a whole number, decimal or hexadecimal. */
  long number() {
    if (!seesNumber()) {
      throw error("expected a number");
    }
    int sign = take("-") ? -1 : 1;
    boolean hex = take("0x");
    int start = at;
    while (at < text.length() && Character.digit(text.charAt(at), hex ? 16 : 10) >= 0) {
      at++;
    }
    if (at == start || at - start > MAX_DIGITS) {
      throw error("expected a number of up to " + MAX_DIGITS + " digits");
    }
    return sign * Long.parseLong(text.substring(start, at), hex ? 16 : 10);
  }

  boolean seesTime() {
    char c = peek();
    return isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)));
  }

  /**
   * Takes seconds with a fraction, answers microseconds; {@code ...} behind it is not part of it.
   */
  long micros() {
    if (!seesTime()) {
      throw error("expected a time");
    }
    long whole = peek() == '.' ? 0 : number();
    long micros = whole * 1_000_000;
    if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
      at++;
      for (long unit = 100_000; at < text.length() && isDigit(text.charAt(at)); unit /= 10) {
        micros += unit * (text.charAt(at) - '0');
        at++;
      }
    }
    return micros;
  }

  ScriptError error(String what) {
    int end = Math.min(text.length(), at + 30);
    return new ScriptError(line(), what + " at \"" + text.substring(at, end).strip() + "\"");
  }
}
