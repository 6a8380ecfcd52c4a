package io.tunstack.http.wire;

/** Which octets the grammar allows where (RFC 9110 §5.5, §5.6.2; RFC 3986 §2, §3.2.2). */
final class Octets {
  /** {@code tchar}: methods, field names. */
  static final int TOKEN = 1;

  /** Field values: HTAB, SP, VCHAR, obs-text. */
  static final int FIELD = 2;

  /** A request line before it is taken apart: SP and VCHAR. */
  static final int LINE = 4;

  /**
   * A request target: VCHAR but those that RFC 3986 has no place for and that tools disagree on.
   */
  static final int TARGET = 8;

  /** A registered name: unreserved and sub-delims, without percent-encoding. */
  static final int HOST = 16;

  private static final byte[] CLASSES = new byte[256];

  static {
    mark("!#$%&'*+-.^_`|~", TOKEN);
    mark("-._~!$&'()*+,;=", HOST);
    for (int c = '0'; c <= 'z'; c++) {
      if (Character.isLetterOrDigit(c)) {
        CLASSES[c] |= TOKEN | HOST;
      }
    }
    for (int c = 0x20; c < 0x7f; c++) {
      CLASSES[c] |= FIELD | LINE;
      if (c != ' ' && "#\"<>\\".indexOf(c) < 0) {
        CLASSES[c] |= TARGET;
      }
    }
    CLASSES['\t'] |= FIELD;
    for (int c = 0x80; c < 0x100; c++) {
      CLASSES[c] |= FIELD;
    }
  }

  private Octets() {}

  private static void mark(String octets, int mask) {
    for (int i = 0; i < octets.length(); i++) {
      CLASSES[octets.charAt(i)] |= (byte) mask;
    }
  }

  static boolean is(byte octet, int mask) {
    return (CLASSES[octet & 0xff] & mask) != 0;
  }

  static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  /** Optional whitespace (RFC 9110 §5.6.3). */
  static boolean isOws(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /** The value of a hexadecimal digit, -1 if it is none. */
  static int hex(byte octet) {
    if (isDigit(octet)) {
      return octet - '0';
    }
    int lower = octet | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** Compares with a word in lower case, letters in either case. */
  static boolean equalsIgnoreCase(byte[] array, int from, int to, String lowerCase) {
    int length = lowerCase.length();
    if (to - from != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int octet = array[from + i];
      if (octet >= 'A' && octet <= 'Z') {
        octet |= 0x20;
      }
      if (octet != lowerCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static int skipOws(byte[] array, int from, int to) {
    int at = from;
    while (at < to && isOws(array[at])) {
      at++;
    }
    return at;
  }

  static int trimOws(byte[] array, int from, int to) {
    int at = to;
    while (at > from && isOws(array[at - 1])) {
      at--;
    }
    return at;
  }

  static int indexOf(byte[] array, char octet, int from, int to) {
    for (int at = from; at < to; at++) {
      if (array[at] == octet) {
        return at;
      }
    }
    return to;
  }
}
