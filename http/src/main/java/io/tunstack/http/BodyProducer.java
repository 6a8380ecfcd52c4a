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

  /**
   * Offers bytes that already lie in memory, to be sent from there: asked before {@link #produce}
   * wherever that is possible.
   *
   * @return a direct buffer whose next bytes are the body's; its position is moved behind what the
   *     connection takes, and that must not change until the connection has ended. Null, or an
   *     empty one, for bytes that are put by {@link #produce}
   */
  default ByteBuffer lend() {
    return null;
  }

  /** Nothing more will be asked for, complete or not. Comes once. */
  default void close() {}
}
