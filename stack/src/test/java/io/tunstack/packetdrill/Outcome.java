package io.tunstack.packetdrill;

/**
 * What a system call answers.
 *
 * @param errno the error's name; empty for none
 * @param complaint what it gives otherwise than the script says; empty for nothing
 */
record Outcome(long value, String errno, String complaint) {
  /** It would have to wait. */
  static final Outcome LATER = new Outcome(-1, "EAGAIN", "");

  static Outcome of(long value) {
    return new Outcome(value, "", "");
  }

  static Outcome error(String errno) {
    return new Outcome(-1, errno, "");
  }

  /** An answer that the script foretells otherwise. */
  static Outcome otherwise(String complaint) {
    return new Outcome(0, "", complaint);
  }

  @Override
  public String toString() {
    return errno.isEmpty() ? Long.toString(value) : value + " " + errno;
  }
}
