package io.tunstack.http;

import java.nio.ByteBuffer;

/**
 * Gives the body of a response as fast as the connection takes it. All calls come on the engine
 * thread.
 */
public interface BodyProducer {
  /** What {@link #produce} answers when there is nothing more. */
  int END = -1;

  /**
   * Puts the next bytes.
   *
   * @param target has room for at least one byte; never more room than is left of a known length
   * @return how many bytes were put; 0 if there are none now: {@link HttpExchange#wake} says when
   *     there are; {@link #END} at the end
   */
  int produce(ByteBuffer target);

  /** Nothing more will be asked for, complete or not. Comes once. */
  default void close() {}
}
