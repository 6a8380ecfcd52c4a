package io.tunstack.link;

import java.io.Serial;

/**
 * A link that is gone for good: its device was deleted, its descriptor closed. The message says
 * what happened, why, and what to type next, because it ends up in front of a person.
 */
public final class LinkException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened, why, and what to do about it
   */
  public LinkException(String message) {
    super(message);
  }
}
