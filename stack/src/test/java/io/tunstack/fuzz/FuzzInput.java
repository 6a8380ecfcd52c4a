package io.tunstack.fuzz;

/** Bytes read one after another; zeros follow the last. */
final class FuzzInput {
  private final byte[] data;
  private int at;

  FuzzInput(byte[] data) {
    this.data = data;
  }

  boolean isEmpty() {
    return at >= data.length;
  }

  int octet() {
    return at < data.length ? data[at++] & 0xff : 0;
  }

  /** Minus 128 to 127. */
  int small() {
    return (byte) octet();
  }

  int word() {
    return octet() << 8 | octet();
  }

  int number() {
    return word() << 16 | word();
  }
}
