package io.tunstack.link;

/**
 * A link that can put its thread to sleep until a packet arrives: what a loop of the library's own
 * needs, and a caller-driven stack does not.
 */
public interface WaitableLink extends Link {
  /**
   * Sleeps until a packet can be read, {@link #wakeup()} is called or the time is over. It may
   * return early for no reason.
   *
   * @param timeoutNanos how long at most; 0 returns at once, {@link Long#MAX_VALUE} means for ever
   * @throws LinkException if the link is gone for good
   */
  void await(long timeoutNanos);

  /**
   * Ends the current {@link #await}, or the next one if none is under way. Any thread may call it,
   * also after {@link #close()}, when it does nothing.
   */
  void wakeup();
}
