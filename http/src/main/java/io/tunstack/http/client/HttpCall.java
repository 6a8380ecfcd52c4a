package io.tunstack.http.client;

/** A request under way. Engine thread only. */
public interface HttpCall {
  /**
   * Says that the handler has room again, or the body's producer bytes. Does nothing when the call
   * is over. The handler may be called before this returns.
   */
  void resume();

  /**
   * Gives up: the connection is reset, and the handler is told {@link HttpFailure.Kind#CANCELLED}
   * before this returns. Does nothing when the call is over.
   */
  void cancel();

  /**
   * Tells whether the handler has been told the end.
   *
   * @return true after {@code onEnd} or {@code onFailure}
   */
  boolean isOver();
}
