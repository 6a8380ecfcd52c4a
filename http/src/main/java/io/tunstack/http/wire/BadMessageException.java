package io.tunstack.http.wire;

/**
 * A message that must not be acted on: which status code says so, and why in words for the person
 * who sent it. The connection it came on cannot be trusted to be in step any more.
 */
public final class BadMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The status code to answer with: 400 to 599. */
  private final int status;

  /**
   * Makes one; without a stack trace, because strangers can cause it at will.
   *
   * @param status 400 to 599
   * @param explanation what is wrong and what would be right, without bytes from the message
   */
  public BadMessageException(int status, String explanation) {
    super(explanation, null, false, false);
    this.status = status;
  }

  /**
   * Returns the status code to answer with.
   *
   * @return 400 to 599
   */
  public int status() {
    return status;
  }
}
