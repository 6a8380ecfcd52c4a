package io.tunstack.http;

import java.nio.ByteBuffer;

/**
 * Takes the body of a request as it arrives. All calls come on the engine thread, and none comes
 * after {@link #onEnd} or {@link #onFailure}.
 */
public interface BodyConsumer {
  /**
   * Takes bytes. What is left in {@code data} is offered again after {@link HttpExchange#wake}, and
   * until then nothing more is read: TCP's window closes and the client waits.
   *
   * @param data borrowed until the call returns; has at least one byte
   */
  void onData(ByteBuffer data);

  /** The body is complete. */
  void onEnd();

  /** The body will never be complete: the client is gone, broke the framing, or went too far. */
  default void onFailure() {}
}
